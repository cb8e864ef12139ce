import { type Failure, type INode, NodeApiError } from 'n8n-workflow';
import { isMissingStatus, type OutcomeClass } from '../http/outcome';
import { Redactor } from './redactor';
import { type FailedRequest, mayBeDone, type Words, wordsOf } from './words';

export const maxShown = 2_000; // characters of an error's message or description

/** The facts of a failure, for code to read. */
export interface FailureFacts {
	outcome: OutcomeClass;
	status?: number; // of the response, if there is one
	retryAfter?: number; // the wait that the server asks for, in ms
	mayBeDone?: boolean; // whether a change may have been made: it must not be repeated
	sentAt?: number; // when the latest attempt was sent, by performance.now()
}

/** Any failure between this package and Vizdom. The texts are for the user; code reads the facts. */
export class VizdomError extends NodeApiError {
	readonly outcome: OutcomeClass;
	readonly status?: number;
	readonly retryAfter?: number;
	readonly mayBeDone: boolean;
	readonly sentAt?: number;

	constructor(node: INode, redactor: Redactor, words: Words, facts: FailureFacts) {
		const { code, httpCode = facts.status?.toString() } = words;
		const message = redactor.shown(words.message, maxShown);
		const description = redactor.shown(words.description, maxShown);
		super(node, code === undefined ? {} : { code: redactor.shown(code) }, {
			message,
			description,
			httpCode,
			failure: declaredFailure(facts),
		});
		// n8n and its editor recognize errors of nodes by this name.
		this.name = 'NodeApiError';
		// n8n replaces a message that contains, anywhere, a system error's name such as EPERM
		// (n8n-workflow 2.40.1, errors/abstract/node.error.ts, setDescriptiveErrorMessage).
		this.message = message;
		this.outcome = facts.outcome;
		this.status = facts.status;
		this.retryAfter = facts.retryAfter;
		this.mayBeDone = facts.mayBeDone ?? false;
		this.sentAt = facts.sentAt;
	}
}

/** Whether the path or its method does not exist. */
export function isMissing(error: Error): boolean {
	return error instanceof VizdomError && isMissingStatus(error.status);
}

/** Whether a record no longer exists. */
export function isGone(error: Error): boolean {
	return error instanceof VizdomError && (error.status === 404 || error.status === 410);
}

/** Whether the server has refused this. */
export function isRefusal(error: Error): boolean {
	return error instanceof VizdomError && error.outcome === 'refused' && error.status !== undefined;
}

/** Whether the server has answered, other than by throttling. */
export function isAnswered(error: Error): boolean {
	return (
		error instanceof VizdomError && error.status !== undefined && error.outcome !== 'throttled'
	);
}

/** The error for a request that failed, or whose response is not Vizdom's. */
export function failureOf(node: INode, failed: FailedRequest): VizdomError {
	const { response, class: outcome, retryAfter } = failed.outcome;
	return new VizdomError(node, failed.redactor, wordsOf(failed), {
		outcome: outcome === 'ok' ? 'unclear' : outcome,
		status: response?.statusCode,
		retryAfter,
		mayBeDone: mayBeDone(failed),
		sentAt: failed.attempts.sentAt,
	});
}

/** The cause in n8n's terms, which its back-off for polling triggers reads. */
function declaredFailure({ outcome, status, retryAfter }: FailureFacts): Failure {
	if (outcome === 'throttled') return { cause: 'rate-limited', retryAfterMs: retryAfter };
	if (status === 401 || status === 403) return { cause: 'credential-invalid' };
	if (outcome === 'refused' && status !== undefined && status >= 300)
		return { cause: 'configuration-invalid' };
	return { cause: 'temporarily-unavailable', retryAfterMs: retryAfter };
}
