import type {
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IPollFunctions,
} from 'n8n-workflow';
import { answerUnusable, connectionLost, refused } from './errors';
import { checkedBaseUrl } from './origin';

/** Where a request can come from: an input item, a locator's search, the trigger. */
export type Context = IExecuteSingleFunctions | ILoadOptionsFunctions | IPollFunctions;

/** What the credential `vizdomApi` holds. */
export interface VizdomCredential {
	apiKey: string;
	baseUrl: string;
	requestsPerMinute: number;
}

/** The documented envelope of a success; `total` is `meta.total`, on lists. */
export interface Envelope<T> {
	data: T;
	total?: number;
}

/**
 * Sends one request to the API, with the key.
 *
 * @param request its `url` is the path below the base URL, ids already encoded
 * @returns the envelope; `data` is undefined where the answer has no body (204)
 * @throws {NodeApiError} that says what Vizdom said and what to do about it
 */
export async function send<T>(
	context: Context,
	request: IHttpRequestOptions,
): Promise<Envelope<T>> {
	const credential = await context.getCredentials<VizdomCredential>('vizdomApi');
	const answer = await exchange(context, {
		...request,
		baseURL: checkedBaseUrl(credential.baseUrl),
		json: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
	});
	if (answer instanceof Error) throw connectionLost(context, credential, request, answer);
	if (answer.statusCode < 200 || answer.statusCode > 299) {
		throw refused(context, credential, request, answer);
	}
	if (isEmpty(answer.body)) return { data: undefined as T };
	if (!isEnvelope(answer.body)) throw answerUnusable(context, credential, request, answer);
	return { data: answer.body.data as T, total: totalOf(answer.body) };
}

async function exchange(
	context: Context,
	request: IHttpRequestOptions,
): Promise<IN8nHttpFullResponse | Error> {
	return await (
		context.helpers.httpRequestWithAuthentication.call(
			context,
			'vizdomApi',
			request,
		) as Promise<IN8nHttpFullResponse>
	).catch((error: Error) => error);
}

function isEmpty(body: unknown): boolean {
	return body === undefined || body === null || body === '';
}

function isEnvelope(body: unknown): body is { data: unknown; meta?: { total?: unknown } } {
	return typeof body === 'object' && body !== null && 'data' in body;
}

function totalOf({ meta }: { meta?: { total?: unknown } }): number | undefined {
	const total = meta?.total;
	return typeof total === 'number' && Number.isInteger(total) && total >= 0 ? total : undefined;
}
