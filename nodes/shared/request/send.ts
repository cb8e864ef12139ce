import type { IHttpRequestOptions } from 'n8n-workflow';
import { answerUnusable, noAnswer, unsuccessful } from './errors';
import { exchange } from './exchange';
import type { Context, VizdomCredential } from './exchange';
import { checkedBaseUrl } from './origin';
import { isAnswer, retryAfter } from './retry';
import { isRecord } from './said';

/** The documented envelope of a success. */
export interface Envelope<T> {
	/** Not there where a change is answered with nothing (204), and after a deletion */
	data?: T;
	/** `meta.total`, on lists */
	total?: number;
	/** How long the server asks to wait before the next read, in milliseconds */
	retryAfter?: number;
}

/**
 * Sends one request to the API, with the key.
 *
 * @param request its `url` is the path below the base URL, ids already encoded
 * @returns the envelope
 * @throws {NodeApiError} that says what Vizdom said and what to do about it
 * @throws {UserError} where the base URL cannot be used
 */
export async function send<T>(
	context: Context,
	request: IHttpRequestOptions,
): Promise<Envelope<T>> {
	const credential = await context.getCredentials<VizdomCredential>('vizdomApi');
	const url = checkedBaseUrl(credential.baseUrl) + request.url;
	const { outcome, attempts } = await exchange(
		context,
		credential,
		{ ...request, baseURL: undefined, url, json: true },
		true,
	);
	const failure = { context, credential, request, attempts };
	if (!isAnswer(outcome)) throw noAnswer(failure, outcome);
	const { statusCode, body } = outcome;
	// The first try may have deleted it, although its answer was lost.
	const isGone =
		(statusCode === 404 || statusCode === 410) && request.method === 'DELETE' && attempts.maybeDone;
	if (isGone) return {};
	if (statusCode < 200 || statusCode > 299) throw unsuccessful(failure, outcome);
	if (request.method === 'DELETE' && isRecord(body) && !body.error) return {};
	if (isEmpty(body) && (request.method ?? 'GET') !== 'GET') return {};
	if (!isEnvelope(body)) throw answerUnusable(failure, outcome);
	return { data: body.data as T, total: totalOf(body), retryAfter: retryAfter(outcome) };
}

function isEmpty(body: unknown): boolean {
	return body === undefined || body === null || body === '';
}

function isEnvelope(body: unknown): body is { data: unknown; meta?: { total?: unknown } | null } {
	return isRecord(body) && 'data' in body;
}

function totalOf({ meta }: { meta?: { total?: unknown } | null }): number | undefined {
	const total = meta?.total;
	return typeof total === 'number' && Number.isInteger(total) && total >= 0 ? total : undefined;
}
