import { setTimeout as sleep } from 'node:timers/promises';

const ASK_EVERY_MS = 100;

/** @throws if it has not happened in time, naming what was awaited */
export async function waitFor(
	what: string,
	happened: () => boolean | Promise<boolean>,
	seconds: number,
): Promise<void> {
	const deadline = performance.now() + seconds * 1_000;
	while (!(await happened())) {
		if (performance.now() > deadline) throw new Error(`${what}: not within ${seconds} s.`);
		await sleep(ASK_EVERY_MS);
	}
}
