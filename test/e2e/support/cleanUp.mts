import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopAll } from '../../n8n/processes.mts';

/** Registers what closes something that was opened. */
export type CleanUp = (close: () => Promise<void>) => void;

/**
 * What a test file opens is closed after its tests, the last first, also where one of them failed.
 * At the end no process is left that the file started.
 */
export function useCleanUp(): CleanUp {
	const open: Array<() => Promise<void>> = [];
	afterAll(async () => {
		const failures: unknown[] = [];
		for (const close of open.reverse()) {
			await close().catch((error: unknown) => failures.push(error));
		}
		await stopAll();
		if (failures.length) throw new AggregateError(failures, 'Not everything could be closed.');
	});
	return (close) => void open.push(close);
}

export async function temporaryFolder(cleanUp: CleanUp): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-vizdom-e2e-'));
	cleanUp(async () => await rm(folder, { recursive: true, force: true, maxRetries: 5 }));
	return folder;
}
