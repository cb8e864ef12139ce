import type { IHttpRequestMethods } from 'n8n-workflow';
import { isMissingStatus, isPassingStatus } from '../http/outcome';
import type { Exchange } from '../http/send';
import { answerIn, reportsError, shallow } from './envelope';
import { jsonHead } from './redactor';

const maxRead = 20_000; // characters of a body

/**
 * Reclassifies a success whose body reports an error or cannot be understood. A change may have been
 * made nevertheless.
 */
export function judged(method: IHttpRequestMethods, exchange: Exchange): Exchange {
	const { outcome } = exchange;
	const { response } = outcome;
	if (!response) return exchange;
	const body = shallow(response.body) as typeof response.body;
	const isOk = outcome.class === 'ok';
	const isUnderstood = body === response.body && (!isOk || answerIn(method, response));
	if (isUnderstood) return exchange;
	const isReport = method === 'GET' && reportsError(body);
	const readAs = isReport ? 'refused' : 'unclear';
	const kind = method === 'GET' && !isOk ? outcome.class : readAs;
	return { ...exchange, outcome: { ...outcome, class: kind, response: { ...response, body } } };
}

/** Whether the path or its method does not exist. */
export function isMissing({ outcome: { response } }: Exchange): boolean {
	return isMissingStatus(response?.statusCode);
}

/** Whether another try may get another response. */
export function isPassing({ outcome: { response } }: Exchange): boolean {
	return response === undefined || isPassingStatus(response.statusCode);
}

/** Whether a response is conclusive: it was done, or refused for a reason. */
export function isProof({ outcome: { class: kind } }: Exchange): boolean {
	return kind === 'ok' || kind === 'refused';
}

/** Whether there is a list at a path. Since other paths are missing (404), a refusal shows that it exists. */
export function isList({ outcome: { response, class: kind } }: Exchange): boolean {
	if ([400, 401, 403, 422].includes(response?.statusCode ?? 0)) return true;
	return response !== undefined && kind === 'ok' && Array.isArray(answerIn('GET', response)?.data);
}

/** Whether a response's body contains a word, other than as a part of a path. */
export function hasWord({ outcome: { response } }: Exchange, word: string): boolean {
	const escaped = word.replace(/[^\w]/g, '\\$&');
	const text = jsonHead(response?.body, maxRead).slice(0, maxRead);
	return word !== '' && new RegExp(`(?<![\\w/])${escaped}(?!\\w)`).test(text);
}
