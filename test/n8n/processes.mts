import { execa } from 'execa';
import { withoutKey } from '../../nodes/shared/vizdom/key.ts';
import { KEYS } from '../sandbox/auth.mts';
import { printable } from './printable.mts';
import { lastLines, Problem } from './problem.mts';

/** The environment of most child processes: without n8n, npm and proxy settings. */
const PLAIN = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'TERM', 'XDG_CACHE_HOME'];

export type Environment = Record<string, string>;

export function plainEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
	return Object.fromEntries(PLAIN.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

interface LaunchOptions {
	cwd: string;
	env: NodeJS.ProcessEnv;
	/** The output is collected, shown to the user, or appended to a file, without keys. */
	output?: 'pipe' | 'inherit' | { file: string; append: true };
	/** Keeps a channel open, whose end shows a Node.js program that this process is gone. */
	ipc?: boolean;
}

export interface Finished {
	/** Undefined if a signal ended it, or if it could not be started. */
	exitCode?: number;
	/** Why it failed, in one line. */
	shortMessage?: string;
	stdout: string;
	/** stdout and stderr in order of arrival. */
	output: string;
}

export interface Launched {
	finished: Promise<Finished>;
	/** Ends it and all its children, gently first. */
	stop: () => Promise<void>;
	/** Ends it and all its children at once, as the system does when memory runs out. */
	kill: () => Promise<void>;
}

const running = new Set<Launched>();
let closing = false;
process.on('exit', () => running.forEach((launched) => void launched.kill()));

/**
 * Starts a program in its own process group: Ctrl-C in the terminal reaches only this process,
 * which then ends the others in order.
 */
export function launch(
	file: string,
	args: string[],
	{ output = 'pipe', ...options }: LaunchOptions,
): Launched {
	if (closing) throw new Problem(`${file} is not started: the program is stopping.`);
	const destination = typeof output === 'string' ? output : [logLines, output];
	const child = execa(file, args, {
		...options,
		extendEnv: false,
		detached: true,
		forceKillAfterDelay: 8_000,
		reject: false,
		stdio: ['ignore', destination, destination],
		all: true,
		maxBuffer: Infinity,
	});
	child.once('exit', () => killGroup(child.pid));
	const finished = child.then(({ exitCode, shortMessage, stdout, all }) => ({
		exitCode,
		shortMessage,
		stdout: String(stdout ?? ''),
		output: String(all ?? ''),
	}));
	const end = async (kill: () => void) => {
		kill();
		await finished;
	};
	const launched = {
		finished,
		// A second signal would interrupt the gentle end.
		stop: async () => await end(() => child.killed || child.kill()),
		kill: async () => await end(() => killGroup(child.pid)),
	};
	running.add(launched);
	void finished.then(() => running.delete(launched));
	return launched;
}

function* logLines(line: unknown): Generator<string> {
	const text = Object.values(KEYS).reduce(withoutKey, printable(String(line)));
	yield text.replace(/(Bearer )[^\s"',\\]+/gi, '$1[API key]');
}

function killGroup(pid: number | undefined): void {
	try {
		if (pid !== undefined) process.kill(-pid, 'SIGKILL');
	} catch {
		// Nothing of the group is left.
	}
}

/**
 * Runs a program to its end.
 *
 * @throws {Problem} with the end of the output if the program fails, unless it `mayFail`
 */
export async function run(
	file: string,
	args: string[],
	{ mayFail, ...options }: LaunchOptions & { mayFail?: boolean },
): Promise<Finished> {
	const finished = await launch(file, args, options).finished;
	if (finished.exitCode === 0 || mayFail) return finished;
	throw new Problem(`${finished.shortMessage}`, '', lastLines(finished.output));
}

/** npm with the user's settings. */
export async function npm(
	args: string[],
	folder: string,
	output?: LaunchOptions['output'],
): Promise<Finished> {
	// Under `npm start`, npm would take the checkout as its prefix.
	const options = { cwd: folder, env: process.env, output };
	return await run('npm', ['--prefix', folder, ...args], options);
}

/** Ends every process started here, and prevents new ones. */
export async function stopAll(): Promise<void> {
	closing = true;
	await Promise.all([...running].map(async (launched) => await launched.stop()));
}

export function isRunning(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}
