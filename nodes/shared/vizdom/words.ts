import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';
import { blockedAddress, errorCode, timeoutCode } from '../http/outcome';
import type { Attempts } from '../http/retry';
import type { Exchange } from '../http/send';
import { isRecord, reportsError } from './envelope';
import { paths, roleNeeded } from './facts';
import type { Redactor } from './redactor';
import { describeDetails, describeForeignBody, type Labels, serverErrorIn } from './serverErrors';
import { seconds } from './text';

/** The texts of an error, for the user. */
export interface Words {
	message: string; // what happened
	description: string; // what to do about it
	code?: string; // Vizdom's own
	httpCode?: string; // the status, or the code of a failed connection; n8n shows it with the texts
}

/** A request that failed. */
export interface FailedRequest extends Exchange {
	method: IHttpRequestMethods;
	path: string; // below the base URL, or the whole URL of a file
	body?: IDataObject;
	host: string;
	labels: Labels;
	advice?: string; // replaces the default advice for 4xx other than 429
	redactor: Redactor;
}

export function wordsOf(failed: FailedRequest): Words {
	const { outcome, advice, labels, tried = [], redactor } = failed;
	const { response } = outcome;
	if (!response) return describeConnection(failed);
	const status = `${response.statusCode} ${redactor.shown(response.statusMessage ?? '')}`.trim();
	if (outcome.isFromProxy) {
		return { message: `The proxy answered ${status}`, description: aboutProxy(failed) };
	}
	const isSuccess = response.statusCode < 300;
	if (isSuccess && !reportsError(response.body)) {
		return {
			message: `The server answered ${status}, but not with Vizdom's JSON`,
			description: sentences(describeForeignBody(response, redactor), doneOrNot(failed)),
		};
	}
	const error = serverErrorIn(response.body);
	const { code, message, details = isSuccess && !message ? response.body : undefined } = error;
	const isFinal = response.statusCode >= 400 && outcome.class === 'refused';
	const about = describeDetails(details, labels, redactor);
	const serverMessage = message === undefined ? undefined : redactor.shown(message);
	const [, detail = ''] = /^'[^']+': (.+)\.$/.exec(about) ?? [];
	const isRepeated = detail !== '' && serverMessage?.includes(detail);
	return {
		message: headline(failed, status, serverMessage),
		description: sentences(
			serverMessage === undefined && !isSuccess && describeForeignBody(response, redactor),
			isFinal && advice !== undefined
				? advice
				: whatToDo(failed, response.statusCode, [serverMessage, about].join(' ')),
			mayBeDone(failed) && doneOrNot(failed),
			!isRepeated && about,
			tried.length > 0 && `Also tried without success: ${tried.join(', ')}.`,
		),
		code,
	};
}

function headline(
	{ path, host, outcome }: FailedRequest,
	status: string,
	serverMessage?: string,
): string {
	const { statusCode = 0 } = outcome.response ?? {};
	if (statusCode >= 500) {
		const failed = `${isFile(path) ? host : 'Vizdom'} failed with status ${status}`;
		return serverMessage === undefined ? failed : `${failed}: ${serverMessage}`;
	}
	const problem = statusCode < 300 ? 'but with an error' : "without Vizdom's JSON";
	return serverMessage ?? `The server answered ${status}, ${problem}`;
}

/** There is no response: the connection was refused, broke off or timed out. */
function describeConnection(failed: FailedRequest): Words {
	const { host, outcome, attempts } = failed;
	const { error = new Error('unknown'), isFromProxy } = outcome;
	const isUnsent = outcome.class === 'unsent' || outcome.class === 'refused';
	return {
		message: `No answer from ${isFromProxy ? 'the proxy' : host}: ${connectionProblem(error)}`,
		description: sentences(
			isFromProxy ? aboutProxy(failed) : checkHost(failed),
			blockedAddress(error) !== undefined && allowAddress,
			tries(attempts),
			!isFromProxy && (!isUnsent || mayBeDone(failed)) && doneOrNot(failed),
		),
		httpCode: errorCode(error),
	};
}

function checkHost({ path }: FailedRequest): string {
	return isFile(path)
		? 'The file is on that host: check that n8n can reach it.'
		: 'Check the Base URL in the Vizdom credential, and that n8n can reach it.';
}

/** The path of a file is its whole URL. */
function isFile(path: string): boolean {
	return !path.startsWith('/');
}

/** Earlier attempts may have passed the proxy. */
function aboutProxy(failed: FailedRequest): string {
	const { response } = failed.outcome;
	// A 5xx may be from a reverse proxy that got no response from Vizdom.
	const isKnown = !mayBeDone(failed) && (response?.statusCode ?? 0) < 500;
	const sent = isKnown ? 'Nothing was sent to Vizdom.' : doneOrNot(failed);
	return sentences(sent, checkProxy);
}

export const checkProxy =
	"Check 'Proxy' in the node's Request Options, or the proxy in n8n's environment, such as HTTPS_PROXY.";

const connectionProblems: Array<[codes: RegExp, words: string]> = [
	[/^ECONNREFUSED$/, 'the connection was refused (nothing listens at that address)'],
	[/^ENOTFOUND$/, 'there is no host with that name'],
	[/^EAI_AGAIN$/, 'the host name could not be looked up'],
	[/^EHOSTUNREACH$/, 'the host cannot be reached'],
	[/^ENETUNREACH$/, 'the network cannot be reached'],
	[/^(ECONNRESET|EPIPE)$/, 'the connection broke off'],
	[timeoutCode, 'it took too long'],
	[/\bCONNECT response$/, 'it closed the connection'],
	[/^(ERR_BAD_RESPONSE|ERR_STREAM_PREMATURE_CLOSE|Z_BUF_ERROR)$/, 'the answer broke off'],
	[/^(Z_DATA_ERROR|ERR__ERROR_FORMAT_.*)$/, 'the answer cannot be decompressed'],
];

export const allowAddress =
	"If the address is right, an n8n admin can allow it with N8N_SSRF_ALLOWED_HOSTNAMES or N8N_SSRF_ALLOWED_IP_RANGES in n8n's environment.";

/** What is wrong with a connection, in words. */
export function connectionProblem(error: Error): string {
	const blocked = blockedAddress(error);
	if (blocked !== undefined) return `n8n's SSRF protection blocks ${blocked}`;
	const code = errorCode(error) || error.message;
	return connectionProblems.find(([codes]) => codes.test(code))?.[1] ?? error.message;
}

/** @param serverText the server's message and details */
function whatToDo(failed: FailedRequest, statusCode: number, serverText: string): string {
	const { method, path, host, attempts, outcome, labels } = failed;
	const { retryAfter } = outcome;
	switch (statusCode) {
		case 400:
		case 422:
			return (
				(isTaken(serverText) && useTheExisting(path, labels)) || "Check this item's parameters."
			);
		case 401:
			return 'Check the API Key in the Vizdom credential.';
		case 403:
			return isRecord(outcome.response?.body)
				? whoMayDoIt(method, path, serverText)
				: `Check that n8n can reach ${host}: a proxy or firewall may block it.`;
		case 404:
			return checkTheId(failed, serverText);
		case 409:
			return useTheExisting(path, labels);
		case 429:
			return sentences(tries(attempts), tryAgainAt(retryAfter), lowerTheLimit);
	}
	const isUnknown = outcome.class !== 'refused';
	const again = retryAfter === undefined ? 'Try again later.' : tryAgainAt(retryAfter);
	return sentences(
		statusCode < 300 && `The server reported this with status ${statusCode}.`,
		statusCode >= 300 && statusCode < 400 && 'Check the Base URL in the Vizdom credential.',
		isUnknown && tries(attempts),
		isUnknown && !mayBeDone(failed) && again,
	);
}

function whoMayDoIt(method: string, path: string, serverText: string): string {
	const role = roleNeeded(method, path);
	if (role === undefined)
		return 'Use another API key, or ask an Admin of the workspace for access.';
	if (/\b(owner|last admin)\b/i.test(serverText)) return 'Choose another user.';
	return `Use the API key of an ${role} in the Vizdom credential.`;
}

/** Whether a record is refused because it would be a duplicate. */
function isTaken(serverText: string): boolean {
	return /\b(already|duplicate|taken|in use|belongs to)\b/i.test(serverText);
}

/** For operations with the option If It Exists Already. */
function useTheExisting(path: string, { if_exists: option }: Labels): string {
	if (option === undefined) return '';
	const isUser = path === paths.invitations;
	return sentences(
		`To continue with the existing ${isUser ? 'user or invitation' : 'one'}, set '${option}' to 'Return the Existing One'.`,
		isUser && "To change or remove the user, use Update or Delete and choose the user 'By Email'.",
	);
}

const lowerTheLimit =
	"If other programs or n8n workers use this key too, lower 'Requests per Minute' in the Vizdom credential.";

function tryAgainAt(wait: number | undefined): string {
	if (wait === undefined) return 'Try again in a minute.';
	const at = new Date(Date.now() + wait);
	const when = Number.isNaN(at.getTime()) ? '' : `, at ${at.toISOString()}`;
	return `Vizdom asks you to wait ${seconds(Math.ceil(wait / 1_000))}: try again after that${when}.`;
}

function tries({ count, waited }: Attempts): string {
	if (count < 2) return '';
	return `Tried ${count} times within ${seconds(Math.round(waited / 1_000))}.`;
}

/** The ID is in the path, or in the body of an export. */
function checkTheId(
	{ path, body = {}, labels, redactor }: FailedRequest,
	serverText: string,
): string {
	const [, list, inPath] = path === paths.invitations ? [] : path.split('/');
	const [field = '', inBody] = Object.entries(body).find(([name]) => name.endsWith('_id')) ?? [];
	const name = inPath === undefined ? labels[field] : resourceNames[`/${list}`];
	if (name === undefined) return 'Check the Base URL in the Vizdom credential.';
	const id = redactor.shown(inPath === undefined ? inBody : decodeURIComponent(inPath));
	const value = serverText.includes(id) ? '' : `, which is '${id}'`;
	return `Check the parameter '${name}'${value}: choose one from the list, or find the ID with Vizdom ${name}: Get Many.`;
}

const resourceNames: Record<string, string> = {
	[paths.dashboards]: 'Dashboard',
	[paths.dataSources]: 'Data Source',
	[paths.users]: 'User',
	[paths.exports]: 'Export',
};

/** Whether a change may have been made, although it failed. */
export function mayBeDone({ method, outcome, attempts }: FailedRequest): boolean {
	const isUnclear = outcome.class === 'unclear' || outcome.class === 'ok';
	return method !== 'GET' && (isUnclear || attempts.mayBeDone);
}

function doneOrNot(failed: FailedRequest): string {
	if (!mayBeDone(failed)) return 'Try again later.';
	return 'The change may have been made anyway: check in Vizdom before you run this again.';
}

function sentences(...parts: Array<string | false>): string {
	return parts.filter(Boolean).join(' ');
}
