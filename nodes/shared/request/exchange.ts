import type {
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IPollFunctions,
} from 'n8n-workflow';
import { anyOf, pause } from './stop';
import { turnsOf } from './rate';
import { Attempts, discard, errorCode } from './retry';
import type { Outcome } from './retry';

/** Where a request can come from: an input item, a locator's search, the trigger. */
export type Context = IExecuteSingleFunctions | ILoadOptionsFunctions | IPollFunctions;

/** What the credential `vizdomApi` holds. */
export interface VizdomCredential {
	apiKey: string;
	baseUrl: string;
	requestsPerMinute: number;
}

/** The outcome that stands, and the tries that it took. */
interface Exchange {
	outcome: Outcome;
	attempts: Attempts;
}

/** In milliseconds, for a locator's search and the trigger; the operations come with n8n's own, or the user's. */
const defaultTimeout = 60_000;

/**
 * Sends a request when it is its turn, and again where that is safe and may help.
 *
 * @param request its `url` is absolute
 * @param withKey whether the key goes along: to the base URL's origin only
 * @throws the signal's reason, when the user stops the execution
 */
export async function exchange(
	context: Context,
	{ apiKey, requestsPerMinute }: VizdomCredential,
	request: IHttpRequestOptions,
	withKey: boolean,
): Promise<Exchange> {
	const turns = turnsOf(new URL(request.url).origin, withKey ? apiKey : '');
	turns.setLimit(requestsPerMinute);
	const signal = signalOf(context, request);
	const stoppable = { ...request, abortSignal: signal };
	const attempts = new Attempts(request.method ?? 'GET');
	const tryOnce = async () => {
		attempts.count++;
		return await callHelper(context, stoppable, withKey);
	};
	for (;;) {
		const outcome = await turns.take(tryOnce, signal);
		const wait = attempts.waitAfter(outcome);
		if (wait === undefined) return { outcome, attempts };
		discard(outcome);
		await pause(wait, signal);
	}
}

async function callHelper(
	context: Context,
	request: IHttpRequestOptions,
	withKey: boolean,
): Promise<Outcome> {
	const options: IHttpRequestOptions = {
		timeout: defaultTimeout,
		...request,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
	};
	const { helpers } = context;
	const answer: Promise<IN8nHttpFullResponse> = withKey
		? helpers.httpRequestWithAuthentication.call(context, 'vizdomApi', options)
		: helpers.httpRequest(options);
	return await answer.catch(withCode);
}

/**
 * n8n 1 drops the cause of its errors, which has the system's code, but keeps the code as `httpCode`:
 * of an answer that broke off its status, because no status is an error here.
 */
function withCode(error: Error & { httpCode?: unknown }): Error {
	const { httpCode } = error;
	if (errorCode(error) !== '' || typeof httpCode !== 'string') return error;
	return Object.assign(error, { code: /^\d+$/.test(httpCode) ? 'ERR_BAD_RESPONSE' : httpCode });
}

/** Aborted when the user stops the execution, or the request's own signal is. */
export function signalOf(context: Context, { abortSignal }: IHttpRequestOptions): AbortSignal {
	const execution =
		'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	return anyOf(execution, abortSignal as AbortSignal | undefined);
}
