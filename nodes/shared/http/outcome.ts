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
	/** Whether it came from a proxy on the way: the server has seen nothing */
	isFromProxy?: boolean;
}

/** A body that ended too early. The next attempt may bring the rest. */
export class IncompleteBodyError extends UserError {}

/** Statuses that pass; 520 to 530 are a content delivery network's. */
const transientStatuses = new Set([408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530]);

/** System codes of a connection that was never made. */
const unsentCode = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/** The server's certificate is not trusted, or it does not speak TLS: the next attempt would fail too. */
const untrustedCode = /^(EPROTO$|CERT_|DEPTH_ZERO_|ERR_SSL_|ERR_TLS_|SELF_SIGNED_|UNABLE_TO_)/;

/** How the system words that there is no connection. */
const unreached = /^(?:connect|getaddrinfo) [A-Z_]+ (\S+)/;

/** How n8n's proxy agents word it (https-proxy-agent 7.0.6, parse-proxy-response.ts). */
const endedByProxy = /\bCONNECT response\b/;

/** Header fields of a proxy that answers itself. Others, such as `Via`, are a content delivery network's too. */
const proxyHeader = /^proxy-(agent|authenticate)$/i;

/** System codes of a timeout. */
export const timeoutCode = /^(ECONNABORTED|ETIMEDOUT)$/;

/** System codes of a connection that broke off, or of an answer that took too long. */
const brokenOffCode =
	/^(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ERR_BAD_RESPONSE|ERR_STREAM_PREMATURE_CLOSE|(Z_|ERR__ERROR_).*)$/;

/** Classifies what the server answered. */
export function outcomeOf(method: IHttpRequestMethods, response: IN8nHttpFullResponse): Outcome {
	const { statusCode } = response;
	const retryAfter = retryAfterOf(response);
	const cut = method === 'GET' ? 'transient' : 'unclear';
	const kind = isCut(response) ? cut : classOfStatus(method, statusCode);
	return { class: kind, response, retryAfter, ...(isFromProxy(response) && { isFromProxy: true }) };
}

/** Whether another try may bring another status. */
export function isPassingStatus(status: number): boolean {
	return status === 429 || transientStatuses.has(status) || status >= 500;
}

/** Whether the request itself is refused, such as for a parameter that the server does not know. */
export function isBadRequest(status?: number): boolean {
	return status === 400 || status === 422;
}

/** Whether there is nothing at a path, or no such method. */
export function isMissingStatus(status?: number): boolean {
	return status === 404 || status === 405;
}

/** Whether a success has a body that begins as JSON, and cannot be parsed. */
function isCut({ statusCode, body }: IN8nHttpFullResponse): boolean {
	const isSuccess = statusCode >= 200 && statusCode <= 299;
	return isSuccess && typeof body === 'string' && /^\s*[[{]/.test(body);
}

/** Whether a proxy refused to pass a request on: only proxies use this status, and these header fields. */
function isFromProxy({ statusCode, headers }: IN8nHttpFullResponse): boolean {
	const isMarked = Object.keys(headers).some((name) => proxyHeader.test(name));
	return statusCode === 407 || (statusCode >= 400 && isMarked);
}

/**
 * Classifies an attempt that brought no answer, or an answer that broke off.
 * @param url of the request: a connection to another place is one to a proxy
 */
export function outcomeOfError(method: IHttpRequestMethods, error: Error, url = ''): Outcome {
	const place = unreachedPlace(error);
	const isElsewhere = URL.canParse(url) && place !== undefined && !isPlaceOf(new URL(url), place);
	const byProxy = isElsewhere || (place === undefined && isWithoutConnection(error));
	return { class: classOfError(method, error), error, ...(byProxy && { isFromProxy: true }) };
}

/** Such as `10.0.0.1:3128`, or a host name that could not be looked up. */
export function unreachedPlace(error: Error): string | undefined {
	const text = chain(error).find(({ message }) => unreached.test(message ?? ''))?.message;
	return unreached.exec(text ?? '')?.[1];
}

/** The address that n8n's SSRF protection refuses to connect to (@n8n/backend-network of n8n 2.40, ssrf/). */
export function blockedAddress(error: Error): string | undefined {
	const blocked = chain(error).find(({ name }) => name?.startsWith('SsrfBlocked'));
	return blocked && String(blocked.ip ?? blocked.hostname);
}

/** n8n's proxy agents give a request its connection only when the proxy has made one to the server. */
function isWithoutConnection(error: Error): boolean {
	const isNeverMade = chain(error).some(({ request }) => request?.socket === null);
	return isNeverMade || endedByProxy.test(error.message);
}

function isPlaceOf({ protocol, hostname, port }: URL, place: string): boolean {
	const usual = protocol === 'https:' ? '443' : '80';
	return place === hostname || place.endsWith(`:${port || usual}`);
}

function classOfStatus(method: IHttpRequestMethods, status: number): OutcomeClass {
	if (status >= 200 && status <= 299) return 'ok';
	if (status === 429) return 'throttled';
	if (transientStatuses.has(status)) return repeatable(method);
	// A change that is answered with a redirect may be done, and its result elsewhere (RFC 9110, 15.4).
	const mayBeDone = status < 400 && method !== 'GET';
	return mayBeDone || status >= 500 ? 'unclear' : 'refused';
}

function classOfError(method: IHttpRequestMethods, error: Error): OutcomeClass {
	const code = errorCode(error);
	const isUnreached = unreachedPlace(error) !== undefined || find(error, 'syscall') === 'connect';
	if (unsentCode.test(code) || isUnreached || isWithoutConnection(error)) return 'unsent';
	if (untrustedCode.test(code) || blockedAddress(error) !== undefined) return 'refused';
	const isBrokenOff = error instanceof IncompleteBodyError || brokenOffCode.test(code);
	return isBrokenOff ? repeatable(method) : 'unclear';
}

/** Of the methods that this package uses, two are idempotent. */
function repeatable(method: IHttpRequestMethods): OutcomeClass {
	return method === 'GET' || method === 'DELETE' ? 'transient' : 'unclear';
}

/** The system's code, such as ECONNRESET, of an error that n8n may have wrapped, or of a timeout. */
export function errorCode(error: Error): string {
	if (error.name === 'TimeoutError') return 'ETIMEDOUT';
	return find(error, 'code') ?? '';
}

type SystemError = Partial<AggregateError> & {
	code?: unknown;
	syscall?: unknown;
	request?: { socket?: unknown }; // axios's: node's own
	ip?: unknown; // of n8n's SSRF protection
	hostname?: unknown;
};

function find(error: Error, name: 'code' | 'syscall'): string | undefined {
	const values = chain(error).map(({ [name]: value }) => value);
	return values.find((value) => typeof value === 'string');
}

/** An error and what it was caused by, down to the system's. */
function chain(error: SystemError): SystemError[] {
	// A host with several addresses fails with an error for each.
	const inner: unknown = error.cause ?? error.errors?.[0];
	return typeof inner === 'object' && inner !== null ? [error, ...chain(inner)] : [error];
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
	const wait = isSeconds
		? Number(value) * 1_000
		: Date.parse(value) - (dateIn(headers) ?? Date.now());
	return wait > 0 ? wait : undefined;
}

/** The time by the server's clock, in ms since 1970, if it sends its time. */
export function dateIn({ date }: IN8nHttpFullResponse['headers']): number | undefined {
	return (typeof date === 'string' && Date.parse(date)) || undefined;
}
