import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { IExecuteSingleFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { pathOf, paths } from '../shared/api';
import type { Export } from '../shared/api';
import { mayPass, withoutKey } from '../shared/request/errors';
import { signalOf } from '../shared/request/exchange';
import type { VizdomCredential } from '../shared/request/exchange';
import { notAgain } from '../shared/request/run';
import { isRecord } from '../shared/request/said';
import { send } from '../shared/request/send';
import type { Envelope } from '../shared/request/send';
import { pause, settled } from '../shared/request/stop';
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
	const url = pathOf(paths.export, id);
	return await send<Export>(item, { ...request, method: 'GET', url, body: undefined });
}

const startedFor = new WeakMap<object, Export>();

/**
 * Starts an export, once for an input item: where Retry On Fail runs it again, it is the same one.
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
	const input = item.getInputData();
	const known = startedFor.get(input);
	if (known) return known;
	const { value, error } = await settled(send<Export>(item, deadline.limit(request)));
	if (error) throw error === deadline.signal.reason ? deadline.error(item) : error;
	const started = value.data;
	if (!isRecord(started) || !started.id) throw withoutId(item);
	startedFor.set(input, started);
	return started;
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
		if (known?.status === 'failed') {
			startedFor.delete(item.getInputData());
			throw await failed(item, known);
		}
		await pause(Math.min(wait, deadline.left), signalOf(item, request));
		if (deadline.isReached) throw deadline.error(item, known ?? { id });
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
	const { value, error } = await settled(readExport(item, request, id));
	if (value) return isRecord(value.data) ? value : undefined;
	const isNotFound = error instanceof NodeApiError && error.httpCode === '404';
	const isReached = (request.abortSignal as AbortSignal | undefined)?.aborted;
	if (isReached || mayPass(error) || (isNotFound && mayBeInvisible)) return undefined;
	throw error;
}

async function failed(
	item: IExecuteSingleFunctions,
	{ id, error }: Export,
): Promise<NodeOperationError> {
	const reason = error ?? 'Vizdom gives no reason';
	const credential = await item.getCredentials<VizdomCredential>('vizdomApi');
	return new NodeOperationError(
		item.getNode(),
		`The export failed: ${withoutKey(reason, credential)}`,
		{
			description: `Vizdom could not make the file of export '${id}'. Open the dashboard in Vizdom to see whether it loads there.`,
			itemIndex: item.getItemIndex(),
		},
	);
}

function withoutId(item: IExecuteSingleFunctions): NodeOperationError {
	const error = new NodeOperationError(item.getNode(), 'Vizdom did not tell the ID of the export', {
		description:
			'It may have been started all the same: look for it with the operation Get Many before you run this again.',
		itemIndex: item.getItemIndex(),
	});
	notAgain(error);
	return error;
}
