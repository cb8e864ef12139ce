import type { IN8nHttpFullResponse } from 'n8n-workflow';
import { isFilled, isRecord } from './envelope';

/** What an error envelope holds. Only `code` and `message` are documented. */
interface ServerError {
	code?: string;
	message?: string;
	details?: unknown;
}

/** Display names of parameters, by the names that request fields have. */
export type Labels = Record<string, string>;

/** Fields that say what is wrong; `detail` and `title` are RFC 9457's. */
const messageFields = ['message', 'detail', 'title', 'description', 'error_description', 'reason'];

const mostShown = 300; // characters of a text
const mostRead = 20_000; // characters of a page

/** Reads an error envelope: the documented one, and the simpler ones that a proxy or gateway may send. */
export function serverErrorIn(body: unknown): ServerError {
	if (!isRecord(body)) return {};
	const first: unknown = [body.error, body.errors].flat().find(isFilled);
	const error = isRecord(first) ? first : body;
	const texts = [error, body].flatMap((one) => messageFields.map((name) => one[name]));
	const message = [...texts, first].find((text) => isText(text) && text !== '');
	const details = error.details ?? severalIn(body.errors);
	return {
		...(typeof error.code === 'string' && { code: error.code }),
		...(message !== undefined && { message: message as string }),
		...(details !== undefined && { details }),
	};
}

/** Errors of which the first one's message does not say all. */
function severalIn(errors: unknown): unknown {
	if (isRecord(errors)) return errors;
	const [first, ...others] = Array.isArray(errors) ? (errors as unknown[]) : [];
	const isAboutField = isRecord(first) && 'field' in first;
	return isAboutField || others.length > 0 ? errors : undefined;
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
	const text: unknown =
		Array.isArray(message) && message.every(isText) ? message.join(', ') : message;
	if (typeof field !== 'string' || typeof text !== 'string') return undefined;
	const name = field.split(/[./]/).at(-1) ?? field;
	const label = Object.hasOwn(labels, name) ? labels[name] : name;
	return `'${label}': ${shortened(text)}.`.replace(/\.\.$/, '.');
}

function isText(value: unknown): value is string {
	return typeof value === 'string';
}

export function shortened(text: string): string {
	return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}
