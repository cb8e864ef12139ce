import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { IExecuteSingleFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { paths } from '../shared/api';
import type { Export } from '../shared/api';
import { mayPass } from '../shared/request/errors';
import { signalOf } from '../shared/request/exchange';
import { send } from '../shared/request/send';
import type { Envelope } from '../shared/request/send';
import { pause } from '../shared/request/stop';
import type { Deadline } from './deadline';

const firstPause = 1_000;
const pauseGrowth = 1.5;
const longestPause = 15_000;

/** For so long after its start an export that is not found may just not be visible yet, in milliseconds. */
const visibleAfter = 15_000;

/** Reads an export once. */
export async function readExport(
	item: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	id: string,
): Promise<Envelope<Export>> {
	const url = paths.export.replace('{exportId}', encodeURIComponent(id));
	return await send<Export>(item, { ...request, method: 'GET', url, body: undefined });
}

/**
 * Starts an export.
 *
 * @param request with the body that the start takes
 * @throws {NodeApiError} where Vizdom refuses it, or it is not known whether it was started
 * @throws {NodeOperationError} where its turn did not come before the deadline: it was not started
 */
export async function startedExport(
	item: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	deadline: Deadline,
): Promise<Export> {
	const started = await send<Export>(item, deadline.limit(request)).catch((error: Error) => error);
	if (!(started instanceof Error)) return started.data;
	throw started === deadline.signal.reason ? deadline.error(item) : started;
}

/**
 * Waits for an export that was started just now, or at some time before.
 *
 * @param request the request of the operation, for its transport settings
 * @param started the export as its start answered; its ID alone where it was started before
 * @throws {NodeOperationError} with Vizdom's reason where the export failed, and with its ID where
 * the deadline is reached
 */
export async function completedExport(
	item: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	started: Export | string,
	deadline: Deadline,
): Promise<Export> {
	const isNew = typeof started !== 'string';
	const id = isNew ? started.id : started;
	const startedAt = performance.now();
	let known = isNew ? started : undefined;
	let wait = isNew ? firstPause : 0;
	for (;;) {
		if (known?.status === 'completed') return known;
		if (known?.status === 'failed') throw failed(item, known);
		await pause(Math.min(wait, deadline.left), signalOf(item, request));
		if (deadline.isReached) throw deadline.error(item, known ?? { id, status: 'queued' });
		const mayBeInvisible = isNew && performance.now() - startedAt < visibleAfter;
		const read = await tolerantRead(item, deadline.limit(request), id, mayBeInvisible);
		known = read?.data ?? known;
		wait = read?.retryAfter ?? nextPause(wait);
	}
}

function nextPause(wait: number): number {
	return Math.min(Math.max(firstPause, wait * pauseGrowth), longestPause);
}

/** A read that fails for a reason that may pass does not end the waiting: the export goes on. */
async function tolerantRead(
	item: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	id: string,
	mayBeInvisible: boolean,
): Promise<Envelope<Export> | undefined> {
	const read = await readExport(item, request, id).catch((error: Error) => error);
	if (!(read instanceof Error)) return read;
	const isNotFound = read instanceof NodeApiError && read.httpCode === '404';
	const isReached = (request.abortSignal as AbortSignal | undefined)?.aborted;
	if (isReached || mayPass(read) || (isNotFound && mayBeInvisible)) return undefined;
	throw read;
}

function failed(item: IExecuteSingleFunctions, { id, error }: Export): NodeOperationError {
	return new NodeOperationError(
		item.getNode(),
		`The export failed: ${error ?? 'Vizdom gives no reason'}`,
		{
			description: `Vizdom could not make the file of export '${id}'. Open the dashboard in Vizdom to see whether it loads there.`,
			itemIndex: item.getItemIndex(),
		},
	);
}
