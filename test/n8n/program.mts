import { inspect } from 'node:util';
import { printable } from './printable.mts';
import { Problem } from './problem.mts';
import { stopAll } from './processes.mts';

const STOPS_WITHIN_MS = 15_000;

/**
 * Runs a command-line program: stopping it ends its child processes, and problems are shown without
 * a stack trace. `work` gets a promise that settles when the user stops the program.
 */
export async function runProgram(
	work: (interrupted: Promise<void>) => Promise<void>,
	exitCodeWhenInterrupted: number,
): Promise<never> {
	let exitCode = 0;
	let stopped = false;
	const interrupted = onceStopped().then(() => {
		stopped = true;
		console.log('\nStopping ...');
		setTimeout(() => process.exit(130), STOPS_WITHIN_MS).unref();
		void stopAll();
	});
	try {
		await work(interrupted);
	} catch (error) {
		if (!stopped) {
			const text = error instanceof Problem ? error.message : printable(inspect(error));
			console.error(`\n${text}\n`);
			exitCode = 1;
		}
	}
	await stopAll();
	process.exit(stopped ? exitCodeWhenInterrupted : exitCode);
}

/** npm and the terminal may both forward one Ctrl-C, and a killed npm forwards nothing. */
async function onceStopped(): Promise<void> {
	await new Promise<void>((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve);
		if (!process.env.npm_lifecycle_event) return;
		const parent = process.ppid;
		setInterval(() => process.ppid !== parent && resolve(), 1_000).unref();
	});
}

/** @throws {Problem} if the program has an argument that is not one of these */
export function checkArguments(...known: string[]): void {
	const unknown = process.argv.slice(2).find((argument) => !known.includes(argument));
	if (unknown === undefined) return;
	throw new Problem(
		`This takes ${known.length ? `only ${known.join(', ')}` : 'no arguments'}, not ${unknown}.`,
		'CONTRIBUTING.md, "Commands", describes all commands.',
	);
}
