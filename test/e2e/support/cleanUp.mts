import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopAll } from '../../n8n/processes.mts';

/** Registers a function that closes something. */
export type CleanUp = (close: () => Promise<void>) => void;

/**
 * Closes everything that a test file opened after its tests, in reverse order, even if one failed.
 * No process that the file started is left.
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
