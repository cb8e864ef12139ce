// The sandbox in a process of its own, so that what it costs does not mix with what is measured.
import { startSandbox } from '../sandbox/server.mts';
import { answer } from './answer.mts';
import type { Address } from './sandbox.mts';

answer<'start', Address>(async () => {
	const { origin, baseUrl, keys } = await startSandbox({ port: 0 });
	return { origin, baseUrl, apiKey: keys.admin };
});
