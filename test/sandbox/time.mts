import { setTimeout as sleep } from 'node:timers/promises';

/** As the API writes times: ISO 8601, UTC, without fractions of a second. */
export function timestamp(milliseconds = Date.now()): string {
	return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** Does not keep the process alive. */
export async function pause(milliseconds: number): Promise<void> {
	await sleep(milliseconds, undefined, { ref: false });
}
