import { randomInt } from 'node:crypto';
import getPort, { portNumbers } from 'get-port';
import { Problem } from './problem.mts';

export const LOOPBACK = '127.0.0.1';

/**
 * A port that a program can listen on some seconds later: below those that Linux and macOS give to
 * outgoing connections.
 */
export async function freePort(): Promise<number> {
	const port = portNumbers(randomInt(15_000, 25_000), 30_000);
	return await getPort({ host: LOOPBACK, port });
}

export interface WantedPort {
	/** The environment variable that changes it. */
	variable: string;
	port: number;
	/** What listens there, in the reader's words. */
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

/** Says which port is not free before anything slow begins. */
export async function checkPorts(wanted: WantedPort[]): Promise<void> {
	for (const { variable, port, purpose } of wanted) {
		// It gives no port twice, so two that are the same are found, too.
		const free = await getPort({ host: LOOPBACK, port });
		if (free === port) continue;
		throw new Problem(
			`Port ${port}, where ${purpose} would listen, is taken or may not be used.`,
			`Free it, or run this again with another port: ${variable}=${free}`,
		);
	}
}
