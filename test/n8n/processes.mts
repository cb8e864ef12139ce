import { execa, type ResultPromise } from 'execa';
import { Interrupted } from './problem.mts';

/** What a child process may see of this one's environment: no n8n, npm or proxy settings of the machine. */
const PLAIN = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'TERM', 'XDG_CACHE_HOME'];

export type Environment = Record<string, string>;

export function plainEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
	return Object.fromEntries(PLAIN.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

export interface LaunchOptions {
	cwd: string;
	env: Environment;
	/** The file that the output is added to; without one the output is collected. */
	logFile?: string;
	/** Keeps a channel open, whose end tells a Node.js program that this process is gone. */
	ipc?: boolean;
}

export interface Finished {
	/** 0 for success, undefined when a signal ended it or it never started. */
	exitCode: number | undefined;
	/** Such as ENOENT, when it could not be started. */
	startError: string | undefined;
	stdout: string;
	/** stdout and stderr in the order in which they came. */
	output: string;
}

export interface Launched {
	pid: number | undefined;
	finished: Promise<Finished>;
	/** Ends it and all its children, gently first. */
	stop: (patienceMs?: number) => Promise<void>;
	/** Ends it and all its children at once, as the system does where memory runs out. */
	kill: () => Promise<void>;
}

const PATIENCE_MS = 8_000;
const running = new Set<Launched>();
let closing = false;

/**
 * Starts a program in a process group of its own: Ctrl-C in the terminal reaches this process only,
 * which then ends the others in good order.
 */
export function launch(file: string, args: string[], options: LaunchOptions): Launched {
	if (closing) throw new Interrupted();
	const output = options.logFile ? { file: options.logFile, append: true } : 'pipe';
	const child = execa(file, args, {
		cwd: options.cwd,
		env: options.env,
		extendEnv: false,
		detached: true,
		reject: false,
		stdio: ['ignore', output, output],
		all: true,
		ipc: options.ipc ?? false,
		maxBuffer: Infinity,
	});
	const launched = follow(child);
	running.add(launched);
	void launched.finished.finally(() => running.delete(launched));
	return launched;
}

function follow(child: ResultPromise): Launched {
	const finished = child.then((result) => ({
		exitCode: result.exitCode,
		startError: child.pid === undefined ? String(result.code) : undefined,
		stdout: text(result.stdout),
		output: text(result.all),
	}));
	const end = async (patienceMs: number) => {
		if (child.pid === undefined) return;
		child.kill('SIGTERM');
		const timer = setTimeout(() => killGroup(child.pid), patienceMs);
		await finished;
		clearTimeout(timer);
		killGroup(child.pid);
	};
	// Once only: a second signal would cut the first one's gentle end short.
	let ending: Promise<void> | undefined;
	const stop = async (patienceMs = PATIENCE_MS) => await (ending ??= end(patienceMs));
	const kill = async () => {
		killGroup(child.pid);
		await finished;
	};
	return { pid: child.pid, finished, stop, kill };
}

function text(output: unknown): string {
	return typeof output === 'string' ? output : '';
}

function killGroup(pid: number | undefined): void {
	try {
		if (pid !== undefined) process.kill(-pid, 'SIGKILL');
	} catch {
		// Nothing of the group is left.
	}
}

/** Runs a program to its end. */
export async function run(file: string, args: string[], options: LaunchOptions): Promise<Finished> {
	const finished = await launch(file, args, options).finished;
	if (closing) throw new Interrupted();
	return finished;
}

/** Ends every process that was started here, and lets no other start. */
export async function stopAll(): Promise<void> {
	closing = true;
	await Promise.all([...running].map(async (launched) => await launched.stop()));
}

/** For the very last moment: no waiting. */
export function killAll(): void {
	closing = true;
	for (const { pid } of running) killGroup(pid);
}
