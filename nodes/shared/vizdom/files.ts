import type { IN8nHttpFullResponse } from 'n8n-workflow';
import { IncompleteBodyError } from '../http/outcome';
import { discard, type Exchange } from '../http/send';
import { anyOf, settled, unlessAborted } from '../http/signals';
import { isLoopbackHttp } from './baseUrl';
import { shallow } from './envelope';
import type { VizdomError } from './errors';

const mostRedirects = 5;
const mostRead = 64 * 1024; // characters of a refusal's body
const readWithin = 5_000; // ms
const linkAdvice = 'The download link may have expired: export the dashboard again.';

/** What following a link takes of the client. */
interface LinkRequests {
	base: URL; // the base URL, with a slash at its end
	signal: AbortSignal;
	fetch: (url: URL, withKey: boolean) => Promise<Exchange>;
	error: (message: string, description: string) => VizdomError;
	failure: (url: URL, exchange: Exchange, advice: string) => VizdomError;
}

/**
 * Follows a link to its file. The key goes along to the base URL's origin only, and never again
 * once the way has led elsewhere.
 * @returns the response, its body a stream
 * @throws {IncompleteBodyError} if the file is not there yet (202, 204)
 */
export async function openLink(
	link: string,
	requests: LinkRequests,
): Promise<IN8nHttpFullResponse> {
	const { base, fetch, error } = requests;
	let url = webAddress(link, base, requests);
	let withKey = true;
	for (let redirects = 0; redirects <= mostRedirects; redirects++) {
		withKey &&= url.origin === base.origin;
		const exchange = await fetch(url, withKey);
		const { response } = exchange.outcome;
		if (response?.statusCode === 200) return response;
		const { location } = response?.headers ?? {};
		const isRedirect = response !== undefined && response.statusCode < 400;
		if (!isRedirect || typeof location !== 'string') throw await noFile(url, exchange, requests);
		discard(response);
		url = webAddress(location, url, requests);
	}
	throw error(`The download link was redirected more than ${mostRedirects} times`, linkAdvice);
}

/** A link of plain http is for a Vizdom on this machine only. */
function webAddress(link: string, from: URL, { base, error }: LinkRequests): URL {
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

async function noFile(
	url: URL,
	exchange: Exchange,
	{ signal, failure }: LinkRequests,
): Promise<Error> {
	const { outcome, attempts } = exchange;
	const { response } = outcome;
	if (response?.statusCode === 202 || response?.statusCode === 204) {
		discard(response);
		return new IncompleteBodyError('The file is not there yet', {
			description: 'Download it later with the operation Download.',
		});
	}
	const read = response && { ...response, body: await readErrorBody(response.body, signal) };
	discard(response);
	return failure(url, { attempts, outcome: { ...outcome, response: read } }, linkAdvice);
}

/** The body of a refusal, which comes as a stream: its beginning, as JSON or text. */
async function readErrorBody(
	body: unknown,
	signal: AbortSignal,
): Promise<IN8nHttpFullResponse['body']> {
	const decoder = new TextDecoder();
	let text = '';
	const read = async () => {
		for await (const part of body as AsyncIterable<Uint8Array>) {
			text += decoder.decode(part, { stream: true });
			if (text.length > mostRead) return;
		}
	};
	// If it breaks off, what came of it says more than that it broke off.
	await settled(unlessAborted(read(), anyOf(signal, AbortSignal.timeout(readWithin))));
	try {
		return shallow(JSON.parse(text)) as IN8nHttpFullResponse['body'];
	} catch {
		return text as unknown as IN8nHttpFullResponse['body'];
	}
}
