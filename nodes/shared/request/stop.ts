import { sleep } from 'n8n-workflow';

/** Aborted as soon as one of the signals is. */
export function anyOf(...signals: Array<AbortSignal | undefined>): AbortSignal {
	return AbortSignal.any(signals.filter((signal) => signal !== undefined));
}

/**
 * Waits, unless the execution is stopped first.
 *
 * @throws the signal's reason as soon as it is aborted
 */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	signal.throwIfAborted();
	let stop = () => {};
	const stopped = new Promise<never>((_, reject) => {
		stop = () => reject(signal.reason as Error);
		signal.addEventListener('abort', stop, { once: true });
	});
	await Promise.race([sleep(milliseconds), stopped]).finally(() =>
		signal.removeEventListener('abort', stop),
	);
}
