import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { anyOf } from '../../../nodes/shared/http/signals.ts';

test('A timeout without other references is not garbage-collected', async () => {
	setFlagsFromString('--expose-gc');
	const collectGarbage = runInNewContext('gc') as () => void;
	const aborted = new Promise((resolve) => {
		anyOf(new AbortController().signal, AbortSignal.timeout(500)).onabort = resolve;
	});
	const forgotten = new Promise((_, reject) => {
		setTimeout(() => reject(new Error('It was forgotten')), 3_000).unref();
	});
	const collecting = setInterval(collectGarbage, 50);
	await Promise.race([aborted, forgotten]).finally(() => clearInterval(collecting));
});
