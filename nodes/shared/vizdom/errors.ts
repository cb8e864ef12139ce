import { type Failure, type INode, NodeApiError } from 'n8n-workflow';
import { isMissingStatus, type OutcomeClass } from '../http/outcome';
import { Redactor } from './redactor';
import { type FailedRequest, mayBeDone, type Words, wordsOf } from './words';

export const maxShown = 2_000; // characters of an error's text, whatever it is put together of

/** What is known of a failure. */
export interface FailureFacts {
	outcome: OutcomeClass;
	status?: number; // HTTP status, if the server answered
	retryAfter?: number; // the wait that the server asks for, in ms
	/** Whether a change may have been made anyway: it must not be repeated */
	mayBeDone?: boolean;
	sentAt?: number; // when the request was sent last, by performance.now()
}

/**
 * The one error of everything that fails between this package and Vizdom. The texts are for the
 * user; the code reads the facts.
 */
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
		// n8n and its editor know the errors of nodes by this name.
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

/** Whether there is nothing at the path, or no such method. */
export function isMissing(error: Error): boolean {
	return error instanceof VizdomError && isMissingStatus(error.status);
}

/** Whether a record that was there is not there any more. */
export function isGone(error: Error): boolean {
	return error instanceof VizdomError && (error.status === 404 || error.status === 410);
}

/** Whether the server has answered that it does not do this. */
export function isRefusal(error: Error): boolean {
	return error instanceof VizdomError && error.outcome === 'refused' && error.status !== undefined;
}

/** Whether the server has answered, and not that it is asked too often. */
export function isAnswered(error: Error): boolean {
	return (
		error instanceof VizdomError && error.status !== undefined && error.outcome !== 'throttled'
	);
}

/** The error of a request without an answer, or whose answer is no success, or none of Vizdom's. */
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

/** Why it failed, in n8n's terms: its back-off for polling triggers goes by that. */
function declaredFailure({ outcome, status, retryAfter }: FailureFacts): Failure {
	if (outcome === 'throttled') return { cause: 'rate-limited', retryAfterMs: retryAfter };
	if (status === 401 || status === 403) return { cause: 'credential-invalid' };
	if (outcome === 'refused' && status !== undefined && status >= 300)
		return { cause: 'configuration-invalid' };
	return { cause: 'temporarily-unavailable', retryAfterMs: retryAfter };
}
