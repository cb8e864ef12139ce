import { Claims } from './claims';
import { Dialect } from './dialect';

/** What this process knows about the server at an origin. */
export interface Server {
	readonly dialect: Dialect;
	readonly claims: Claims;
	clockAhead?: number; // of performance.now(), in ms, at least; by the latest response
}

const servers = new Map<string, Server>();

export function serverAt(origin: string): Server {
	const server = servers.get(origin) ?? { dialect: new Dialect(), claims: new Claims() };
	servers.set(origin, server);
	return server;
}
