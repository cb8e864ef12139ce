import { type IHttpRequestMethods, type IN8nHttpFullResponse, UserError } from 'n8n-workflow';

/**
 * What came of one attempt, in the one respect that everything else depends on.
 *
 * - `ok`: a 2xx status.
 * - `throttled`: a 429. Nothing was done, so any method can be repeated.
 * - `transient`: likely to pass, and the method is safe to repeat (RFC 9110, 9.2.2).
 * - `unsent`: no connection was made. The server has seen nothing, so any method can be repeated.
 * - `unclear`: nobody knows whether the server did the work, or what its answer means.
 * - `refused`: the answer is final, and nothing was done.
 */
export type OutcomeClass = 'ok' | 'throttled' | 'transient' | 'unsent' | 'unclear' | 'refused';

export interface Outcome {
	class: OutcomeClass;
	response?: IN8nHttpFullResponse; // what the server answered
	error?: Error; // why there is no answer
	retryAfter?: number; // how long the server asks to wait before the next request, in ms
}

/** A body that ended too early. The next attempt may bring the rest. */
export class IncompleteBodyError extends UserError {}

/** Statuses that pass; 520 to 530 are a content delivery network's. */
const transientStatuses = new Set([408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530]);

/** System codes of a connection that was never made. */
const unsentCode = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/** The server's certificate is not trusted, or it does not speak TLS: the next attempt would fail too. */
const untrustedCode = /^(EPROTO$|CERT_|DEPTH_ZERO_|ERR_SSL_|ERR_TLS_|SELF_SIGNED_|UNABLE_TO_)/;

/** System codes of a connection that broke off, or of an answer that took too long. */
const brokenOffCode =
	/^(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ERR_BAD_RESPONSE|ERR_STREAM_PREMATURE_CLOSE|(Z_|ERR__ERROR_).*)$/;

/** Classifies what the server answered. */
export function outcomeOf(method: IHttpRequestMethods, response: IN8nHttpFullResponse): Outcome {
	return {
		class: classOfStatus(method, response.statusCode),
		response,
		retryAfter: retryAfterOf(response),
	};
}

/** Classifies an attempt that brought no answer, or an answer that broke off. */
export function outcomeOfError(method: IHttpRequestMethods, error: Error): Outcome {
	return { class: classOfError(method, error), error };
}

function classOfStatus(method: IHttpRequestMethods, status: number): OutcomeClass {
	if (status >= 200 && status <= 299) return 'ok';
	if (status === 429) return 'throttled';
	if (transientStatuses.has(status)) return repeatable(method);
	// 303 after a change: the work is done, and its result is elsewhere (RFC 9110, 15.4.4).
	const isDone = status === 303 && method !== 'GET';
	return isDone || status >= 500 ? 'unclear' : 'refused';
}

function classOfError(method: IHttpRequestMethods, error: Error): OutcomeClass {
	const code = errorCode(error);
	if (unsentCode.test(code) || find(error, 'syscall') === 'connect') return 'unsent';
	if (untrustedCode.test(code)) return 'refused';
	const isBrokenOff = error instanceof IncompleteBodyError || brokenOffCode.test(code);
	return isBrokenOff ? repeatable(method) : 'unclear';
}

/** Of the methods that this package uses, two are idempotent. */
function repeatable(method: IHttpRequestMethods): OutcomeClass {
	return method === 'GET' || method === 'DELETE' ? 'transient' : 'unclear';
}

/** The system's code, such as ECONNRESET, of an error that n8n may have wrapped, or of a timeout. */
export function errorCode(error: Error): string {
	return error.name === 'TimeoutError' ? 'ETIMEDOUT' : String(find(error, 'code') ?? '');
}

type SystemError = Partial<AggregateError> & { code?: unknown; syscall?: unknown };

function find(error: Error, name: 'code' | 'syscall'): unknown {
	const { [name]: value, cause, errors } = error as SystemError;
	if (typeof value === 'string') return value;
	// A host with several addresses fails with an error for each.
	const inner: unknown = cause ?? errors?.[0];
	return typeof inner === 'object' && inner !== null ? find(inner as Error, name) : undefined;
}

/**
 * The wait that a server asks for (RFC 9110, 10.2.3), in ms: a number of seconds, or a date, which
 * is compared with the server's own clock if it sends its time.
 * @returns undefined if there is none, or none that makes sense
 */
export function retryAfterOf({ headers }: IN8nHttpFullResponse): number | undefined {
	const value = headers['retry-after'];
	if (typeof value !== 'string') return undefined;
	const isSeconds = /^\s*\d+(\.\d+)?\s*$/.test(value);
	// Date.parse reads a year into almost any text: a date here has a time of day.
	if (!isSeconds && !/\d:\d\d/.test(value)) return undefined;
	const wait = isSeconds ? Number(value) * 1_000 : Date.parse(value) - serverTime(headers.date);
	return wait > 0 ? wait : undefined;
}

function serverTime(date: unknown): number {
	return (typeof date === 'string' && Date.parse(date)) || Date.now();
}
