import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import getPort, { portNumbers } from 'get-port';
import { Problem } from './problem.mts';

export const LOOPBACK = '127.0.0.1';

/** Below the ports that the system itself gives to outgoing connections, at least on Linux and macOS. */
const OWN_PORTS = { first: 15_000, last: 30_000 };

/** A port that a program can listen on some seconds later. */
export async function freePort(): Promise<number> {
	const from = randomInt(OWN_PORTS.first, OWN_PORTS.last);
	return await getPort({ host: LOOPBACK, port: portNumbers(from, OWN_PORTS.last) });
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
	if (!Number.isInteger(port) || port < 1 || port > 65_535) {
		throw new Problem(`${variable}=${text} is not a port: it must be a number from 1 to 65535.`);
	}
	return { variable, port, purpose };
}

/** Says which port cannot be had before anything slow is begun. */
export async function checkPorts(wanted: WantedPort[]): Promise<void> {
	const [first, second] = wanted;
	if (first && second && first.port === second.port) {
		throw new Problem(
			`${first.variable} and ${second.variable} are both ${first.port}: they must differ.`,
		);
	}
	for (const one of wanted) {
		const code = await errorOfListening(one.port);
		if (code) throw cannotListen(one, code);
	}
}

function cannotListen({ variable, port, purpose }: WantedPort, code: string): Problem {
	const reason = code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${code})`;
	const other = port < 65_000 ? Math.max(port + 1, 1024) : port - 1;
	return new Problem(
		`Port ${port}, where ${purpose} would listen, ${reason}.`,
		`Stop that program, or run this again with another port: ${variable}=${other}`,
	);
}

async function errorOfListening(port: number): Promise<string | undefined> {
	return await new Promise((resolve) => {
		const server = createServer();
		server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
		server.listen({ port, host: LOOPBACK, exclusive: true }, () =>
			server.close(() => resolve(undefined)),
		);
	});
}
