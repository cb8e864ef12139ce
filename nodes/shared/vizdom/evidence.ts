import type { Exchange } from '../http/send';
import { answerIn } from './envelope';
import { jsonHead } from './redactor';

const mostRead = 20_000; // characters of an answer

/** Whether there is nothing at a path, or no such method. */
export function isMissing({ outcome: { response } }: Exchange): boolean {
	return response?.statusCode === 404 || response?.statusCode === 405;
}

/** Whether another try may bring another answer. */
export function isPassing({ outcome: { response } }: Exchange): boolean {
	return response === undefined || response.statusCode === 429 || response.statusCode >= 500;
}

/** Whether there is a list at a path. Where others are missing (404), a refusal shows that it is there. */
export function isList({ outcome: { response, class: kind } }: Exchange): boolean {
	if ([400, 401, 403, 422].includes(response?.statusCode ?? 0)) return true;
	return response !== undefined && kind === 'ok' && Array.isArray(answerIn('GET', response)?.data);
}

/** Whether an answer's body has a word, and not as a part of a path. */
export function hasWord({ outcome: { response } }: Exchange, word: string): boolean {
	const escaped = word.replace(/[^\w]/g, '\\$&');
	const text = jsonHead(response?.body, mostRead).slice(0, mostRead);
	return word !== '' && new RegExp(`(?<![\\w/])${escaped}(?!\\w)`).test(text);
}
