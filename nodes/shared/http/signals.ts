import { sleep } from 'n8n-workflow';

/**
 * Aborted as soon as one of the signals is. It keeps a reference to them, because Node.js 20 drops the
 * timeout of a signal that nothing else refers to.
 */
export function anyOf(...signals: Array<AbortSignal | undefined>): AbortSignal {
	const held = signals.filter((signal) => signal !== undefined);
	const [only] = held;
	return only && held.length === 1 ? only : Object.assign(AbortSignal.any(held), { held });
}

/** What ends changes, reads and waiting; composed once for all requests of a client. */
export class Signals {
	constructor(
		readonly changes?: AbortSignal, // the user's stop alone: a change is made anyway
		readonly reads: AbortSignal = anyOf(changes),
		readonly waiting: AbortSignal = reads, // for a turn, or for the next attempt
	) {}

	/** Adds a signal that ends reads and waiting. */
	with(signal: AbortSignal): Signals {
		return new Signals(this.changes, anyOf(this.reads, signal), anyOf(this.waiting, signal));
	}
}

/** Waits. Throws the signal's reason as soon as it is aborted. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	signal.throwIfAborted();
	await unlessAborted(sleep(milliseconds), signal);
}

/** Waits for a promise. Throws the signal's reason as soon as it is aborted. */
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

/** How a promise ended. */
export type Settled<T> = { value: T; error?: undefined } | { value?: undefined; error: Error };

/** Waits for a promise and returns its rejection as a value. */
export async function settled<T>(promise: Promise<T>): Promise<Settled<T>> {
	return await promise.then(
		(value) => ({ value }),
		(error: Error) => ({ error }),
	);
}
