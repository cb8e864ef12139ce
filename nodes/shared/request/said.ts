import type { IN8nHttpFullResponse } from 'n8n-workflow';

/** What an API's error envelope says. Only `code` and `message` are documented. */
interface Said {
	code?: string;
	message?: string;
	details?: unknown;
}

const mostCharacters = 300;

/** Of a page, in characters */
const mostRead = 20_000;

/** Display names of the parameters that fields of a request body come from. */
const parameterNames: Record<string, string> = {
	config: 'Config',
	dashboard_id: 'Dashboard',
	description: 'Description',
	email: 'Email',
	format: 'Format',
	limit: 'Limit',
	name: 'Name',
	role: 'Role',
	type: 'Type',
};

/** Reads an error envelope: the documented one, and the simpler ones that servers before the API may send. */
export function saidBy(body: unknown): Said {
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
export function detailsInWords(details: unknown): string {
	if (details === undefined) return '';
	const messages = Array.isArray(details) ? details.map(fieldAndMessage) : byField(details);
	if (messages?.every((message) => message !== undefined)) return messages.join(' ');
	return `Vizdom's details: ${shortened(JSON.stringify(details))}`;
}

/** What came instead of an envelope, so that a proxy's page or a wrong address is recognised. */
export function notAnEnvelope({ body, headers }: IN8nHttpFullResponse): string {
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

function byField(details: unknown): Array<string | undefined> | undefined {
	if (!isRecord(details)) return undefined;
	return Object.entries(details).map(([field, message]) =>
		fieldAndMessage({ field, message: Array.isArray(message) ? message.join(', ') : message }),
	);
}

function fieldAndMessage(detail: unknown): string | undefined {
	if (!isRecord(detail)) return undefined;
	const { field, message } = detail;
	if (typeof field !== 'string' || typeof message !== 'string') return undefined;
	const name = field.split(/[./]/).at(-1) ?? field;
	return `'${parameterNames[name] ?? name}': ${shortened(message)}.`.replace(/\.\.$/, '.');
}

function shortened(text: string): string {
	return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
