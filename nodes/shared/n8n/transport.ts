import type {
	DeclarativeRestApiSettings,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IPollFunctions,
	Workflow,
} from 'n8n-workflow';
import { errorCode, IncompleteBodyError } from '../http/outcome';
import type { Transport } from '../http/send';
import { demandItsEnd } from './wholeBody';

type Readable = import('stream').Readable;

/** The sources of requests: an input item, a locator's search, the trigger. */
export type Context = IExecuteSingleFunctions | ILoadOptionsFunctions | IPollFunctions;

/** n8n's Request Options. */
export type RequestSettings = DeclarativeRestApiSettings.HttpRequestOptions;

/** Makes one attempt with n8n's own request helper, the only place that calls it. */
export function transportOf(context: Context, settings: RequestSettings): Transport {
	const { proxy, skipSslCertificateValidation } = settings;
	return async ({ method, url, query, body, withKey, asStream }, timeout, signal) => {
		const options: IHttpRequestOptions = {
			method,
			url,
			...(asStream ? { encoding: 'stream' } : { qs: query, body, json: true }),
			// Truncation is harder to detect in a compressed body. Only lists are worth that.
			...((asStream || method !== 'GET') && { headers: { 'Accept-Encoding': 'identity' } }),
			proxy,
			skipSslCertificateValidation: skipSslCertificateValidation === true,
			timeout,
			abortSignal: signal,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
		};
		const { helpers } = context;
		const attempt = contextFor(context, signal);
		const response: Promise<IN8nHttpFullResponse> = withKey
			? helpers.httpRequestWithAuthentication.call(attempt, 'vizdomApi', options)
			: helpers.httpRequest(options);
		const answered = await response.catch((error: Error) => Promise.reject(withCode(error)));
		if (asStream) demandItsEnd(answered.body as unknown as Readable);
		else if (lacksItsBody(answered)) throw new IncompleteBodyError('the answer broke off');
		return answered;
	};
}

/**
 * The context as n8n's helper gets it for one attempt (n8n-core 2.40.3,
 * execution-engine/node-execution-context/utils/request-helpers/authentication.ts).
 */
function contextFor(context: Context, signal: AbortSignal): Context {
	const { workflow } = context as { workflow?: Pick<Workflow, 'expression'> };
	return Object.create(context, {
		// n8n replaces a request's own signal with the execution's.
		getExecutionCancelSignal: { value: () => signal },
		// All polls of a workflow share one isolate for expressions, such as the credential's header. n8n
		// releases it when the first poll ends (execution-engine/poll-trigger-executor.ts), so it is
		// acquired again just before it is needed. n8n 1 has no isolates.
		getCredentials: {
			value: async (...parameters: [string]) => {
				const credentials = await context.getCredentials(...parameters);
				await workflow?.expression.acquireIsolate?.();
				return credentials;
			},
		},
	}) as Context;
}

/** Whether a success is unexpectedly empty: nothing may be left of a truncated compressed body. */
function lacksItsBody({ body, headers, statusCode }: IN8nHttpFullResponse): boolean {
	const isSuccess = statusCode >= 200 && statusCode <= 203;
	const isJson = /json/i.test(String(headers['content-type']));
	const length = Number(headers['content-length'] ?? (isJson ? NaN : 0));
	return isSuccess && (body as unknown) === '' && length !== 0;
}

/**
 * n8n 1 drops the cause of its errors, and with it the system's code, but keeps the code as
 * `httpCode`; for an incomplete response, this is the status, because no status is an error here.
 * The system's message is the first of `messages` (n8n-workflow 1.123, errors/node-api.error.ts).
 */
function withCode(error: Error & { httpCode?: unknown; messages?: string[] }): Error {
	const { httpCode, messages } = error;
	if (errorCode(error) !== '' || typeof httpCode !== 'string') return error;
	const code = /^\d+$/.test(httpCode) ? 'ERR_BAD_RESPONSE' : httpCode;
	return Object.assign(error, { code, cause: new Error(messages?.[0]) });
}
