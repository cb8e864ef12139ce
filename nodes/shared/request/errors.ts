import { NodeApiError } from 'n8n-workflow';
import type { IHttpRequestOptions, IN8nHttpFullResponse, JsonObject } from 'n8n-workflow';
import { paths, roleNeeded } from '../api';
import type { Context, VizdomCredential } from './send';

/** What the API said of a request that it refused. Only `code` and `message` are documented. */
interface Said {
	code?: string;
	message?: string;
	details?: unknown;
}

interface Wording {
	/** What happened */
	message: string;
	/** What to do about it */
	description: string;
	httpCode?: string;
	said?: Said;
}

const resourceNames: Array<[path: string, name: string]> = [
	[paths.dashboards, 'Dashboard'],
	[paths.dataSources, 'Data Source'],
	[paths.users, 'User'],
	[paths.exports, 'Export'],
];

/** An answer with a status that is not a success. */
export function refused(
	context: Context,
	credential: VizdomCredential,
	request: IHttpRequestOptions,
	answer: IN8nHttpFullResponse,
): NodeApiError {
	const said = saidBy(answer.body);
	return nodeApiError(context, credential, {
		message: said.message ?? `The server answered ${statusLine(answer)} instead of Vizdom's JSON`,
		description: [
			said.message === undefined ? notJson(answer) : '',
			whatToDo(request, answer.statusCode),
			said.details === undefined ? '' : `Vizdom's details: ${JSON.stringify(said.details)}`,
		]
			.filter(Boolean)
			.join(' '),
		httpCode: String(answer.statusCode),
		said,
	});
}

/** A success whose body is not the documented envelope. */
export function answerUnusable(
	context: Context,
	credential: VizdomCredential,
	request: IHttpRequestOptions,
	answer: IN8nHttpFullResponse,
): NodeApiError {
	return nodeApiError(context, credential, {
		message: `The server answered ${statusLine(answer)}, but not with Vizdom's JSON`,
		description: [notJson(answer), doneOrNot(request)].join(' '),
		httpCode: String(answer.statusCode),
	});
}

/** No answer: refused, not found, reset, timed out, stopped. */
export function connectionLost(
	context: Context,
	credential: VizdomCredential,
	request: IHttpRequestOptions,
	error: Error,
): NodeApiError {
	const code = errorCode(error);
	const host = URL.canParse(credential.baseUrl) ? new URL(credential.baseUrl).host : '';
	return nodeApiError(context, credential, {
		message: `No answer from ${host}: ${connectionProblems[code] ?? error.message}`,
		description: `Check the Base URL in the Vizdom credential and that n8n can reach it. ${
			neverConnected.has(code) ? '' : doneOrNot(request)
		}`.trim(),
		httpCode: code,
	});
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
	ERR_CANCELED: 'the execution was stopped',
};

const neverConnected = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
]);

/** The wording of a lost connection, for the credential's test, which has no node. */
export function connectionProblem(error: Error): string {
	return connectionProblems[errorCode(error)] ?? error.message;
}

function errorCode(error: Error): string {
	const { code, cause } = error as Error & { code?: unknown };
	if (typeof code === 'string') return code;
	return cause instanceof Error ? errorCode(cause) : '';
}

function whatToDo(request: IHttpRequestOptions, status: number): string {
	switch (status) {
		case 400:
		case 422:
			return "Check this item's parameters.";
		case 401:
			return 'Check the API Key in the Vizdom credential.';
		case 403:
			return `This needs the role ${roleNeeded(request.method ?? 'GET', request.url)}: ask an Admin of the workspace, or use the key of someone who has it.`;
		case 404:
			return checkTheId(request.url);
		case 429:
			return "Lower 'Requests per Minute' in the Vizdom credential if other programs use this key too, and try again in a minute.";
	}
	if (status >= 500) return doneOrNot(request);
	if (status >= 300 && status < 400) return 'Check the Base URL in the Vizdom credential.';
	return '';
}

function checkTheId(path: string): string {
	const [, , id] = path.split('/');
	const name = resourceNames.find(([start]) => path.startsWith(start))?.[1];
	if (id === undefined || name === undefined) {
		return "Check the IDs in this item's parameters, and the Base URL in the Vizdom credential.";
	}
	return `Check the parameter '${name}': its value was '${decodeURIComponent(id)}'.`;
}

function doneOrNot({ method = 'GET' }: IHttpRequestOptions): string {
	if (method === 'GET') return 'Nothing was changed: try again later.';
	return 'The change may have been made all the same: look in Vizdom before you run this again.';
}

function saidBy(body: unknown): Said {
	if (typeof body !== 'object' || body === null || !('error' in body)) return {};
	const { error } = body;
	if (typeof error === 'string') return { message: error };
	if (typeof error !== 'object' || error === null) return {};
	const { code, message, details } = error as Record<string, unknown>;
	return {
		...(typeof code === 'string' && { code }),
		...(typeof message === 'string' && message !== '' && { message }),
		...(details !== undefined && details !== null && { details }),
	};
}

function statusLine({ statusCode, statusMessage }: IN8nHttpFullResponse): string {
	return [statusCode, statusMessage].filter(Boolean).join(' ');
}

/** What came instead of JSON, so that a proxy's page or a wrong address is recognised. */
function notJson({ body, headers }: IN8nHttpFullResponse): string {
	const type = headers['content-type'];
	const text = (typeof body === 'string' ? body : (JSON.stringify(body) ?? ''))
		.replace(/<(script|style)[^]*?<\/\1>/gi, ' ')
		.replace(/<[^>]*>/g, ' ')
		.replace(/\s+/g, ' ')
		.trim();
	if (text === '') return 'The answer was empty.';
	const start = text.length > 200 ? `${text.slice(0, 200)}…` : text;
	return `Something else may have answered, such as a proxy${
		typeof type === 'string' ? ` (${type.split(';')[0]})` : ''
	}: "${start}".`;
}

function nodeApiError(
	context: Context,
	{ apiKey }: VizdomCredential,
	{ message, description, httpCode, said = {} }: Wording,
): NodeApiError {
	const clean = (text: string) => (apiKey ? text.replaceAll(apiKey, '[API key]') : text);
	const response = JSON.parse(clean(JSON.stringify(said))) as JsonObject;
	const error = new NodeApiError(context.getNode(), response, {
		message: clean(message),
		description: clean(description),
		httpCode,
	});
	// The constructor puts a sentence of its own in place of a message that contains, anywhere, a
	// system error's name such as EPERM or ENOENT.
	error.message = clean(message);
	return error;
}
