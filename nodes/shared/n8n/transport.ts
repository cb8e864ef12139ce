import type {
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IPollFunctions,
} from 'n8n-workflow';
import { errorCode } from '../http/outcome';
import type { HttpRequest, Transport } from '../http/send';

/** What requests can come from: an input item, a locator's search, the trigger. */
export type Context = IExecuteSingleFunctions | ILoadOptionsFunctions | IPollFunctions;

/** What n8n's Request Options say of a request. */
export type RequestSettings = Pick<
	IHttpRequestOptions,
	'proxy' | 'skipSslCertificateValidation' | 'timeout'
>;

/** Makes one attempt with n8n's own request helper, the only place that calls it. */
export function transportOf(context: Context, settings: RequestSettings = {}): Transport {
	return async (request, timeout, signal) => {
		const options: IHttpRequestOptions = {
			...settings,
			...contentOf(request),
			timeout,
			abortSignal: signal,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
		};
		const response: Promise<IN8nHttpFullResponse> = request.withKey
			? context.helpers.httpRequestWithAuthentication.call(
					withSignal(context, signal),
					'vizdomApi',
					options,
				)
			: context.helpers.httpRequest(options);
		return await response.catch((error: Error) => Promise.reject(withCode(error)));
	};
}

function contentOf({ method, url, query, body, asStream }: HttpRequest): IHttpRequestOptions {
	return asStream
		? { method, url, encoding: 'stream' }
		: { method, url, qs: query, body, json: true };
}

/**
 * n8n replaces a request's own signal by the execution's
 * (n8n-core 2.40.3, execution-engine/node-execution-context/utils/request-helpers/authentication.ts).
 */
function withSignal<C extends Context>(context: C, signal: AbortSignal): C {
	return Object.create(context, { getExecutionCancelSignal: { value: () => signal } }) as C;
}

/**
 * n8n 1 drops the cause of its errors, and with it the system's code, but keeps the code as
 * `httpCode`; for a response that broke off, the status, because no status is an error here
 * (n8n-workflow 1.123, errors/node-api.error.ts).
 */
function withCode(error: Error & { httpCode?: unknown }): Error {
	const { httpCode } = error;
	if (errorCode(error) !== '' || typeof httpCode !== 'string') return error;
	return Object.assign(error, { code: /^\d+$/.test(httpCode) ? 'ERR_BAD_RESPONSE' : httpCode });
}

/** Aborted when the user stops the execution. Polls and searches cannot be stopped. */
export function executionSignal(context: Context): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
}
