import { createHash } from 'crypto';
import type { IBinaryData, IExecuteSingleFunctions } from 'n8n-workflow';
import { errorCode, IncompleteBodyError, outcomeOfError } from '../http/outcome';
import { anyOf, pause, settled, unlessAborted } from '../http/signals';
import type { Vizdom } from '../vizdom/client';
import type { VizdomError } from '../vizdom/errors';
import type { OpenFile } from '../vizdom/files';
import { collectYoung } from './youngCollection';

type Readable = import('stream').Readable;

/** A file in n8n's binary store. */
export interface StoredFile {
	binary: IBinaryData;
	size: number; // in bytes
	sha256: string; // in lower-case hexadecimal
}

/** The part of a file that is read before any of it is stored. */
export interface FileStart {
	bytes: Buffer;
	isAll: boolean; // whether it is the whole file
}

export interface FileDescription {
	fileName: string;
	mimeType?: string;
}

const startLength = 64 * 1024; // enough to recognize a format

/**
 * Streams a file into n8n's binary store, and computes its hash and size on the way.
 * @param vizdom whose signal and timeout end the reading
 * @param describe the file from its start; if this throws, nothing is stored
 * @throws the stream's own error, or an IncompleteBodyError, if the file breaks off
 * @throws {VizdomError} if n8n cannot store it
 */
export async function storeFile(
	item: IExecuteSingleFunctions,
	vizdom: Vizdom,
	{ body }: OpenFile,
	describe: (start: FileStart) => Promise<FileDescription>,
): Promise<StoredFile> {
	let arrivedAt = performance.now();
	const hash = createHash('sha256');
	let size = 0;
	const arrived = () => (arrivedAt = performance.now());
	const start = await whileItComes(body, vizdom, readStart(body, arrived), () => arrivedAt);
	const { fileName, mimeType } = await describe(start);
	vizdom.signal.throwIfAborted();
	const see = (chunk: Buffer) => {
		arrived();
		hash.update(chunk);
		size += chunk.length;
		collectYoung(chunk.length);
	};
	arrived();
	if (start.isAll) see(start.bytes);
	else readAlong(body, see);
	const content = start.isAll ? start.bytes : (body as unknown as Buffer);
	const storing = item.helpers.prepareBinaryData(content, fileName, mimeType);
	const stored = start.isAll ? storing : whileItComes(body, vizdom, storing, () => arrivedAt);
	const { value: binary, error } = await settled(stored);
	if (error) throw isOfTheStore(error, body) ? notStored(error, vizdom) : error;
	return { binary, size, sha256: hash.digest('hex') };
}

/** Reads the start of a stream, and puts it back unless it is the whole file. */
async function readStart(body: Readable, arrived: () => void): Promise<FileStart> {
	const parts: Buffer[] = [];
	let length = 0;
	for await (const part of body.iterator({ destroyOnReturn: false })) {
		arrived();
		parts.push(part as Buffer);
		length += (part as Buffer).length;
		if (length >= startLength) break;
	}
	const bytes = Buffer.concat(parts);
	const isAll = length < startLength;
	if (!isAll) body.unshift(bytes);
	return { bytes, isAll };
}

/** Waits for work on a body, as long as data keeps arriving and it is still needed. */
async function whileItComes<T>(
	body: Readable,
	vizdom: Vizdom,
	work: Promise<T>,
	arrivedAt: () => number,
): Promise<T> {
	const done = new AbortController();
	// The stream itself cannot be ended while it waits for its next chunk.
	const stalled = idleSignal(vizdom.timeout || Infinity, arrivedAt, done.signal);
	const giveUp = anyOf(vizdom.signal, stalled, brokenOff(body));
	return await unlessAborted(work, giveUp).finally(() => done.abort());
}

/** Whether the store failed, not the connection: n8n may pass the store's error to the body. */
function isOfTheStore(error: Error, { errored }: Readable): boolean {
	const { class: outcome } = outcomeOfError('GET', error);
	return outcome === 'unclear' && (!errored || errored === error);
}

function notStored(error: Error, vizdom: Vizdom): VizdomError {
	const isFull = /^(ENOSPC|EDQUOT)$/.test(errorCode(error));
	return vizdom.error(
		`n8n could not store the file: ${isFull ? 'its disk is full' : error.message}`,
		isFull
			? 'Free some space where n8n stores binary data.'
			: 'Check that n8n can write to its folder for binary data.',
	);
}

/** Aborts, as a timeout does, if nothing arrives for some time (ms) before the end. */
function idleSignal(timeout: number, arrivedAt: () => number, done: AbortSignal): AbortSignal {
	const idle = new AbortController();
	const watch = async () => {
		const step = Math.min(1_000, timeout);
		while (performance.now() - arrivedAt() < timeout) await pause(step, done);
		idle.abort(new DOMException('No more data arrived', 'TimeoutError'));
	};
	void settled(watch());
	return idle.signal;
}

/**
 * Passes each chunk of a stream to `see` once its reader begins: a separate listener would start
 * the stream before n8n's store is ready, and lose the beginning (n8n-core 2.40.3,
 * binary-data/file-system.manager.ts).
 */
function readAlong(stream: Readable, see: (chunk: Buffer) => void): void {
	const begin = (event: string | symbol) => {
		if (event !== 'data' && event !== 'readable') return;
		stream.off('newListener', begin);
		stream.on('data', see);
	};
	stream.on('newListener', begin);
}

const advice = { description: 'Download it again with the operation Download.' };

/**
 * Aborts when the stream is closed before its end. If that happens before its reader begins, while
 * the file's name is looked up, n8n 1 waits forever (n8n-core 1.122, binary-data/utils.ts,
 * binaryToBuffer).
 */
function brokenOff(stream: Readable): AbortSignal {
	const message = 'The connection broke off before the end of the file';
	const controller = new AbortController();
	const closed = () => {
		if (stream.readableEnded) return;
		controller.abort(stream.errored ?? new IncompleteBodyError(message, advice));
	};
	if (stream.destroyed) closed();
	else stream.once('close', closed);
	return controller.signal;
}
