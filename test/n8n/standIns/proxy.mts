import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { Server } from 'proxy-chain';
import { LOOPBACK } from '../ports.mts';

/** A proxy that leads these hosts to a server of this process, and passes on all others. */
export async function startProxy(
	hosts: string[],
	server: HttpsServer,
): Promise<{ url: string; close: () => Promise<void> }> {
	const proxy = new Server({
		host: LOOPBACK,
		port: 0,
		prepareRequestFunction: ({ hostname }) =>
			hosts.includes(hostname)
				? // It only hands over the connection, which either kind of server takes.
					{ customConnectServer: server as unknown as HttpServer }
				: undefined,
	});
	await proxy.listen();
	return {
		url: `http://${LOOPBACK}:${proxy.port}`,
		close: async () => await proxy.close(true),
	};
}
