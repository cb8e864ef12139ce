import type { IN8nHttpFullResponse } from 'n8n-workflow';
import { discard, type Exchange } from '../http/send';
import { anyOf, settled, unlessAborted } from '../http/signals';
import { isLoopbackHttp } from './baseUrl';
import { shallow } from './envelope';
import type { FailureFacts, VizdomError } from './errors';

const mostRedirects = 5;
const mostRead = 64 * 1024; // characters of a refusal's body
const readWithin = 5_000; // ms
const linkAdvice = 'The download link may have expired: export the dashboard again.';

/** What following a link takes of the client. */
interface LinkRequests {
	base: URL; // the base URL, with a slash at its end
	signal: AbortSignal;
	fetch: (url: URL, withKey: boolean) => Promise<Exchange>;
	error: (message: string, description: string, facts?: FailureFacts) => VizdomError;
	failure: (url: URL, exchange: Exchange, advice?: string) => VizdomError;
}

/**
 * Follows a link to its file. The key goes along to the base URL's origin only, and never again
 * once the way has led elsewhere.
 * @returns the response, its body a stream, and its address after all redirects
 */
export async function openLink(
	link: string,
	requests: LinkRequests,
): Promise<{ response: IN8nHttpFullResponse; url: URL }> {
	const { base, fetch, error } = requests;
	let url = webAddress(link, base, requests);
	let withKey = true;
	for (let redirects = 0; redirects <= mostRedirects; redirects++) {
		withKey &&= url.origin === base.origin;
		const exchange = await fetch(url, withKey);
		const { response } = exchange.outcome;
		if (response?.statusCode === 200 || response?.statusCode === 203) {
			refuseEncoded(response, error);
			return { response, url };
		}
		const { location } = response?.headers ?? {};
		const status = response?.statusCode ?? 0;
		const isRedirect = status >= 300 && status < 400;
		if (!isRedirect || typeof location !== 'string') {
			throw await noFile(url, withKey, exchange, requests);
		}
		discard(response);
		url = webAddress(location, url, requests);
	}
	throw error(`The download link was redirected more than ${mostRedirects} times`, linkAdvice);
}

/** An encoding that is left is one that n8n does not know; S3 keeps the name of one that it takes off. */
function refuseEncoded(response: IN8nHttpFullResponse, error: LinkRequests['error']): void {
	const encoding = String(response.headers['content-encoding'] ?? 'identity');
	if (/^(identity|aws-chunked)?$/i.test(encoding.trim())) return;
	discard(response);
	throw error(
		`The file has the encoding '${encoding}', which n8n cannot read`,
		'Export the dashboard again.',
	);
}

/** A link of plain http is for a Vizdom on this machine only. */
function webAddress(link: string, from: URL, { base, error }: LinkRequests): URL {
	const url = URL.canParse(link, from.href) ? new URL(link, from) : undefined;
	if (!url || !/^https?:$/.test(url.protocol)) {
		throw error('The download link is not a web address', linkAdvice);
	}
	if (url.protocol === 'https:' || isLoopbackHttp(base)) return url;
	throw error(
		`The download link leads to ${url.host} over plain http`,
		'It was not downloaded, because it would cross the network unencrypted.',
	);
}

async function noFile(
	url: URL,
	withKey: boolean,
	exchange: Exchange,
	{ base, signal, error, failure }: LinkRequests,
): Promise<VizdomError> {
	const { outcome, attempts } = exchange;
	const { response } = outcome;
	const status = response?.statusCode;
	if (status === 202 || status === 204 || status === 425) {
		discard(response);
		const advice = 'Download it later with the operation Download.';
		return error('The file is not ready yet', advice, { outcome: 'transient', status });
	}
	if (status === 401 && !withKey) {
		discard(response);
		return error(
			`${url.host} requires credentials for the file (401)`,
			`The API key is sent only to ${base.host}. ${linkAdvice}`,
			{ outcome: 'refused', status },
		);
	}
	const read = response && { ...response, body: await readErrorBody(response.body, signal) };
	discard(response);
	const advice = status === 401 ? undefined : linkAdvice;
	return failure(url, { attempts, outcome: { ...outcome, response: read } }, advice);
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
