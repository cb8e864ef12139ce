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

/** Its `abortSignal` ends the request, also where it is under way. */
export interface StoppableRequest extends IHttpRequestOptions {
	/** Ends the waiting: for a turn, before a repetition, between two reads */
	stop?: AbortSignal;
}

/** The outcome that stands, and the tries that it took. */
interface Exchange {
	outcome: Outcome;
	attempts: Attempts;
}

/** In milliseconds, for a locator's search and the trigger; the operations come with n8n's own, or the user's. */
const defaultTimeout = 60_000;

/** In milliseconds */
const longestTimer = 2 ** 31 - 1;

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
	request: StoppableRequest,
	withKey: boolean,
): Promise<Exchange> {
	const turns = turnsOf(new URL(request.url).origin, withKey ? apiKey : '');
	turns.setLimit(requestsPerMinute);
	const signal = signalOf(context, request);
	const attempts = new Attempts(request.method ?? 'GET');
	const tryOnce = async () => {
		attempts.count++;
		return await callHelper(context, request, withKey);
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
	const { method = 'GET', timeout = defaultTimeout, encoding } = request;
	const tooLong = encoding === 'stream' ? undefined : timeLimit(timeout);
	// A change that is under way is made all the same: it is waited for, unless the user stops it.
	const own = method === 'GET' ? (request.abortSignal as AbortSignal | undefined) : undefined;
	const abortSignal = anyOf(executionSignal(context), own, tooLong);
	const options: IHttpRequestOptions = {
		...request,
		timeout,
		abortSignal,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
	};
	const { helpers } = context;
	const answer: Promise<IN8nHttpFullResponse> = withKey
		? helpers.httpRequestWithAuthentication.call(
				withSignal(context, abortSignal),
				'vizdomApi',
				options,
			)
		: helpers.httpRequest(options);
	return await answer.catch((error: Error) =>
		tooLong?.aborted ? Object.assign(error, { code: 'ETIMEDOUT' }) : withCode(error),
	);
}

/** n8n's own timeout begins anew with each byte that comes. None where it is turned off. */
function timeLimit(milliseconds: number): AbortSignal | undefined {
	return milliseconds > 0 ? AbortSignal.timeout(Math.min(milliseconds, longestTimer)) : undefined;
}

/** n8n puts the execution's signal in place of a request's. */
function withSignal<C extends Context>(context: C, signal: AbortSignal): C {
	return Object.create(context, { getExecutionCancelSignal: { value: () => signal } }) as C;
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

/** Aborted when the user stops the execution, or one of the request's own signals is. */
export function signalOf(context: Context, request: StoppableRequest): AbortSignal {
	const { stop, abortSignal } = request;
	return anyOf(executionSignal(context), stop, abortSignal as AbortSignal | undefined);
}

function executionSignal(context: Context): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
}
