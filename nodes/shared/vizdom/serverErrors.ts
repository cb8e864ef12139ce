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
	const pairs = Array.isArray(details) ? details.map(fieldAndMessage) : byField(details);
	if (!pairs?.every((pair) => pair !== undefined)) {
		return `Vizdom's details: ${shortened(JSON.stringify(details))}`;
	}
	return pairs.map(({ field, message }) => sentenceAbout(field, message, labels)).join(' ');
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

interface FieldAndMessage {
	field: string;
	message: string;
}

function byField(details: unknown): Array<FieldAndMessage | undefined> | undefined {
	if (!isRecord(details)) return undefined;
	return Object.entries(details).map(([field, message]) =>
		fieldAndMessage({ field, message: Array.isArray(message) ? message.join(', ') : message }),
	);
}

function fieldAndMessage(detail: unknown): FieldAndMessage | undefined {
	if (!isRecord(detail)) return undefined;
	const { field, message } = detail;
	return typeof field === 'string' && typeof message === 'string' ? { field, message } : undefined;
}

function sentenceAbout(field: string, message: string, labels: Labels): string {
	const name = field.split(/[./]/).at(-1) ?? field;
	const label = Object.hasOwn(labels, name) ? labels[name] : name;
	return `'${label}': ${shortened(message)}.`.replace(/\.\.$/, '.');
}

function shortened(text: string): string {
	return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}
