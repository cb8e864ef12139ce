import { NodeApiError } from 'n8n-workflow';
import type {
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import { noAnswer, refused } from './errors';
import { discard, exchange } from './exchange';
import type { VizdomCredential } from './exchange';
import { checkedBaseUrl } from './origin';

const mostRedirects = 5;

const linkAdvice = 'The download link may have expired: export the dashboard again.';

/**
 * Opens a file for reading. The key goes along to the base URL's origin only, also where the link
 * or a redirect leads elsewhere.
 *
 * @param link absolute, or relative to the base URL
 * @returns the answer, with a stream for a body
 * @throws {NodeApiError} where the file is refused or not to be had
 */
export async function openDownload(
	item: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	link: string,
): Promise<IN8nHttpFullResponse> {
	const credential = await item.getCredentials<VizdomCredential>('vizdomApi');
	const base = new URL(`${checkedBaseUrl(credential.baseUrl)}/`);
	let url = new URL(link, base);
	const { timeout, proxy, skipSslCertificateValidation, abortSignal } = request;
	const transport = { timeout, proxy, skipSslCertificateValidation, abortSignal };
	for (let redirects = 0; redirects <= mostRedirects; redirects++) {
		const read: IHttpRequestOptions = { ...transport, url: url.href, encoding: 'stream' };
		const withKey = url.origin === base.origin;
		const { outcome, attempts } = await exchange(item, credential, read, withKey);
		const failure = { context: item, credential, request: read, attempts };
		if (outcome instanceof Error) throw noAnswer(failure, outcome);
		if (outcome.statusCode === 200) return outcome;
		const { location } = outcome.headers;
		if (outcome.statusCode >= 400 || typeof location !== 'string') {
			throw refused(failure, { ...outcome, body: await jsonOrText(outcome) }, linkAdvice);
		}
		discard(outcome);
		url = new URL(location, url);
	}
	throw new NodeApiError(
		item.getNode(),
		{},
		{ message: 'The download link leads round in circles' },
	);
}

/** The body of a refused download, which comes as bytes. */
async function jsonOrText({ body }: IN8nHttpFullResponse): Promise<IN8nHttpFullResponse['body']> {
	const most = 64 * 1024;
	let text = '';
	for await (const part of body as AsyncIterable<Uint8Array>) {
		text += Buffer.from(part).toString('utf8');
		if (text.length > most) break;
	}
	try {
		return JSON.parse(text) as IN8nHttpFullResponse['body'];
	} catch {
		return text;
	}
}
