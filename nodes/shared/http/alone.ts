import { settled, unlessAborted } from './signals';

const longestWait = 3_000; // for the first of a kind, in ms

/** Keeps apart what would otherwise happen side by side. */
export class Alone {
	private readonly firsts = new Map<string, Promise<unknown> | 'over'>();
	private readonly lasts = new Map<string, Promise<unknown>>();

	/** The first of a kind goes alone, so that the others know what it has learned. They wait, but not long. */
	async first<R>(kind: string, signal: AbortSignal, act: () => Promise<R>): Promise<R> {
		const first = this.firsts.get(kind);
		if (first === 'over') return await act();
		if (first) {
			const wait = settled(unlessAborted(first, AbortSignal.timeout(longestWait)));
			await unlessAborted(wait, signal);
			return await act();
		}
		const acting = act();
		this.firsts.set(kind, acting);
		return await acting.finally(() => this.over(kind));
	}

	/** From now on, nothing of a kind waits for the first one. */
	over(kind: string): void {
		this.firsts.set(kind, 'over');
	}

	/** Of a kind, one after the other. */
	async inTurn<R>(kind: string, signal: AbortSignal, act: () => Promise<R>): Promise<R> {
		const before = this.lasts.get(kind) ?? Promise.resolve();
		const acting = unlessAborted(before, signal).then(act);
		// Whoever is stopped while it waits lets nobody pass.
		this.lasts.set(kind, settled(before.then(async () => await acting)));
		return await acting;
	}
}
