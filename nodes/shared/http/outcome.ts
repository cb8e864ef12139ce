import { type IHttpRequestMethods, type IN8nHttpFullResponse, UserError } from 'n8n-workflow';

/**
 * How one attempt ended. Retries, waiting, error texts and n8n's back-off depend on this alone.
 *
 * - `ok`: a 2xx status.
 * - `throttled`: status 429. Nothing was done, so any method can be repeated.
 * - `transient`: likely to pass, and the method is safe to repeat (RFC 9110, 9.2.2).
 * - `unsent`: no connection was made, so any method can be repeated.
 * - `unclear`: the server may or may not have done the work.
 * - `refused`: final, and nothing was done.
 */
export type OutcomeClass = 'ok' | 'throttled' | 'transient' | 'unsent' | 'unclear' | 'refused';

export interface Outcome {
	class: OutcomeClass;
	response?: IN8nHttpFullResponse;
	error?: Error; // why there is no response
	retryAfter?: number; // the wait that the server asks for, in ms
	isFromProxy?: boolean; // whether a proxy on the way answered or failed
}

/** A body that ended too early. The next attempt may bring the rest. */
export class IncompleteBodyError extends UserError {}

/** Statuses that another try may change; 520 to 530 are a content delivery network's. */
const transientStatuses = new Set([408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530]);

/** System codes of a connection that was never made. */
const unsentCode = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/** System codes of an untrusted certificate, or no TLS at all: the next attempt would fail too. */
const untrustedCode = /^(EPROTO$|CERT_|DEPTH_ZERO_|ERR_SSL_|ERR_TLS_|SELF_SIGNED_|UNABLE_TO_)/;

/** The system's message if there is no connection. */
const unreached = /^(?:connect|getaddrinfo) [A-Z_]+ (\S+)/;

/** The same from n8n's proxy agents (https-proxy-agent 7.0.6, parse-proxy-response.ts). */
const endedByProxy = /\bCONNECT response\b/;

/** Header fields that only a proxy's own answer has; `Via`, for one, may be a content delivery network's. */
const proxyHeader = /^proxy-(agent|authenticate)$/i;

/** System codes of a timeout. */
export const timeoutCode = /^(ECONNABORTED|ETIMEDOUT)$/;

/** System codes of a connection that broke off or timed out. */
const brokenOffCode =
	/^(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ERR_BAD_RESPONSE|ERR_STREAM_PREMATURE_CLOSE|(Z_|ERR__ERROR_).*)$/;

/** Classifies a response. */
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

/** Whether the request itself is wrong, for example a parameter that the server does not know. */
export function isBadRequest(status?: number): boolean {
	return status === 400 || status === 422;
}

/** Whether the path or its method does not exist. */
export function isMissingStatus(status?: number): boolean {
	return status === 404 || status === 405;
}

/** Whether a success has a body that begins like JSON but was not parsed. */
function isCut({ statusCode, body }: IN8nHttpFullResponse): boolean {
	const isSuccess = statusCode >= 200 && statusCode <= 299;
	return isSuccess && typeof body === 'string' && /^\s*[[{]/.test(body);
}

/** Whether a proxy refused to forward the request. */
function isFromProxy({ statusCode, headers }: IN8nHttpFullResponse): boolean {
	const isMarked = Object.keys(headers).some((name) => proxyHeader.test(name));
	return statusCode === 407 || (statusCode >= 400 && isMarked);
}

/**
 * Classifies an attempt without a response, or whose response broke off.
 * @param url of the request: a connection to any other place is to a proxy
 */
export function outcomeOfError(method: IHttpRequestMethods, error: Error, url = ''): Outcome {
	const place = unreachedPlace(error);
	const isElsewhere = URL.canParse(url) && place !== undefined && !isPlaceOf(new URL(url), place);
	const byProxy = isElsewhere || (place === undefined && isWithoutConnection(error));
	return { class: classOfError(method, error), error, ...(byProxy && { isFromProxy: true }) };
}

/** Where no connection could be made, such as `10.0.0.1:3128`, or a host name that could not be resolved. */
export function unreachedPlace(error: Error): string | undefined {
	const text = chain(error).find(({ message }) => unreached.test(message ?? ''))?.message;
	return unreached.exec(text ?? '')?.[1];
}

/** The address that n8n's SSRF protection refuses to connect to (@n8n/backend-network of n8n 2.40, ssrf/). */
export function blockedAddress(error: Error): string | undefined {
	const blocked = chain(error).find(({ name }) => name?.startsWith('SsrfBlocked'));
	return blocked && String(blocked.ip ?? blocked.hostname);
}

/** n8n's proxy agents assign a connection only once the proxy has made one to the server. */
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
	// A redirect may be the response to a change that was made (RFC 9110, 15.4).
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

/** Of the methods that this package uses, only these two are idempotent. */
function repeatable(method: IHttpRequestMethods): OutcomeClass {
	return method === 'GET' || method === 'DELETE' ? 'transient' : 'unclear';
}

/** The system code, such as ECONNRESET, of an error that n8n may have wrapped. */
export function errorCode(error: Error): string {
	if (error.name === 'TimeoutError') return 'ETIMEDOUT';
	return find(error, 'code') ?? '';
}

type SystemError = Partial<AggregateError> & {
	code?: unknown;
	syscall?: unknown;
	request?: { socket?: unknown }; // Node.js's request, attached by axios
	ip?: unknown; // of n8n's SSRF protection
	hostname?: unknown;
};

function find(error: Error, name: 'code' | 'syscall'): string | undefined {
	const values = chain(error).map(({ [name]: value }) => value);
	return values.find((value) => typeof value === 'string');
}

/** An error and its causes, down to the system's. */
function chain(error: SystemError): SystemError[] {
	// A host with several addresses fails with an error for each.
	const inner: unknown = error.cause ?? error.errors?.[0];
	return typeof inner === 'object' && inner !== null ? [error, ...chain(inner)] : [error];
}

/**
 * The Retry-After header (RFC 9110, 10.2.3) in ms: a number of seconds, or a date, which is compared
 * with the server's own Date if there is one.
 * @returns undefined if it is missing or makes no sense
 */
export function retryAfterOf({ headers }: IN8nHttpFullResponse): number | undefined {
	const value = headers['retry-after'];
	if (typeof value !== 'string') return undefined;
	const isSeconds = /^\s*\d+(\.\d+)?\s*$/.test(value);
	// Date.parse accepts almost any text, so require a time of day.
	if (!isSeconds && !/\d:\d\d/.test(value)) return undefined;
	const wait = isSeconds
		? Number(value) * 1_000
		: Date.parse(value) - (dateIn(headers) ?? Date.now());
	return wait > 0 ? wait : undefined;
}

/** The Date header, in ms since 1970. */
export function dateIn({ date }: IN8nHttpFullResponse['headers']): number | undefined {
	return (typeof date === 'string' && Date.parse(date)) || undefined;
}
