import { NodeApiError } from 'n8n-workflow';
import type {
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import { connectionLost, refused } from './errors';
import { checkedBaseUrl } from './origin';
import type { VizdomCredential } from './send';

const mostRedirects = 5;

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
	for (let redirects = 0; redirects <= mostRedirects; redirects++) {
		const { timeout, proxy, skipSslCertificateValidation } = request;
		const read: IHttpRequestOptions = {
			method: 'GET',
			url: url.href,
			timeout,
			proxy,
			skipSslCertificateValidation,
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
		};
		const answer = await open(item, read, url.origin === base.origin);
		if (answer instanceof Error) throw connectionLost(item, credential, read, answer);
		const { location } = answer.headers;
		if (answer.statusCode >= 300 && answer.statusCode < 400 && typeof location === 'string') {
			(answer.body as NodeJS.ReadableStream & { destroy(): void }).destroy();
			url = new URL(location, url);
			continue;
		}
		if (answer.statusCode === 200) return answer;
		throw refused(item, credential, read, { ...answer, body: await jsonOrText(answer) });
	}
	throw new NodeApiError(
		item.getNode(),
		{},
		{ message: 'The download link leads round in circles' },
	);
}

async function open(
	item: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	withKey: boolean,
): Promise<IN8nHttpFullResponse | Error> {
	const { helpers } = item;
	const answer: Promise<IN8nHttpFullResponse> = withKey
		? helpers.httpRequestWithAuthentication.call(item, 'vizdomApi', request)
		: helpers.httpRequest({ ...request, abortSignal: item.getExecutionCancelSignal() });
	return await answer.catch((error: Error) => error);
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
