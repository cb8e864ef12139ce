import { sleep } from 'n8n-workflow';

/**
 * Aborted as soon as one of the signals is. It holds them: Node.js 20 forgets the timeout of a signal
 * that nothing else holds.
 */
export function anyOf(...signals: Array<AbortSignal | undefined>): AbortSignal {
	const held = signals.filter((signal) => signal !== undefined);
	return Object.assign(AbortSignal.any(held), { held });
}

/**
 * Waits, unless the execution is stopped first.
 *
 * @throws the signal's reason as soon as it is aborted
 */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	signal.throwIfAborted();
	await unlessAborted(sleep(milliseconds), signal);
}

/**
 * Waits for a promise, but not for longer than until the signal is aborted.
 *
 * @throws what the promise is rejected with, or the signal's reason
 */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	let stop = () => {};
	const stopped = new Promise<never>((_, reject) => {
		stop = () => reject(signal.reason as Error);
		signal.addEventListener('abort', stop, { once: true });
		if (signal.aborted) stop();
	});
	return await Promise.race([promise, stopped]).finally(() =>
		signal.removeEventListener('abort', stop),
	);
}

/** How a promise ended. Errors of Node.js itself are no `Error` of a sandbox, so `instanceof` does not tell. */
export type Settled<T> = { value: T; error?: undefined } | { value?: undefined; error: Error };

/** Waits for a promise; a rejection is a value, too. */
export async function settled<T>(promise: Promise<T>): Promise<Settled<T>> {
	return await promise.then(
		(value) => ({ value }),
		(error: Error) => ({ error }),
	);
}

/** Notices that nothing moves any more: n8n's own timeout ends with the headers of an answer. */
export class IdleWatch {
	private readonly idle = new AbortController();

	private readonly ended = new AbortController();

	private movedAt = performance.now();

	constructor(private readonly milliseconds: number) {
		void settled(this.watch());
	}

	/** Aborted when nothing has moved for so many milliseconds; its reason counts as a timeout */
	get signal(): AbortSignal {
		return this.idle.signal;
	}

	moved(): void {
		this.movedAt = performance.now();
	}

	end(): void {
		this.ended.abort();
	}

	private async watch(): Promise<void> {
		const step = Math.min(1_000, this.milliseconds);
		while (performance.now() - this.movedAt < this.milliseconds) {
			await pause(step, this.ended.signal);
		}
		this.idle.abort(Object.assign(new Error('Nothing came any more'), { code: 'ETIMEDOUT' }));
	}
}
