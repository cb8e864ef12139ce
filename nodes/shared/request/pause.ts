import { sleep } from 'n8n-workflow';

/**
 * Waits, unless the execution is stopped first.
 *
 * @param signal of the execution; where there is none the wait cannot be cut short
 * @throws the signal's reason as soon as it is aborted
 */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
	if (signal === undefined) return await sleep(milliseconds);
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
