import { setTimeout as sleep } from 'node:timers/promises';

/** A time in the API's form: ISO 8601, UTC, without fractions of a second. */
export function timestamp(milliseconds = Date.now()): string {
	return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** Waits without keeping the process alive. */
export async function pause(milliseconds: number): Promise<void> {
	await sleep(milliseconds, undefined, { ref: false });
}
