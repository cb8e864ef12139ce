import { createHash } from 'crypto';
import { NodeApiError, NodeOperationError, sanitizeFilename } from 'n8n-workflow';
import type {
	IBinaryData,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
	INodeExecutionData,
} from 'n8n-workflow';
import { pathOf, paths } from '../shared/api';
import type { Dashboard, Export } from '../shared/api';
import { fileNameIn } from '../shared/request/contentDisposition';
import { openDownload } from '../shared/request/download';
import { noAnswer } from '../shared/request/errors';
import { signalOf } from '../shared/request/exchange';
import type { VizdomCredential } from '../shared/request/exchange';
import { textOption } from '../shared/request/parameters';
import { Attempts, errorCode } from '../shared/request/retry';
import { send } from '../shared/request/send';
import { anyOf, IdleWatch, pause, settled, unlessAborted } from '../shared/request/stop';
import type { Deadline } from './deadline';
import { formatOf, startLength } from './format';
import { readExport } from './wait';
import { collectYoung } from './youngCollection';

type Readable = import('stream').Readable;

/** What is wanted of a file: read, and refused, before an export is started for it. */
export interface WantedFile {
	/** As the user chose it; empty for the one that Vizdom gives */
	fileName: string;
	/** The field of the item's binary data */
	property: string;
	/** As asked for; left out, what the export says holds */
	format?: string;
	dashboardId?: string;
}

/** @throws {NodeOperationError} where an option's value cannot be used */
export function wantedFile(item: IExecuteSingleFunctions): WantedFile {
	return {
		fileName: textOption(item, 'options.fileName', 'File Name'),
		property: textOption(item, 'options.binaryPropertyName', 'Output Data Field Name') || 'data',
	};
}

interface StoredFile {
	binary: IBinaryData;
	/** In bytes */
	size: number;
	/** In lower-case hexadecimal */
	sha256: string;
	/** The first bytes, as Latin-1 text */
	start: string;
}

/**
 * The item of a completed export: as JSON the export and what its file is, as binary data the file.
 *
 * @throws {NodeApiError} where the file is refused or not to be had
 * @throws {NodeOperationError} where what comes is not the file that was asked for
 */
export async function fileItem(
	item: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	completed: Export,
	wanted: WantedFile,
	deadline: Deadline,
): Promise<INodeExecutionData> {
	const { format = completed.format, dashboardId = completed.dashboard_id } = wanted;
	const file = { ...wanted, format, dashboardId };
	const { binary, size, sha256, start } = await download(item, request, completed, file, deadline);
	const { begins, displayName = '' } = formatOf(format) ?? {};
	if (begins && !begins(start)) throw notTheFormat(item, completed, displayName, start);
	const { fileName, mimeType } = binary;
	return {
		json: { ...completed, file: { fileName, mimeType, size, sha256 } },
		binary: { [wanted.property]: binary },
	};
}

/** Downloads and stores the file, again where the connection breaks off in the middle of it. */
async function download(
	item: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	completed: Export,
	wanted: WantedFile,
	deadline: Deadline,
): Promise<StoredFile> {
	const attempts = new Attempts('GET');
	for (;;) {
		attempts.count++;
		const { value, error } = await settled(
			downloadOnce(item, request, completed, wanted, deadline),
		);
		if (value) return value;
		if (deadline.isReached) throw deadline.error(item, completed);
		const wait = attempts.waitAfter(error);
		if (wait === undefined) throw await inWords(item, completed, attempts, error);
		await pause(wait, signalOf(item, request));
	}
}

/** The error of a stream that broke off says no more than "aborted". */
async function inWords(
	item: IExecuteSingleFunctions,
	{ download_url: url }: Export,
	attempts: Attempts,
	error: Error,
): Promise<Error> {
	if (errorCode(error) === '' || error instanceof NodeOperationError) return error;
	const credential = await item.getCredentials<VizdomCredential>('vizdomApi');
	return noAnswer({ context: item, credential, request: { url: url ?? '' }, attempts }, error);
}

async function downloadOnce(
	item: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	completed: Export,
	wanted: WantedFile,
	deadline: Deadline,
): Promise<StoredFile> {
	const ended = new AbortController();
	const abortSignal = anyOf(request.abortSignal as AbortSignal | undefined, ended.signal);
	const limited = deadline.limit({ ...request, abortSignal });
	const stored = async () => {
		const answer = await open(item, limited, completed);
		const name = await nameOf(item, limited, completed, wanted, answer);
		return await store(item, answer, name, wanted, request, deadline);
	};
	// Whatever was not read to its end stays open otherwise.
	return await stored().finally(() => ended.abort());
}

/** Opens the link, and once more anew where it has expired since the export was read. */
async function open(
	item: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	completed: Export,
): Promise<IN8nHttpFullResponse> {
	const { id, download_url: link } = completed;
	if (!link) throw noLink(item, id);
	const { value, error } = await settled(openDownload(item, request, link));
	if (value) return value;
	if (!isRefusedLink(error)) throw error;
	const { data } = await readExport(item, request, id);
	if (!data?.download_url) throw error;
	return await openDownload(item, request, data.download_url);
}

function isRefusedLink(error: Error): boolean {
	return error instanceof NodeApiError && /^4(01|03|04|10)$/.test(error.httpCode ?? '');
}

/** Streams the file into n8n's binary store; hash, size and beginning are read along. */
async function store(
	item: IExecuteSingleFunctions,
	answer: IN8nHttpFullResponse,
	name: string,
	{ format }: WantedFile,
	{ timeout = Infinity }: IHttpRequestOptions,
	{ signal }: Deadline,
): Promise<StoredFile> {
	const stream = answer.body as unknown as Readable;
	const idle = new IdleWatch(timeout);
	const hash = createHash('sha256');
	let size = 0;
	let start = '';
	readAlong(stream, (chunk) => {
		idle.moved();
		hash.update(chunk);
		size += chunk.length;
		collectYoung(chunk.length);
		if (start.length < startLength) start += chunk.subarray(0, startLength).toString('latin1');
	});
	const mimeType = formatOf(format)?.mimeType ?? answer.headers['content-type'];
	const storing = item.helpers.prepareBinaryData(
		answer.body as Buffer,
		name,
		mimeType as string | undefined,
	);
	// The stream itself cannot be ended while it waits for its next part.
	const given = anyOf(signal, idle.signal, brokenOff(stream));
	const binary = await unlessAborted(storing, given).finally(() => idle.end());
	const announced = announcedSize(answer);
	if (size < announced) throw cutShort(item, size, announced);
	return { binary, size, sha256: hash.digest('hex'), start };
}

/** In bytes; 0 where it is not known: the length of what came compressed is that of the compressed file. */
function announcedSize({ body, headers }: IN8nHttpFullResponse): number {
	const isAsSent = 'rawHeaders' in (body as object);
	return isAsSent ? Number(headers['content-length'] ?? 0) : 0;
}

/**
 * Shows each part of a stream to `see`, from when its reader begins: a listener of its own would
 * set the stream flowing before n8n's store is ready, and lose the beginning.
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
 * Aborted when the stream is closed before its end. Where that is before its reader begins, while
 * the file's name is looked up, n8n 1 waits for the end for ever.
 */
function brokenOff(stream: Readable): AbortSignal {
	const controller = new AbortController();
	const closed = () => {
		if (stream.readableEnded) return;
		const error = new Error('The connection broke off');
		controller.abort(Object.assign(error, { code: 'ECONNRESET' }));
	};
	if (stream.destroyed) closed();
	else stream.once('close', closed);
	return controller.signal;
}

/** The name that the user chose, else the response's, else the dashboard's and the date. */
async function nameOf(
	item: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	completed: Export,
	wanted: WantedFile,
	{ headers }: IN8nHttpFullResponse,
): Promise<string> {
	const given = wanted.fileName || fileNameIn(headers['content-disposition']);
	const name = given || (await dashboardAndDate(item, request, completed, wanted));
	return sanitizeFilename(name.trim());
}

async function dashboardAndDate(
	item: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	{ created_at }: Export,
	{ format, dashboardId }: WantedFile,
): Promise<string> {
	const title = dashboardId ? await dashboardName(item, request, dashboardId) : 'export';
	const name = `${title.replace(/[\\/]/g, '-')} ${String(created_at ?? '').slice(0, 10)}`.trim();
	return format ? `${name}.${format}` : name;
}

async function dashboardName(
	item: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	id: string,
): Promise<string> {
	const url = pathOf(paths.dashboard, id);
	const read = { ...request, method: 'GET' as const, url, body: undefined };
	const { value } = await settled(send<Partial<Dashboard>>(item, read));
	return String(value?.data?.name || id);
}

function notTheFormat(
	item: IExecuteSingleFunctions,
	{ id }: Export,
	displayName: string,
	start: string,
): NodeOperationError {
	const seen = start === '' ? 'it is empty' : `it begins with "${start.replace(/[^ -~]/g, '·')}"`;
	return new NodeOperationError(
		item.getNode(),
		`What came for the export '${id}' is not a ${displayName}`,
		{
			description: `The file was not kept: ${seen}. Download it again later, or export the dashboard again.`,
			itemIndex: item.getItemIndex(),
		},
	);
}

/** Counts as a connection that broke off, and so is tried again. */
function cutShort(item: IExecuteSingleFunctions, size: number, announced: number): Error {
	const error = new NodeOperationError(
		item.getNode(),
		`The file came incomplete: ${size} of ${announced} bytes`,
		{
			description: 'Download it again with the operation Download.',
			itemIndex: item.getItemIndex(),
		},
	);
	return Object.assign(error, { code: 'ECONNRESET' });
}

function noLink(item: IExecuteSingleFunctions, id: string): NodeOperationError {
	return new NodeOperationError(item.getNode(), `The export '${id}' has no download link`, {
		description: 'Vizdom says that it is completed. Export the dashboard again.',
		itemIndex: item.getItemIndex(),
	});
}
