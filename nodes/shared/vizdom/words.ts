import type { IHttpRequestMethods } from 'n8n-workflow';
import { errorCode } from '../http/outcome';
import type { Attempts } from '../http/retry';
import type { Exchange } from '../http/send';
import { paths, roleNeeded } from './facts';
import { describeDetails, describeForeignBody, type Labels, serverErrorIn } from './serverErrors';

/** What the user reads. */
export interface Words {
	message: string; // what happened
	description: string; // what to do about it
	code?: string; // Vizdom's own
	/** The status, or the code of a failed connection; n8n shows it beside the texts */
	httpCode?: string;
}

/** A request that failed. */
export interface FailedRequest extends Exchange {
	method: IHttpRequestMethods;
	path: string; // path below the base URL, or the whole address of a file
	host: string; // shown if there is no answer
	labels: Labels;
	advice?: string; // replaces the default advice for 4xx other than 429
}

export function wordsOf(failed: FailedRequest): Words {
	const { outcome, advice, labels, method, tried = [] } = failed;
	const { response } = outcome;
	if (!response) return describeConnection(failed);
	const status = [response.statusCode, response.statusMessage].filter(Boolean).join(' ');
	if (outcome.class === 'ok') {
		return {
			message: `The server answered ${status}, but not with Vizdom's JSON`,
			description: sentences(describeForeignBody(response), doneOrNot(method)),
		};
	}
	const { code, message, details } = serverErrorIn(response.body);
	const isFinal = response.statusCode >= 400 && outcome.class === 'refused';
	return {
		message: message ?? `The server answered ${status}, without Vizdom's JSON`,
		description: sentences(
			message === undefined && describeForeignBody(response),
			isFinal && advice !== undefined ? advice : whatToDo(failed, response.statusCode),
			describeDetails(details, labels),
			tried.length > 0 && `Also tried, in vain: ${tried.join(', ')}.`,
		),
		code,
	};
}

/** No answer: refused, not found, reset, timed out. */
function describeConnection({ method, path, host, outcome, attempts }: FailedRequest): Words {
	const { error = new Error('unknown') } = outcome;
	const isUnsent = outcome.class === 'unsent' || outcome.class === 'refused';
	return {
		message: `No answer from ${host}: ${connectionProblem(error)}`,
		description: sentences(
			path.startsWith('/')
				? 'Check the Base URL in the Vizdom credential, and that n8n can reach it.'
				: 'The file is at that host: check that n8n can reach it.',
			tries(attempts),
			!isUnsent && doneOrNot(method),
		),
		httpCode: errorCode(error),
	};
}

const connectionProblems: Array<[codes: RegExp, words: string]> = [
	[/^ECONNREFUSED$/, 'the connection was refused, nothing listens at that address'],
	[/^ENOTFOUND$/, 'there is no host of that name'],
	[/^EAI_AGAIN$/, 'the host name could not be looked up'],
	[/^EHOSTUNREACH$/, 'the host cannot be reached'],
	[/^ENETUNREACH$/, 'the network cannot be reached'],
	[/^(ECONNRESET|EPIPE)$/, 'the connection broke off'],
	[/^(ECONNABORTED|ETIMEDOUT)$/, 'it took too long'],
	[/^(ERR_BAD_RESPONSE|ERR_STREAM_PREMATURE_CLOSE|Z_BUF_ERROR)$/, 'the answer broke off'],
	[/^(Z_DATA_ERROR|ERR__ERROR_FORMAT_.*)$/, 'the answer cannot be decompressed'],
];

/** What is wrong with a connection, in words. */
export function connectionProblem(error: Error): string {
	const code = errorCode(error);
	return connectionProblems.find(([codes]) => codes.test(code))?.[1] ?? error.message;
}

function whatToDo(failed: FailedRequest, statusCode: number): string {
	const { method, path, attempts, outcome } = failed;
	const { retryAfter } = outcome;
	switch (statusCode) {
		case 400:
		case 422:
			return "Check this item's parameters.";
		case 401:
			return 'Check the API Key in the Vizdom credential.';
		case 403:
			return whoMayDoIt(method, path);
		case 404:
			return checkTheId(path);
		case 429:
			return sentences(tries(attempts), tryAgainAt(retryAfter), lowerTheLimit);
	}
	const isUnknown = outcome.class !== 'refused';
	const knowsWhen = method === 'GET' && retryAfter !== undefined;
	return sentences(
		statusCode < 400 && 'Check the Base URL in the Vizdom credential.',
		isUnknown && tries(attempts),
		isUnknown && (knowsWhen ? tryAgainAt(retryAfter) : doneOrNot(method)),
	);
}

function whoMayDoIt(method: string, path: string): string {
	const role = roleNeeded(method, path);
	if (role === undefined) return 'The API key may not do this: ask an Admin of the workspace.';
	return `This needs the role ${role}: use the key of someone who has it. Some changes are allowed to nobody, such as the owner's role.`;
}

const lowerTheLimit =
	"If other programs or n8n workers use this key too, lower 'Requests per Minute' in the Vizdom credential.";

function tryAgainAt(wait: number | undefined): string {
	if (wait === undefined) return 'Try again in a minute.';
	const seconds = Math.ceil(wait / 1_000);
	const at = new Date(Date.now() + wait);
	const when = Number.isNaN(at.getTime()) ? '' : `, at ${at.toISOString()}`;
	return `Vizdom asks to wait ${seconds} seconds: try again after that${when}.`;
}

function tries({ count, waited }: Attempts): string {
	if (count < 2) return '';
	return `It was tried ${count} times within ${Math.round(waited / 1_000)} seconds.`;
}

function checkTheId(path: string): string {
	const [, list, id] = path === paths.invitations ? [] : path.split('/');
	const name = resourceNames[`/${list}`];
	if (id === undefined || name === undefined) {
		return "Check the IDs in this item's parameters, and the Base URL in the Vizdom credential.";
	}
	return `Check the parameter '${name}': its value was '${decodeURIComponent(id)}'.`;
}

const resourceNames: Record<string, string> = {
	[paths.dashboards]: 'Dashboard',
	[paths.dataSources]: 'Data Source',
	[paths.users]: 'User',
	[paths.exports]: 'Export',
};

function doneOrNot(method: IHttpRequestMethods): string {
	if (method === 'GET') return 'Try again later.';
	return 'The change may have been made all the same: look in Vizdom before you run this again.';
}

function sentences(...parts: Array<string | false>): string {
	return parts.filter(Boolean).join(' ');
}
