import { fork, type ChildProcess, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './answer.mts';

const running = new Set<Child<never, unknown>>();

/** A process of its own that does one job after the other; its other side is `answer`. */
export class Child<Job extends Serializable, Result> {
	readonly #script: string;
	readonly #process: ChildProcess;

	constructor(script: string) {
		this.#script = script;
		this.#process = fork(resolve(import.meta.dirname, script), {
			execArgv: ['--import', import.meta.resolve('tsx'), '--expose-gc'],
			env: { ...process.env, N8N_LOG_LEVEL: 'silent' },
			// stdout is for the tables
			stdio: ['ignore', 2, 2, 'ipc'],
		});
		running.add(this);
		this.#process.once('exit', () => running.delete(this));
	}

	/** @throws where the job fails, the process ends, or the time is over */
	async ask(job: Job, timeoutMs: number): Promise<Result> {
		const waiting = new AbortController();
		const { signal } = waiting;
		const answered = once(this.#process, 'message', { signal });
		const ended = once(this.#process, 'exit', { signal }).then(() => this.#fail('ended'));
		const late = sleep(timeoutMs, undefined, { signal }).then(() =>
			this.#fail(`gave no answer in ${timeoutMs / 1_000} s`),
		);
		if (!this.#process.send(job)) this.#fail('is gone');
		try {
			const [answer] = (await Promise.race([answered, ended, late])) as [Answer<Result>];
			if ('error' in answer) this.#fail(`failed: ${answer.error}`);
			return answer.result;
		} finally {
			waiting.abort();
		}
	}

	/** At once: a child has nothing to clear up. */
	async end(): Promise<void> {
		if (!running.has(this)) return;
		const ended = once(this.#process, 'exit');
		this.#process.kill('SIGKILL');
		await ended;
	}

	#fail(what: string): never {
		throw new Error(`${this.#script} ${what}`);
	}
}

export async function endAll(): Promise<void> {
	await Promise.all([...running].map(async (child) => await child.end()));
}
