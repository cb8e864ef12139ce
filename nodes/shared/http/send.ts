import type { IDataObject, IHttpRequestMethods, IN8nHttpFullResponse } from 'n8n-workflow';
import type { Deadline } from './deadline';
import { type Outcome, outcomeOf, outcomeOfError } from './outcome';
import { Attempts } from './retry';
import { anyOf, pause, settled } from './signals';
import type { Turns } from './turns';

export interface HttpRequest {
	method: IHttpRequestMethods;
	url: string; // absolute
	query?: IDataObject;
	body?: IDataObject;
	withKey: boolean;
	asStream?: boolean; // whether the response's body is wanted as a stream
}

/**
 * Makes one attempt. Resolves with any status; rejects if no response comes.
 * @param timeout in ms; 0 for none
 */
export type Transport = (
	request: HttpRequest,
	timeout: number,
	signal: AbortSignal,
) => Promise<IN8nHttpFullResponse>;

/** How requests are sent: the same for all requests of an input item, a poll or a search. */
export interface Sending {
	transport: Transport;
	source: object; // who asks: turns are shared out fairly between sources
	timeout: number; // of one attempt, in ms; 0 for none
	stopped?: AbortSignal; // ends everything: the user stops the execution
	cancelled?: AbortSignal; // ends waiting and reads; a change under way is waited for
	abandoned?: AbortSignal; // ends waiting only: what is under way may come to its end
	deadline?: Deadline; // cancels, and bounds the timeout of each attempt
}

/** The outcome that stands, and what it took. */
export interface Exchange {
	outcome: Outcome;
	attempts: Attempts;
}

export const longestTimer = 2 ** 31 - 1; // ms, 24 days

/**
 * Sends a request when it is its turn, and again if that is safe and may help.
 * @param turns of the key, or of a file's host
 * @param requestsPerMinute the limit of these turns
 * @throws the reason of the signal that stops or cancels it
 */
export async function send(
	request: HttpRequest,
	sending: Sending,
	turns: Turns,
	requestsPerMinute: unknown,
): Promise<Exchange> {
	const { source } = sending;
	const waiting = waitingSignal(sending);
	const attempts = new Attempts(request.method);
	for (;;) {
		const again = attempts.isThrottled;
		const turn = await turns.take({ source, requestsPerMinute, again }, waiting);
		if (turn.refusal) return { outcome: withoutStream(turn.refusal), attempts };
		attempts.count++;
		const outcome = await attempt(request, sending);
		if (turn.end(outcome)) return { outcome, attempts };
		if (outcome.error) attemptSignal(request, sending).throwIfAborted();
		const wait = attempts.waitAfter(outcome);
		if (wait === undefined) return { outcome, attempts };
		discard(outcome.response);
		await pause(wait, waiting);
	}
}

async function attempt(request: HttpRequest, sending: Sending): Promise<Outcome> {
	const { method, asStream } = request;
	const timeout = timeoutOf(sending);
	// A file may take as long as its parts keep coming.
	const timeUp = asStream || timeout === 0 ? undefined : AbortSignal.timeout(timeout);
	const signal = anyOf(attemptSignal(request, sending), timeUp);
	const { value, error } = await settled(sending.transport(request, timeout, signal));
	if (value) return outcomeOf(method, value);
	return outcomeOfError(method, timeUp?.aborted ? (timeUp.reason as Error) : error);
}

/** Ends the waiting for a turn, or for the next attempt. */
export function waitingSignal({ stopped, cancelled, abandoned, deadline }: Sending): AbortSignal {
	return anyOf(stopped, cancelled, abandoned, deadline?.signal);
}

/** Ends an attempt, beside its timeout. A change is made all the same, so it is waited for. */
function attemptSignal(
	{ method }: HttpRequest,
	{ stopped, cancelled, deadline }: Sending,
): AbortSignal {
	return method === 'GET' ? anyOf(stopped, cancelled, deadline?.signal) : anyOf(stopped);
}

function timeoutOf({ timeout, deadline }: Sending): number {
	// AbortSignal.timeout takes whole milliseconds only.
	const longest = timeout > 0 ? Math.min(Math.ceil(timeout), longestTimer) : 0;
	if (!deadline) return longest;
	return Math.max(1, Math.min(longest || Infinity, Math.ceil(deadline.left)));
}

/** Frees the connection of a response that nobody reads, if its body is a stream. */
export function discard(response?: IN8nHttpFullResponse): void {
	const body = response?.body as Partial<import('stream').Readable> | undefined;
	// Until somebody begins to read it, destroying the stream does not reach the connection
	// (axios 1.18, lib/adapters/http.js, enforceMaxContentLength).
	body?.read?.(0);
	body?.destroy?.();
}

/** A stream can be read only once, by whoever got it first. */
function withoutStream({ response, ...outcome }: Outcome): Outcome {
	const isStream = response?.body instanceof Object && 'pipe' in response.body;
	return { ...outcome, response: response && isStream ? { ...response, body: {} } : response };
}
