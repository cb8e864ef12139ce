import type { IHttpRequestMethods, IN8nHttpFullResponse } from 'n8n-workflow';

/** What came of a request: an answer, or the error of a connection that brought none. */
export type Outcome = IN8nHttpFullResponse | Error;

/** Tells an answer from an error, also from one of another realm, which is no `instanceof Error` here. */
export function isAnswer(outcome: Outcome): outcome is IN8nHttpFullResponse {
	return 'statusCode' in outcome && 'headers' in outcome;
}

/** A longer Retry-After is not waited for, in milliseconds. */
export const longestRetryAfter = 90_000;

const mostFailures = 3;
const firstWait = 1_000;

/** Methods of the API that can be repeated without doing anything twice (RFC 9110, 9.2.2). */
const repeatable = new Set<string>(['GET', 'DELETE']);

const passing = new Set([500, 502, 503, 504]);

/** The connection was never made: the server has seen nothing of the request. */
const neverConnected = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
]);

/** The encrypted connection was not made: the next time will bring the same. */
const untrusted = /^(EPROTO$|CERT_|DEPTH_ZERO_|ERR_SSL_|ERR_TLS_|SELF_SIGNED_|UNABLE_TO_)/;

/** The connection broke off, or the answer took too long: the server may have done the work. */
const brokenOff = new Set([
	'ECONNRESET',
	'ECONNABORTED',
	'EPIPE',
	'ETIMEDOUT',
	'ERR_BAD_RESPONSE',
	'ERR_STREAM_PREMATURE_CLOSE',
	'Z_BUF_ERROR',
]);

/** Judges the outcomes of one request, try after try. */
export class Attempts {
	/** How often the request was sent */
	count = 0;

	/** Milliseconds since the request was asked for, waiting for its turn included */
	get waited(): number {
		return performance.now() - this.startedAt;
	}

	/** Whether the server may have done what was asked, although it did not say so */
	maybeDone = false;

	private readonly startedAt = performance.now();

	private failures = 0;

	constructor(
		private readonly method: IHttpRequestMethods,
		private readonly random: () => number = Math.random,
	) {}

	/**
	 * How long to wait before the request is sent again, in milliseconds: full jitter up to 1, 2, then
	 * 4 s, but at least what the server asks for.
	 *
	 * @returns undefined where the outcome stands
	 */
	waitAfter(outcome: Outcome): number | undefined {
		const unsent = !isAnswer(outcome) && wasNeverSent(outcome);
		this.maybeDone ||= isAnswer(outcome) ? outcome.statusCode >= 500 : !unsent;
		if (!isPassing(outcome) || (!unsent && !repeatable.has(this.method))) return undefined;
		if (++this.failures > mostFailures) return undefined;
		const asked = isAnswer(outcome) ? (retryAfter(outcome) ?? 0) : 0;
		if (asked > longestRetryAfter) return undefined;
		const wait = firstWait * 2 ** (this.failures - 1);
		return Math.max(asked, this.random() * wait);
	}
}

/** 429: refused before any work was done. */
export function isRefusal(outcome: Outcome): outcome is IN8nHttpFullResponse {
	return isAnswer(outcome) && outcome.statusCode === 429;
}

/**
 * The wait that a server asks for (RFC 9110, 10.2.3), in milliseconds: a number of seconds, or a
 * date, which is compared with the server's own clock where it tells its time.
 *
 * @returns undefined where there is none, or none that makes sense
 */
export function retryAfter({ headers }: IN8nHttpFullResponse): number | undefined {
	const value = headers['retry-after'];
	if (typeof value !== 'string') return undefined;
	const isSeconds = /^\s*\d+(\.\d+)?\s*$/.test(value);
	// Date.parse reads a year into almost any text: a date here has a time of day.
	if (!isSeconds && !/\d:\d\d/.test(value)) return undefined;
	const wait = isSeconds ? Number(value) * 1_000 : Date.parse(value) - serverTime(headers.date);
	return wait > 0 ? wait : undefined;
}

function serverTime(date: unknown): number {
	const time = typeof date === 'string' ? Date.parse(date) : NaN;
	return Number.isNaN(time) ? Date.now() : time;
}

function isPassing(outcome: Outcome): boolean {
	if (isAnswer(outcome)) return passing.has(outcome.statusCode);
	return brokenOff.has(errorCode(outcome)) || isUnconnected(outcome);
}

/** Whether nothing of the request can have reached the server. */
export function wasNeverSent(error: Error): boolean {
	return isUnconnected(error) || untrusted.test(errorCode(error));
}

function isUnconnected(error: Error): boolean {
	return neverConnected.has(errorCode(error)) || syscall(error) === 'connect';
}

/** The system's code of an error, such as ECONNRESET; n8n wraps the error that has it. */
export function errorCode(error: Error): string {
	const { code, cause } = error as Error & { code?: unknown };
	if (typeof code === 'string') return code;
	return typeof cause === 'object' && cause !== null ? errorCode(cause as Error) : '';
}

function syscall(error: Error): unknown {
	const { syscall: name, cause } = error as Error & { syscall?: unknown };
	if (name !== undefined) return name;
	return typeof cause === 'object' && cause !== null ? syscall(cause as Error) : undefined;
}

/** Frees the connection of an answer that nobody reads, where its body is a stream. */
export function discard(outcome: Outcome): void {
	if (!isAnswer(outcome)) return;
	(outcome.body as { destroy?: () => void } | undefined)?.destroy?.();
}
