import { settled, unlessAborted } from './signals';

const longestWait = 3_000; // for the first of a key, in ms

/** Locks by key. */
export class Locks {
	private readonly firsts = new Map<string, Promise<unknown> | 'released'>();
	private readonly lasts = new Map<string, Promise<unknown>>();

	/** Lets the first of a key go ahead, so that the others know what it has learned. They wait up to 3 s. */
	async runFirst<R>(key: string, signal: AbortSignal, act: () => Promise<R>): Promise<R> {
		const first = this.firsts.get(key);
		if (first === 'released') return await act();
		if (first) {
			const wait = settled(unlessAborted(first, AbortSignal.timeout(longestWait)));
			await unlessAborted(wait, signal);
			return await act();
		}
		const acting = act();
		this.firsts.set(key, acting);
		return await acting.finally(() => this.release(key));
	}

	/** From now on, nobody waits for the first of a key. */
	release(key: string): void {
		this.firsts.set(key, 'released');
	}

	/** Runs one of a key at a time. */
	async runExclusive<R>(key: string, signal: AbortSignal, act: () => Promise<R>): Promise<R> {
		const before = this.lasts.get(key) ?? Promise.resolve();
		const acting = unlessAborted(before, signal).then(act);
		// If this one is aborted while it waits, the next one still waits for those before.
		this.lasts.set(key, settled(before.then(async () => await acting)));
		return await acting;
	}
}
