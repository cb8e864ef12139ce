import { NodeApiError } from 'n8n-workflow';
import type { Failure, IHttpRequestOptions, IN8nHttpFullResponse, JsonObject } from 'n8n-workflow';
import { paths, roleNeeded } from '../api';
import type { Context, VizdomCredential } from './exchange';
import { errorCode, retryAfter, wasNeverSent } from './retry';
import type { Attempts } from './retry';
import { notAgain } from './run';
import { detailsInWords, isRecord, notAnEnvelope, saidBy } from './said';

interface Wording {
	/** What happened */
	message: string;
	/** What to do about it */
	description: string;
	httpCode: string;
	/** Vizdom's own */
	code?: string;
	/** How long Vizdom asks to wait, in milliseconds */
	retryAfterMs?: number;
}

const resourceNames: Array<[path: string, name: string]> = [
	[paths.dashboards, 'Dashboard'],
	[paths.dataSources, 'Data Source'],
	[paths.users, 'User'],
	[paths.exports, 'Export'],
];

/** A request that failed, for the wording. */
interface FailedRequest {
	context: Context;
	credential: VizdomCredential;
	request: IHttpRequestOptions;
	attempts: Attempts;
}

/**
 * An answer with a status that is not a success.
 *
 * @param advice what to do about a 4xx other than 429, in place of what helps with most
 */
export function unsuccessful(
	failure: FailedRequest,
	received: IN8nHttpFullResponse,
	advice?: string,
): NodeApiError {
	const answer = answerWithoutKey(failure, received);
	const said = saidBy(answer.body);
	return nodeApiError(failure, {
		message: said.message ?? `The server answered ${statusLine(answer)}, without Vizdom's JSON`,
		description: sentences(
			said.message === undefined && notAnEnvelope(answer),
			isRefusedForGood(answer) && advice !== undefined ? advice : whatToDo(failure, answer),
			detailsInWords(said.details),
		),
		httpCode: String(answer.statusCode),
		code: said.code,
		retryAfterMs: retryAfter(answer),
	});
}

/** A success whose body is not the documented envelope. */
export function answerUnusable(
	failure: FailedRequest,
	received: IN8nHttpFullResponse,
): NodeApiError {
	const answer = answerWithoutKey(failure, received);
	failure.attempts.maybeDone = true;
	return nodeApiError(failure, {
		message: `The server answered ${statusLine(answer)}, but not with Vizdom's JSON`,
		description: sentences(notAnEnvelope(answer), doneOrNot(failure)),
		httpCode: String(answer.statusCode),
	});
}

/** No answer: refused, not found, reset, timed out, stopped. */
export function noAnswer(failure: FailedRequest, error: Error): NodeApiError {
	const { baseUrl } = failure.credential;
	const host = URL.canParse(failure.request.url) ? failure.request.url : baseUrl;
	return nodeApiError(failure, {
		message: `No answer from ${new URL(host).host}: ${connectionProblem(error)}`,
		description: sentences(
			'Check the Base URL in the Vizdom credential, and that n8n can reach it.',
			tries(failure),
			!wasNeverSent(error) && doneOrNot(failure),
		),
		httpCode: errorCode(error),
	});
}

/** Whether the same request may succeed later: no answer, a refusal that passes, a server error. */
export function mayPass(error: Error): boolean {
	if (!(error instanceof NodeApiError)) return false;
	const code = error.httpCode ?? '';
	return /^(408|425|429|5\d\d)$/.test(code) || code in connectionProblems;
}

const waitsAskedFor = new WeakMap<Error, number>();

/** How long the server that sent this error asks to wait, in milliseconds; undefined where it does not. */
export function waitAskedFor(error: Error): number | undefined {
	return waitsAskedFor.get(error);
}

const connectionProblems: Record<string, string> = {
	ECONNREFUSED: 'the connection was refused, nothing listens at that address',
	ENOTFOUND: 'there is no host of that name',
	EAI_AGAIN: 'the host name could not be looked up',
	ECONNRESET: 'the connection broke off',
	EPIPE: 'the connection broke off',
	ECONNABORTED: 'it took too long',
	ETIMEDOUT: 'it took too long',
	EHOSTUNREACH: 'the host cannot be reached',
	ENETUNREACH: 'the network cannot be reached',
	ERR_BAD_RESPONSE: 'the answer broke off',
	ERR_CANCELED: 'it took too long',
	ERR_STREAM_PREMATURE_CLOSE: 'the answer broke off',
	Z_BUF_ERROR: 'the answer broke off',
};

/** What is wrong with a connection, in words. */
export function connectionProblem(error: Error): string {
	return connectionProblems[errorCode(error)] ?? error.message;
}

function isRefusedForGood({ statusCode }: IN8nHttpFullResponse): boolean {
	return statusCode >= 400 && statusCode < 500 && statusCode !== 429;
}

function whatToDo(failure: FailedRequest, answer: IN8nHttpFullResponse): string {
	const { method = 'GET', url } = failure.request;
	const { statusCode } = answer;
	if (statusCode >= 500) {
		const when = method === 'GET' && retryAfter(answer) !== undefined;
		return sentences(tries(failure), when ? tryAgainAt(answer) : doneOrNot(failure));
	}
	if (statusCode < 400) return 'Check the Base URL in the Vizdom credential.';
	switch (statusCode) {
		case 400:
		case 422:
			return "Check this item's parameters.";
		case 401:
			return 'Check the API Key in the Vizdom credential.';
		case 403:
			return roleWording(method, url);
		case 404:
			return checkTheId(url);
		case 429:
			return sentences(tries(failure), tryAgainAt(answer), lowerTheLimit);
		default:
			return '';
	}
}

function roleWording(method: string, path: string): string {
	const role = roleNeeded(method, path);
	if (role === undefined) return 'The API key may not do this: ask an Admin of the workspace.';
	return `This needs the role ${role}: use the key of someone who has it. Some changes are allowed to nobody, such as the owner's role.`;
}

const lowerTheLimit =
	"Where other programs or n8n workers use this key too, lower 'Requests per Minute' in the Vizdom credential.";

function tryAgainAt(answer: IN8nHttpFullResponse): string {
	const wait = retryAfter(answer);
	if (wait === undefined) return 'Try again in a minute.';
	const seconds = Math.ceil(wait / 1_000);
	const at = new Date(Date.now() + wait);
	const when = Number.isNaN(at.getTime()) ? '' : `, at ${at.toISOString()}`;
	return `Vizdom asks to wait ${seconds} seconds: try again after that${when}.`;
}

function tries({ attempts: { count, waited } }: FailedRequest): string {
	if (count < 2) return '';
	return `It was tried ${count} times within ${Math.round(waited / 1_000)} seconds.`;
}

function checkTheId(path: string): string {
	const [, , id] = path === paths.invitations ? [] : path.split('/');
	const name = resourceNames.find(([start]) => path.startsWith(start))?.[1];
	if (id === undefined || name === undefined) {
		return "Check the IDs in this item's parameters, and the Base URL in the Vizdom credential.";
	}
	return `Check the parameter '${name}': its value was '${decodeURIComponent(id)}'.`;
}

function doneOrNot({ request: { method = 'GET' } }: FailedRequest): string {
	if (method === 'GET') return 'Try again later.';
	return 'The change may have been made all the same: look in Vizdom before you run this again.';
}

function statusLine({ statusCode, statusMessage }: IN8nHttpFullResponse): string {
	return [statusCode, statusMessage].filter(Boolean).join(' ');
}

function sentences(...parts: Array<string | false>): string {
	return parts.filter(Boolean).join(' ');
}

function nodeApiError(failure: FailedRequest, wording: Wording): NodeApiError {
	const { context, credential, request, attempts } = failure;
	const { message, description, httpCode, code } = wording;
	const clean = (text: string) => withoutKey(text, credential);
	const response: JsonObject = code === undefined ? {} : { code: clean(code) };
	const error = new NodeApiError(context.getNode(), response, {
		message: clean(message),
		description: clean(description),
		httpCode,
		failure: declaredFailure(wording),
	});
	// The constructor puts a sentence of its own in place of a message that contains, anywhere, a
	// system error's name such as EPERM or ENOENT.
	error.message = clean(message);
	if (attempts.maybeDone && request.method !== 'GET') notAgain(error);
	if (wording.retryAfterMs !== undefined) waitsAskedFor.set(error, wording.retryAfterMs);
	return error;
}

/** Why it failed, in n8n's terms: its back-off for polling triggers goes by that. */
function declaredFailure({ httpCode, retryAfterMs }: Wording): Failure {
	if (httpCode === '429') return { cause: 'rate-limited', retryAfterMs };
	if (/^40[13]$/.test(httpCode)) return { cause: 'credential-invalid' };
	if (/^[34]\d\d$/.test(httpCode)) return { cause: 'configuration-invalid' };
	return { cause: 'temporarily-unavailable', retryAfterMs };
}

/** Before anything is cut: what is left of a key that was cut in two would not be found. */
function answerWithoutKey(
	{ credential }: FailedRequest,
	{ body, ...answer }: IN8nHttpFullResponse,
): IN8nHttpFullResponse {
	return { ...answer, body: cleaned(body, credential) as IN8nHttpFullResponse['body'] };
}

function cleaned(value: unknown, credential: VizdomCredential): unknown {
	if (typeof value === 'string') return withoutKey(value, credential);
	if (Array.isArray(value)) return value.map((one) => cleaned(one, credential));
	if (!isRecord(value)) return value;
	const entries = Object.entries(value);
	return Object.fromEntries(
		entries.map(([name, one]) => [withoutKey(name, credential), cleaned(one, credential)]),
	);
}

/** The key is in no message, also where a server repeats it: as it is stored, or as a header has it. */
export function withoutKey(text: string, { apiKey }: VizdomCredential): string {
	const stored = String(apiKey ?? '');
	const sent = stored.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').trim();
	return [stored, sent]
		.filter((key) => key !== '')
		.reduce((clean, key) => clean.replaceAll(key, '[API key]'), text);
}
