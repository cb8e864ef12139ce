import type { IDataObject, IHttpRequestMethods, IN8nHttpFullResponse } from 'n8n-workflow';
import type { Deadline } from './deadline';
import { type Outcome, outcomeOf, outcomeOfError } from './outcome';
import { Attempts } from './retry';
import { anyOf, pause, settled, type Signals } from './signals';
import type { Turns } from './turns';

type Readable = import('stream').Readable;

export interface HttpRequest {
	method: IHttpRequestMethods;
	url: string; // absolute
	query?: IDataObject;
	body?: IDataObject;
	withKey: boolean;
	asStream?: boolean; // whether the response's body comes as a stream
}

/**
 * Makes one attempt. Resolves with any status; rejects if there is no response.
 * @param timeout in ms; 0 for none
 */
export type Transport = (
	request: HttpRequest,
	timeout: number,
	signal: AbortSignal,
) => Promise<IN8nHttpFullResponse>;

/** How requests are sent: the same for all requests of an input item, a poll or a search. */
export interface SendOptions {
	transport: Transport;
	source: object; // turns are shared fairly between sources
	timeout: number; // of one attempt, in ms; 0 for none
	signals: Signals;
	deadline?: Deadline; // bounds the timeout of each attempt
}

/** The final outcome and its attempts. */
export interface Exchange {
	outcome: Outcome;
	attempts: Attempts;
	tried?: string[]; // other requests that were tried instead, without success
}

export const longestTimer = 2 ** 31 - 1; // ms, 24 days

/**
 * Sends a request when its turn comes, and retries it if that is safe and may help.
 * @param turns of the key, or of a file's host
 * @param requestsPerMinute the limit of these turns
 * @throws the signal's reason if it is aborted
 */
export async function send(
	request: HttpRequest,
	options: SendOptions,
	turns: Turns,
	requestsPerMinute: unknown,
): Promise<Exchange> {
	const { source, signals } = options;
	const { waiting } = signals;
	const underWay = request.method === 'GET' ? signals.reads : anyOf(signals.changes);
	const attempts = new Attempts(request.method);
	for (;;) {
		const again = attempts.isThrottled;
		const turn = await turns.take({ source, requestsPerMinute, again }, waiting);
		if (turn.refusal) return { outcome: withoutStream(turn.refusal), attempts };
		attempts.begin();
		const outcome = await attempt(request, options, underWay);
		if (turn.end(outcome)) return { outcome, attempts };
		if (outcome.error) underWay.throwIfAborted();
		const wait = attempts.waitAfter(outcome);
		if (wait === undefined) return { outcome, attempts };
		discard(outcome.response);
		await pause(wait, waiting);
	}
}

async function attempt(request: HttpRequest, options: SendOptions, underWay: AbortSignal) {
	const { method, url, asStream } = request;
	const timeout = timeoutOf(options);
	// A file may take any time, as long as data keeps arriving.
	const timeUp = asStream || timeout === 0 ? undefined : AbortSignal.timeout(timeout);
	const signal = anyOf(underWay, timeUp);
	const { value, error } = await settled(options.transport(request, timeout, signal));
	if (value) return outcomeOf(method, value);
	return outcomeOfError(method, timeUp?.aborted ? (timeUp.reason as Error) : error, url);
}

function timeoutOf({ timeout, deadline }: SendOptions): number {
	// AbortSignal.timeout takes whole milliseconds only.
	const longest = timeout > 0 ? Math.min(Math.ceil(timeout), longestTimer) : 0;
	if (!deadline) return longest;
	return Math.max(1, Math.min(longest || Infinity, Math.ceil(deadline.left)));
}

/** Frees the connection of a response whose body is a stream that nobody will read. */
export function discard(response?: IN8nHttpFullResponse): void {
	const stream = streamOf(response);
	// Before it is read from, destroying the stream does not reach the connection
	// (axios 1.18, lib/adapters/http.js, enforceMaxContentLength).
	stream?.read(0);
	stream?.destroy();
}

/** The body, if it is a stream: JSON has no functions. */
function streamOf(response?: IN8nHttpFullResponse): Readable | undefined {
	const body = response?.body as Partial<Readable> | undefined;
	return typeof body?.pipe === 'function' ? (body as Readable) : undefined;
}

/** A refusal is shared by many requests, but a stream can be read only once. */
function withoutStream({ response, ...outcome }: Outcome): Outcome {
	return {
		...outcome,
		response: response && streamOf(response) ? { ...response, body: {} } : response,
	};
}
