import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { IExecuteSingleFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { isWord, pathOf, paths } from '../shared/api';
import type { Export } from '../shared/api';
import { mayPass, waitAskedFor, withoutKey } from '../shared/request/errors';
import { signalOf } from '../shared/request/exchange';
import type { VizdomCredential } from '../shared/request/exchange';
import { notAgain } from '../shared/request/run';
import { isRecord, saidBy } from '../shared/request/said';
import { send } from '../shared/request/send';
import type { Envelope } from '../shared/request/send';
import { pause, settled } from '../shared/request/stop';
import type { Deadline } from './deadline';

const firstPause = 1_000;
const pauseGrowth = 1.5;
const longestPause = 15_000;

/** An export may be found, and have its link, so much later than it is started or completed, in milliseconds. */
const visibleAfter = 15_000;

/** Reads an export once. Throws as {@link send} does. */
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
 * @throws {NodeOperationError} where its turn did not come before the deadline: it was not started;
 * and where Vizdom did not tell its ID
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
 * @param needsLink whether its file is to be downloaded
 * @returns the completed export; without a link where none came within 15 seconds
 * @throws {NodeApiError} where it cannot be read for good
 * @throws {NodeOperationError} with Vizdom's reason where the export failed, and with its ID where
 * the deadline is reached
 */
export async function completedExport(
	item: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	started: Export | string,
	deadline: Deadline,
	needsLink: boolean,
): Promise<Export> {
	const isNew = typeof started !== 'string';
	const id = isNew ? started.id : started;
	const startedAt = performance.now();
	let completedAt: number | undefined;
	let known = isNew ? started : undefined;
	let wait = isNew ? firstPause : 0;
	for (;;) {
		if (known && isWord(known.status, 'completed')) {
			completedAt ??= performance.now();
			const isLinkDue = performance.now() - completedAt >= visibleAfter;
			if (!needsLink || known.download_url || isLinkDue) return known;
		}
		if (known && isWord(known.status, 'failed')) {
			startedFor.delete(item.getInputData());
			throw await failed(item, known);
		}
		const { left } = deadline;
		await pause(Math.min(wait, left), signalOf(item, request));
		// Timers may end a little early.
		if (wait >= left || deadline.isReached) throw deadline.error(item, known ?? { id });
		const mayBeInvisible = isNew && performance.now() - startedAt < visibleAfter;
		const mayPassToo = [mayBeInvisible && '404', ...(known ? unusable : [])];
		const read = await tolerantRead(item, deadline.limit(request), id, mayPassToo);
		known = read.data ?? known;
		wait = read.retryAfter ?? nextPause(wait);
	}
}

function nextPause(wait: number): number {
	return Math.min(Math.max(firstPause, wait * pauseGrowth), longestPause);
}

/** Successes without Vizdom's JSON: from a server that has answered with it before. */
const unusable = ['200', '201', '202', '203', '204'];

/**
 * A read that fails for a reason that may pass does not end the waiting: the export goes on.
 *
 * @param mayPassToo codes of errors that may pass here, beside those that always may
 */
async function tolerantRead(
	item: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	id: string,
	mayPassToo: Array<string | false>,
): Promise<Partial<Envelope<Export>>> {
	const { value, error } = await settled(readExport(item, request, id));
	if (value) return isRecord(value.data) ? value : {};
	const code = error instanceof NodeApiError ? (error.httpCode ?? '') : '';
	const isReached = (request.abortSignal as AbortSignal | undefined)?.aborted;
	if (!isReached && !mayPass(error) && !mayPassToo.includes(code)) throw error;
	return { retryAfter: waitAskedFor(error) };
}

/** Adds to an error which export it is about, where it does not tell. */
export function withExportId(error: Error & { description?: string | null }, id: string): Error {
	const { message, description } = error;
	if (`${message} ${description}`.includes(`'${id}'`)) return error;
	const advice = `The export '${id}' was started: get its file later with the operation Download and that ID.`;
	return Object.assign(error, { description: [description, advice].filter(Boolean).join(' ') });
}

async function failed(
	item: IExecuteSingleFunctions,
	{ id, error }: Export,
): Promise<NodeOperationError> {
	const { message: reason = 'Vizdom gives no reason' } = saidBy({ error });
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
