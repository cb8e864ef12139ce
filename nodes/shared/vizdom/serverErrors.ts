import type { IN8nHttpFullResponse } from 'n8n-workflow';
import { isRecord } from './envelope';

/** What an error envelope holds. Only `code` and `message` are documented. */
interface ServerError {
	code?: string;
	message?: string;
	details?: unknown;
}

/** Display names of parameters, by the names that request fields have. */
export type Labels = Record<string, string>;

const mostShown = 300; // characters of a text
const mostRead = 20_000; // characters of a page

/** Reads an error envelope: the documented one, and the simpler ones that a proxy or gateway may send. */
export function serverErrorIn(body: unknown): ServerError {
	if (!isRecord(body)) return {};
	const error = isRecord(body.error) ? body.error : body;
	const message = [error.message, body.error].find(
		(text) => typeof text === 'string' && text !== '',
	);
	return {
		...(typeof error.code === 'string' && { code: error.code }),
		...(message !== undefined && { message: message as string }),
		...(error.details !== undefined && error.details !== null && { details: error.details }),
	};
}

/**
 * The details of a refusal in words, with the parameter that each is about. Their shape is assumed:
 * a list of {field, message}, or an object of messages by field; others are shown as they are.
 */
export function describeDetails(details: unknown, labels: Labels): string {
	if (details === undefined) return '';
	const list: unknown = isRecord(details) ? Object.entries(details) : details;
	const sentences = Array.isArray(list) ? list.map((one) => sentenceOf(one, labels)) : [undefined];
	if (sentences.every((sentence) => sentence !== undefined)) return sentences.join(' ');
	return `Vizdom's details: ${shortened(JSON.stringify(details))}`;
}

/** Quotes what came instead of an envelope, so that a proxy's page or a wrong address is recognised. */
export function describeForeignBody({ body, headers }: IN8nHttpFullResponse): string {
	const text = (typeof body === 'string' ? body : (JSON.stringify(body) ?? ''))
		.slice(0, mostRead)
		.replace(/<(script|style)[^]*?<\/\1>/gi, ' ')
		.replace(/<[^<>]*>/g, ' ')
		.replace(/\s+/g, ' ')
		.trim();
	if (text === '' || text === 'null') return 'The answer was empty.';
	const type = headers['content-type'];
	const kind = typeof type === 'string' ? ` (${type.split(';')[0]})` : '';
	return `Something else may have answered, such as a proxy${kind}: "${shortened(text)}".`;
}

function sentenceOf(detail: unknown, labels: Labels): string | undefined {
	const pair: unknown = isRecord(detail) ? [detail.field, detail.message] : detail;
	const [field, message]: unknown[] = Array.isArray(pair) ? pair : [];
	const text: unknown = Array.isArray(message) ? message.join(', ') : message;
	if (typeof field !== 'string' || typeof text !== 'string') return undefined;
	const name = field.split(/[./]/).at(-1) ?? field;
	const label = Object.hasOwn(labels, name) ? labels[name] : name;
	return `'${label}': ${shortened(text)}.`.replace(/\.\.$/, '.');
}

export function shortened(text: string): string {
	return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}
