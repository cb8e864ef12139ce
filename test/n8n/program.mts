import { Interrupted, Problem } from './problem.mts';
import { killAll, stopAll } from './processes.mts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** npm and the terminal may both pass on one Ctrl-C: only a later one means "at once". */
const ONE_PRESS_MS = 2_000;

/**
 * Runs a command-line program: stopping it ends what it started, and what goes wrong is said in
 * words. `work` gets a promise that settles when the user stops the program.
 */
export async function runProgram(
	work: (interrupted: Promise<void>) => Promise<void>,
	exitCodeWhenInterrupted: number,
): Promise<never> {
	let stopped = false;
	const interrupted = new Promise<void>((resolve) => {
		onSignal(() => {
			stopped = true;
			console.log('\nStopping ...');
			resolve();
			void stopAll();
		});
	});
	try {
		await work(interrupted);
	} catch (error) {
		if (!stopped && !(error instanceof Interrupted)) return fail(error);
	}
	await stopAll();
	process.exit(stopped ? exitCodeWhenInterrupted : 0);
}

/**
 * For a program that takes no arguments but these.
 *
 * @throws {Problem} where it is given another one
 */
export function checkArguments(...known: string[]): void {
	const unknown = process.argv.slice(2).find((argument) => !known.includes(argument));
	if (unknown === undefined) return;
	const takes = known.length ? `only ${known.join(', ')}` : 'no arguments';
	throw new Problem(
		`This takes ${takes}, and not ${unknown}.`,
		'What there is, and what it does: README.md, "Develop".',
	);
}

function onSignal(first: () => void): void {
	let firstAt = 0;
	const handle = () => {
		if (firstAt === 0) {
			firstAt = Date.now();
			first();
		} else if (Date.now() - firstAt > ONE_PRESS_MS) {
			killAll();
			process.exit(130);
		}
	};
	for (const signal of SIGNALS) process.on(signal, handle);
	if (process.env.npm_lifecycle_event) onParentGone(handle);
}

/** A signal to npm does not always get here: without npm there is nobody left to stop this. */
function onParentGone(handle: () => void): void {
	const parent = process.ppid;
	const timer = setInterval(() => {
		if (process.ppid === parent) return;
		clearInterval(timer);
		handle();
	}, 1_000);
	timer.unref();
}

async function fail(error: unknown): Promise<never> {
	await stopAll();
	console.error(`\n${inWords(error)}\n`);
	process.exit(1);
}

function inWords(error: unknown): string {
	if (error instanceof Problem) return error.message;
	const { message, code, path } = error as NodeJS.ErrnoException;
	if (!code || !path) return `This should not happen: ${message ?? error}`;
	return [
		`${path} cannot be used (${code}).`,
		'Look at its permissions and at the free space, or set XDG_CACHE_HOME to another folder.',
	].join('\n');
}
