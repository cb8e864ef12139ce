import type { IN8nHttpFullResponse } from 'n8n-workflow';
import { isFilled, isRecord } from './envelope';
import { firstEntries, type Redactor } from './redactor';

/** An error envelope. Only `code` and `message` are documented. */
interface ServerError {
	code?: string;
	message?: string;
	details?: unknown;
}

/** Display names of parameters, by the names of request fields. */
export type Labels = Record<string, string>;

/** Fields that say what is wrong; `detail` and `title` are RFC 9457's. */
const messageFields = ['message', 'detail', 'title', 'description', 'error_description', 'reason'];

const maxDetails = 5;
const maxShown = 50; // characters of a name
const maxRead = 20_000; // characters of a page

/** Reads an error envelope: the documented one, or a simpler one from a proxy or gateway. */
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

/** The errors, if the first one's message is not all they say. */
function severalIn(errors: unknown): unknown {
	if (isRecord(errors)) return errors;
	const [first, ...others] = Array.isArray(errors) ? (errors as unknown[]) : [];
	const isAboutField = isRecord(first) && 'field' in first;
	return isAboutField || others.length > 0 ? errors : undefined;
}

/**
 * Puts the details of an error in words, naming the parameter of each. Their shape is assumed: a list of
 * {field, message}, or an object of messages by field; any other is shown as JSON.
 */
export function describeDetails(details: unknown, labels: Labels, redactor: Redactor): string {
	if (details === undefined) return '';
	const isList = Array.isArray(details);
	const entries = isList || isRecord(details) ? firstEntries(details, maxDetails + 1) : [[]];
	const sentences = entries.map((entry) => sentenceOf(isList ? entry[1] : entry, labels, redactor));
	if (sentences.includes(undefined)) return `Vizdom's details: ${redactor.shown(details)}`;
	return [...sentences.slice(0, maxDetails), ...(sentences[maxDetails] ? ['…'] : [])].join(' ');
}

/** Quotes an unexpected body, so that the user can recognize a proxy's page or a wrong URL. */
export function describeForeignBody(
	{ body, headers }: IN8nHttpFullResponse,
	redactor: Redactor,
): string {
	const text = redactor
		.head(body ?? '', maxRead)
		.slice(0, maxRead)
		.replace(/<(script|style)[^]*?(<\/\1>|$)/gi, ' ')
		.replace(/<[^<>]*>/g, ' ')
		.replace(/\s+/g, ' ')
		.trim();
	if (text === '') return 'The answer was empty.';
	const type = headers['content-type'];
	const kind =
		typeof type === 'string' ? ` (${redactor.shown(type.split(';', 1)[0], maxShown)})` : '';
	return `Something else may have answered, such as a proxy${kind}: "${redactor.shown(text)}".`;
}

function sentenceOf(detail: unknown, labels: Labels, redactor: Redactor): string | undefined {
	const pair: unknown = isRecord(detail) ? [detail.field, detail.message] : detail;
	const [field, message]: unknown[] = Array.isArray(pair) ? pair : [];
	const text: unknown = Array.isArray(message) ? listed(message) : message;
	if (typeof field !== 'string' || typeof text !== 'string') return undefined;
	const name = redactor.head(field, maxShown).split(/[./]/).at(-1) ?? '';
	const label = Object.hasOwn(labels, name) ? labels[name] : redactor.shown(name, maxShown);
	return `'${label}': ${redactor.shown(text)}.`.replace(/\.\.$/, '.');
}

function listed(messages: unknown[]): string | undefined {
	const first = messages.slice(0, maxDetails);
	return first.every(isText) ? first.join(', ') : undefined;
}

function isText(value: unknown): value is string {
	return typeof value === 'string';
}
