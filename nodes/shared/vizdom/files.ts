import type { IN8nHttpFullResponse } from 'n8n-workflow';
import { IncompleteBodyError } from '../http/outcome';
import { discard, type Exchange } from '../http/send';
import { anyOf, settled, unlessAborted } from '../http/signals';
import { isLoopbackHttp } from './baseUrl';
import type { VizdomError } from './errors';

const mostRedirects = 5;

const mostErrorBytes = 64 * 1024;

/** In ms */
const errorBodyWithin = 5_000;

const linkAdvice = 'The download link may have expired: export the dashboard again.';

/** What opening a file takes of the client. */
export interface FileRequests {
	/** The base URL, with a slash at its end */
	base: URL;
	signal: AbortSignal;
	fetch: (url: URL, withKey: boolean) => Promise<Exchange>;
	error: (message: string, description: string) => VizdomError;
	failure: (url: URL, exchange: Exchange, advice: string) => VizdomError;
}

/**
 * Follows a link to its file. The key goes along to the base URL's origin only, and never again
 * once the way has led elsewhere.
 *
 * @returns the response, its body a stream
 * @throws {IncompleteBodyError} if the file is not there yet (202, 204)
 */
export async function openLink(
	link: string,
	requests: FileRequests,
): Promise<IN8nHttpFullResponse> {
	const { base, signal, fetch, error, failure } = requests;
	let url = webAddress(link, base, requests);
	let withKey = true;
	for (let redirects = 0; redirects <= mostRedirects; redirects++) {
		withKey &&= url.origin === base.origin;
		const exchange = await fetch(url, withKey);
		const { response } = exchange.outcome;
		if (response?.statusCode === 200) return response;
		const location = redirectIn(response);
		if (location === undefined && !isNotReady(response)) {
			throw failure(url, await withErrorBody(exchange, signal), linkAdvice);
		}
		discard(response);
		if (location === undefined) throw notReady();
		url = webAddress(location, url, requests);
	}
	throw error(`The download link was redirected more than ${mostRedirects} times`, linkAdvice);
}

function redirectIn(response?: IN8nHttpFullResponse): string | undefined {
	const { statusCode = 0, headers } = response ?? {};
	const location = headers?.location;
	return statusCode < 400 && typeof location === 'string' ? location : undefined;
}

function isNotReady(response?: IN8nHttpFullResponse): boolean {
	return response?.statusCode === 202 || response?.statusCode === 204;
}

function notReady(): IncompleteBodyError {
	return new IncompleteBodyError('The file is not there yet', {
		description: 'Download it later with the operation Download.',
	});
}

/** A link of plain http is for a Vizdom on this machine only. */
function webAddress(link: string, from: URL, { base, error }: FileRequests): URL {
	const url = URL.canParse(link, from.href) ? new URL(link, from) : undefined;
	if (!url || !/^https?:$/.test(url.protocol)) {
		throw error('The download link is no web address', linkAdvice);
	}
	if (url.protocol === 'https:' || isLoopbackHttp(base)) return url;
	throw error(
		`The download link leads to ${url.host} over plain http`,
		'The file would cross the network unencrypted, so it was not fetched.',
	);
}

/** With the body of a refusal, which came as a stream, as JSON or text. */
async function withErrorBody(exchange: Exchange, signal: AbortSignal): Promise<Exchange> {
	const { outcome, attempts } = exchange;
	const { response } = outcome;
	if (!response || !isStream(response.body)) return exchange;
	const body = await jsonOrText(response.body, signal);
	discard(response);
	return { attempts, outcome: { ...outcome, response: { ...response, body } } };
}

async function jsonOrText(
	stream: AsyncIterable<Uint8Array>,
	signal: AbortSignal,
): Promise<IN8nHttpFullResponse['body']> {
	const parts: Uint8Array[] = [];
	const giveUp = anyOf(signal, AbortSignal.timeout(errorBodyWithin));
	// If it breaks off, what came of it says more than that it broke off.
	await settled(unlessAborted(readUpTo(mostErrorBytes, stream, parts), giveUp));
	const text = Buffer.concat(parts).toString('utf8');
	try {
		return JSON.parse(text) as IN8nHttpFullResponse['body'];
	} catch {
		return text as unknown as IN8nHttpFullResponse['body'];
	}
}

async function readUpTo(
	most: number,
	stream: AsyncIterable<Uint8Array>,
	parts: Uint8Array[],
): Promise<void> {
	let size = 0;
	for await (const part of stream) {
		parts.push(part);
		size += part.length;
		if (size > most) return;
	}
}

function isStream(body: unknown): body is AsyncIterable<Uint8Array> {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
