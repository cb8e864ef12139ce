import { createHash } from 'crypto';
import type { IBinaryData, IExecuteSingleFunctions } from 'n8n-workflow';
import { IncompleteBodyError } from '../http/outcome';
import { anyOf, pause, settled, unlessAborted } from '../http/signals';
import type { OpenFile, Vizdom } from '../vizdom/client';
import { collectYoung } from './youngCollection';

type Readable = import('stream').Readable;

/** A file in n8n's binary store. */
export interface StoredFile {
	binary: IBinaryData;
	size: number; // in bytes
	sha256: string; // in lower-case hexadecimal
	start: string; // the first bytes, as Latin-1 text
}

const startLength = 2_000; // enough of a file's beginning to tell its format, and whether it holds the key

const advice = { description: 'Download it again with the operation Download.' };

/**
 * Streams a file into n8n's binary store; hash, size and beginning are read along.
 * @param vizdom its signal and timeout end the reading
 * @throws {IncompleteBodyError} if less arrives than was announced; the stream's own error if it breaks off
 */
export async function storeFile(
	item: IExecuteSingleFunctions,
	vizdom: Vizdom,
	{ body, headers }: OpenFile,
	fileName: string,
	mimeType?: string,
): Promise<StoredFile> {
	const done = new AbortController();
	let arrivedAt = performance.now();
	const hash = createHash('sha256');
	let size = 0;
	let start = '';
	readAlong(body, (chunk) => {
		arrivedAt = performance.now();
		hash.update(chunk);
		size += chunk.length;
		collectYoung(chunk.length);
		if (start.length < startLength) start += chunk.subarray(0, startLength).toString('latin1');
	});
	const storing = item.helpers.prepareBinaryData(body as unknown as Buffer, fileName, mimeType);
	// The stream itself cannot be ended while it waits for its next part.
	const stalled = idleSignal(vizdom.timeout || Infinity, () => arrivedAt, done.signal);
	const giveUp = anyOf(vizdom.signal, stalled, brokenOff(body));
	const binary = await unlessAborted(storing, giveUp).finally(() => done.abort());
	// The announced length of what came compressed is that of the compressed file.
	const announced = 'rawHeaders' in body ? Number(headers['content-length'] ?? 0) : 0;
	if (size < announced) {
		const message = `The file came incomplete: ${size} of ${announced} bytes`;
		throw new IncompleteBodyError(message, advice);
	}
	return { binary, size, sha256: hash.digest('hex'), start };
}

/** Aborted, as by a timeout, when nothing has arrived for some time (ms), unless all is done. */
function idleSignal(timeout: number, arrivedAt: () => number, done: AbortSignal): AbortSignal {
	const idle = new AbortController();
	const watch = async () => {
		const step = Math.min(1_000, timeout);
		while (performance.now() - arrivedAt() < timeout) await pause(step, done);
		idle.abort(new DOMException('Nothing arrived any more', 'TimeoutError'));
	};
	void settled(watch());
	return idle.signal;
}

/**
 * Shows each part of a stream to `see` from when its reader begins: a listener of its own would
 * set the stream flowing before n8n's store is ready, and lose the beginning
 * (n8n-core 2.40.3, binary-data/file-system.manager.ts).
 */
function readAlong(stream: Readable, see: (chunk: Buffer) => void): void {
	const begin = (event: string | symbol) => {
		if (event !== 'data' && event !== 'readable') return;
		stream.off('newListener', begin);
		stream.on('data', see);
	};
	stream.on('newListener', begin);
}

/**
 * Aborted when the stream is closed before its end. If that is before its reader begins, while
 * the file's name is looked up, n8n 1 waits for the end for ever
 * (n8n-core 1.122, binary-data/utils.ts, binaryToBuffer).
 */
function brokenOff(stream: Readable): AbortSignal {
	const message = 'The connection broke off in the middle of the file';
	const controller = new AbortController();
	const closed = () => {
		if (stream.readableEnded) return;
		controller.abort(stream.errored ?? new IncompleteBodyError(message, advice));
	};
	if (stream.destroyed) closed();
	else stream.once('close', closed);
	return controller.signal;
}
