import { execaNode } from 'execa';
import type { Job, Measured } from './client.mts';

const start = execaNode({
	cwd: import.meta.dirname,
	nodeOptions: ['--import', 'tsx', '--expose-gc'],
	env: { N8N_LOG_LEVEL: 'silent' },
	// stdout is for the tables.
	stdio: ['ignore', 2, 2],
});

/** Measures in a separate process, so that nothing else shares its memory and its connections. */
export async function measure(job: Job): Promise<Measured> {
	const { ipcOutput } = await start('client.mts', { ipcInput: job });
	return ipcOutput[0] as Measured;
}

/** Starts a script that goes on until this process ends, and returns the first thing that it sends. */
export async function startServer(name: string): Promise<unknown> {
	return await start(name, { ipc: true, reject: false }).getOneMessage();
}
