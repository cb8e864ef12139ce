import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { IExecuteSingleFunctions, IN8nHttpFullResponse } from 'n8n-workflow';
import { noAnswer, unsuccessful } from './errors';
import { exchange, signalOf } from './exchange';
import type { StoppableRequest, VizdomCredential } from './exchange';
import { checkedBaseUrl } from './origin';
import { discard, isAnswer } from './retry';
import { anyOf, settled, unlessAborted } from './stop';

const mostRedirects = 5;

const mostErrorBytes = 64 * 1024;

/** In milliseconds */
const errorBodyWithin = 5_000;

const linkAdvice = 'The download link may have expired: export the dashboard again.';

/**
 * Opens a file for reading. The key goes along to the base URL's origin only, also where the link
 * or a redirect leads elsewhere.
 *
 * @param link absolute, or relative to the base URL
 * @returns the answer, with a stream for a body
 * @throws {NodeApiError} where the file is refused or not to be had
 * @throws {NodeOperationError} where it is not there yet (202, 204); its code has it tried again
 */
export async function openDownload(
	item: IExecuteSingleFunctions,
	request: StoppableRequest,
	link: string,
): Promise<IN8nHttpFullResponse> {
	const credential = await item.getCredentials<VizdomCredential>('vizdomApi');
	const base = new URL(`${checkedBaseUrl(credential.baseUrl)}/`);
	let url = webAddress(item, link, base);
	const { timeout, proxy, skipSslCertificateValidation, abortSignal, stop } = request;
	const transport = { timeout, proxy, skipSslCertificateValidation, abortSignal, stop };
	for (let redirects = 0; redirects <= mostRedirects; redirects++) {
		const read: StoppableRequest = { ...transport, url: url.href, encoding: 'stream' };
		const withKey = url.origin === base.origin;
		const { outcome, attempts } = await exchange(item, credential, read, withKey);
		const failure = { context: item, credential, request: read, attempts };
		if (!isAnswer(outcome)) throw noAnswer(failure, outcome);
		if (outcome.statusCode === 200) return outcome;
		if (outcome.statusCode === 202 || outcome.statusCode === 204) {
			discard(outcome);
			throw notReady(item);
		}
		const { location } = outcome.headers;
		if (outcome.statusCode >= 400 || typeof location !== 'string') {
			throw unsuccessful(
				failure,
				{ ...outcome, body: await jsonOrText(outcome, signalOf(item, request)) },
				linkAdvice,
			);
		}
		discard(outcome);
		url = webAddress(item, location, url);
	}
	throw new NodeApiError(
		item.getNode(),
		{},
		{ message: `The download link was redirected more than ${mostRedirects} times` },
	);
}

/** Counts as a connection that broke off, and so is tried again. */
function notReady(item: IExecuteSingleFunctions): Error {
	const error = new NodeOperationError(item.getNode(), 'The file is not there yet', {
		description: 'Download it later with the operation Download.',
		itemIndex: item.getItemIndex(),
	});
	return Object.assign(error, { code: 'ECONNRESET' });
}

function webAddress(item: IExecuteSingleFunctions, link: string, base: URL): URL {
	const url = URL.canParse(link, base.href) ? new URL(link, base) : undefined;
	if (url && /^https?:$/.test(url.protocol)) return url;
	throw new NodeApiError(
		item.getNode(),
		{},
		{
			message: 'The download link is no web address',
			description: linkAdvice,
		},
	);
}

/** The body of a refused download, which comes as bytes. */
async function jsonOrText(
	{ body }: IN8nHttpFullResponse,
	signal: AbortSignal,
): Promise<IN8nHttpFullResponse['body']> {
	if (!isStream(body)) return body;
	const parts: Uint8Array[] = [];
	const given = anyOf(signal, AbortSignal.timeout(errorBodyWithin));
	// Where it breaks off, what came of it says more than that it broke off.
	await settled(unlessAborted(readUpTo(mostErrorBytes, body, parts), given));
	const text = Buffer.concat(parts).toString('utf8');
	try {
		return JSON.parse(text) as IN8nHttpFullResponse['body'];
	} catch {
		return text;
	}
}

async function readUpTo(
	most: number,
	body: AsyncIterable<Uint8Array>,
	parts: Uint8Array[],
): Promise<void> {
	let size = 0;
	for await (const part of body) {
		parts.push(part);
		size += part.length;
		if (size > most) return;
	}
}

function isStream(body: unknown): body is AsyncIterable<Uint8Array> {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
