import type { IHttpRequestMethods } from 'n8n-workflow';
import { blockedAddress, errorCode } from '../http/outcome';
import type { Attempts } from '../http/retry';
import type { Exchange } from '../http/send';
import { isRecord, reportsError } from './envelope';
import { paths, roleNeeded } from './facts';
import type { Redactor } from './redactor';
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
	redactor: Redactor; // for what others say
}

export function wordsOf(failed: FailedRequest): Words {
	const { outcome, advice, labels, tried = [], redactor } = failed;
	const { response } = outcome;
	if (!response) return describeConnection(failed);
	const status = `${response.statusCode} ${redactor.shown(response.statusMessage ?? '')}`.trim();
	if (outcome.isProxys) {
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
	const isVizdoms = message !== undefined;
	const isFinal = response.statusCode >= 400 && outcome.class === 'refused';
	const problem = isSuccess ? 'but with an error' : "without Vizdom's JSON";
	return {
		message: isVizdoms ? redactor.shown(message) : `The server answered ${status}, ${problem}`,
		description: sentences(
			!isVizdoms && !isSuccess && describeForeignBody(response, redactor),
			isFinal && advice !== undefined ? advice : whatToDo(failed, response.statusCode),
			mayBeDone(failed) && doneOrNot(failed),
			describeDetails(details, labels, redactor),
			tried.length > 0 && `Also tried, in vain: ${tried.join(', ')}.`,
		),
		code,
	};
}

/** No answer: refused, not found, reset, timed out. */
function describeConnection(failed: FailedRequest): Words {
	const { host, outcome, attempts } = failed;
	const { error = new Error('unknown'), isProxys } = outcome;
	const isUnsent = outcome.class === 'unsent' || outcome.class === 'refused';
	return {
		message: `No answer from ${isProxys ? 'the proxy' : host}: ${connectionProblem(error)}`,
		description: sentences(
			isProxys ? aboutProxy(failed) : checkHost(failed),
			blockedAddress(error) !== undefined && allowAddress,
			tries(attempts),
			!isProxys && (!isUnsent || mayBeDone(failed)) && doneOrNot(failed),
		),
		httpCode: errorCode(error),
	};
}

/** The path of a file is its whole address. */
function checkHost({ path }: FailedRequest): string {
	return path.startsWith('/')
		? 'Check the Base URL in the Vizdom credential, and that n8n can reach it.'
		: 'The file is at that host: check that n8n can reach it.';
}

/** The attempts before may have got past the proxy. */
function aboutProxy(failed: FailedRequest): string {
	const { response } = failed.outcome;
	// One that stands before Vizdom may have got no answer from there.
	const isKnown = !mayBeDone(failed) && (response?.statusCode ?? 0) < 500;
	const sent = isKnown ? 'Nothing was sent to Vizdom.' : doneOrNot(failed);
	return sentences(sent, checkProxy);
}

export const checkProxy =
	"Check 'Proxy' in the node's Request Options, or the proxy in n8n's environment, such as HTTPS_PROXY.";

const connectionProblems: Array<[codes: RegExp, words: string]> = [
	[/^ECONNREFUSED$/, 'the connection was refused, nothing listens at that address'],
	[/^ENOTFOUND$/, 'there is no host of that name'],
	[/^EAI_AGAIN$/, 'the host name could not be looked up'],
	[/^EHOSTUNREACH$/, 'the host cannot be reached'],
	[/^ENETUNREACH$/, 'the network cannot be reached'],
	[/^(ECONNRESET|EPIPE)$/, 'the connection broke off'],
	[/^(ECONNABORTED|ETIMEDOUT)$/, 'it took too long'],
	[/\bCONNECT response$/, 'it ended the connection'],
	[/^(ERR_BAD_RESPONSE|ERR_STREAM_PREMATURE_CLOSE|Z_BUF_ERROR)$/, 'the answer broke off'],
	[/^(Z_DATA_ERROR|ERR__ERROR_FORMAT_.*)$/, 'the answer cannot be decompressed'],
];

export const allowAddress =
	"If the address is right, whoever runs n8n can allow it with N8N_SSRF_ALLOWED_HOSTNAMES or N8N_SSRF_ALLOWED_IP_RANGES in n8n's environment.";

/** What is wrong with a connection, in words. */
export function connectionProblem(error: Error): string {
	const blocked = blockedAddress(error);
	if (blocked !== undefined) return `n8n's SSRF protection blocks ${blocked}`;
	const code = errorCode(error) || error.message;
	return connectionProblems.find(([codes]) => codes.test(code))?.[1] ?? error.message;
}

function whatToDo(failed: FailedRequest, statusCode: number): string {
	const { method, path, host, attempts, outcome } = failed;
	const { retryAfter } = outcome;
	switch (statusCode) {
		case 400:
		case 422:
			return "Check this item's parameters.";
		case 401:
			return 'Check the API Key in the Vizdom credential.';
		case 403:
			return isRecord(outcome.response?.body)
				? whoMayDoIt(method, path)
				: `Check that n8n may reach ${host}: a proxy or firewall may refuse it.`;
		case 404:
			return checkTheId(failed);
		case 429:
			return sentences(tries(attempts), tryAgainAt(retryAfter), lowerTheLimit);
	}
	const isUnknown = outcome.class !== 'refused';
	const again = retryAfter === undefined ? 'Try again later.' : tryAgainAt(retryAfter);
	return sentences(
		statusCode < 300 && `The server reports this in an answer with status ${statusCode}.`,
		statusCode >= 300 && statusCode < 400 && 'Check the Base URL in the Vizdom credential.',
		isUnknown && tries(attempts),
		isUnknown && !mayBeDone(failed) && again,
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

function checkTheId({ path, redactor }: FailedRequest): string {
	const [, list, id] = path === paths.invitations ? [] : path.split('/');
	const name = resourceNames[`/${list}`];
	if (id === undefined || name === undefined) {
		return "Check the IDs in this item's parameters, and the Base URL in the Vizdom credential.";
	}
	return `Check the parameter '${name}': its value was '${redactor.shown(decodeURIComponent(id))}'.`;
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
	return 'The change may have been made all the same: look in Vizdom before you run this again.';
}

function sentences(...parts: Array<string | false>): string {
	return parts.filter(Boolean).join(' ');
}
