import { randomInt } from 'node:crypto';
import getPort, { portNumbers } from 'get-port';
import { Problem } from './problem.mts';

export const LOOPBACK = '127.0.0.1';

/**
 * A port that is still free some seconds later: below those that Linux and macOS use for outgoing
 * connections.
 */
export async function freePort(): Promise<number> {
	const port = portNumbers(randomInt(15_000, 25_000), 30_000);
	return await getPort({ host: LOOPBACK, port });
}

export interface WantedPort {
	/** The environment variable to change it. */
	variable: string;
	port: number;
	/** What listens there, for the message. */
	purpose: string;
}

export function wantedPort(
	variable: string,
	standard: number,
	purpose: string,
	env: NodeJS.ProcessEnv = process.env,
): WantedPort {
	const text = env[variable] || String(standard);
	const port = Number(text);
	if (Number.isInteger(port) && port >= 1 && port <= 65_535) return { variable, port, purpose };
	throw new Problem(`${variable}=${text} is not a port: it must be a number from 1 to 65535.`);
}

/** Reports ports that are not free before anything slow begins. */
export async function checkPorts(wanted: WantedPort[]): Promise<void> {
	for (const { variable, port, purpose } of wanted) {
		// It returns no port twice, so this also finds duplicates.
		const free = await getPort({ host: LOOPBACK, port });
		if (free === port) continue;
		throw new Problem(
			`Port ${port}, where ${purpose} would listen, is taken or may not be used.`,
			`Free it, or run this again with another port: ${variable}=${free}`,
		);
	}
}
