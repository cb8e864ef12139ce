import { execaNode } from 'execa';
import type { Job, Measured } from './client.mts';

const start = execaNode({
	cwd: import.meta.dirname,
	nodeOptions: ['--import', 'tsx', '--expose-gc'],
	env: { N8N_LOG_LEVEL: 'silent' },
	// stdout is for the tables.
	stdio: ['ignore', 2, 2],
});

/** Measures in a separate process, which shares memory and connections with nothing else. */
export async function measure(job: Job): Promise<Measured> {
	const { ipcOutput } = await start('client.mts', { ipcInput: job });
	return ipcOutput[0] as Measured;
}

/** Starts a script that runs until this process ends, and returns its first message. */
export async function startServer(name: string): Promise<unknown> {
	return await start(name, { ipc: true, reject: false }).getOneMessage();
}
