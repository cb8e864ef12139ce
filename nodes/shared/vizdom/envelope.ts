import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';

/** The content of the documented envelope of a success. */
export interface Answer<T> {
	data?: T; // absent after a deletion, or if the response to a change has no body
	total?: number; // `meta.total`, on lists
	about?: IDataObject; // whatever came with a list, in the body or the header Link
	location?: string; // of the record, if the response to a change has no body (RFC 9110, 10.2.2)
	retryAfter?: number; // the wait that the server asks for, in ms
}

/**
 * Reads the envelope of a success, whose depth must be bounded.
 * @returns undefined if it is not a valid response to such a request
 */
export function answerIn<T>(method: string, response: IN8nHttpFullResponse): Answer<T> | undefined {
	const { body } = response;
	const isEmpty = body === undefined || body === null || (body as unknown) === '';
	const { location } = response.headers;
	if (method !== 'GET' && isEmpty) return typeof location === 'string' ? { location } : {};
	if (!isRecord(body) || reportsError(body)) return undefined;
	if (method === 'DELETE') return {};
	if (!('data' in body)) return undefined;
	const { data, ...rest } = body;
	if (data !== null && !Array.isArray(data)) return { data: data as T };
	const about = { ...rest, ...nextLinkIn(response) } as IDataObject;
	return { data: data as T, total: totalIn(body), about };
}

/** `meta.total`, as a number or a string of digits. */
function totalIn({ meta }: Record<string, unknown>): number | undefined {
	const total = isRecord(meta) && meta.total !== '' ? meta.total : undefined;
	const number = typeof total === 'string' ? Number(total) : total;
	return typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : undefined;
}

function nextLinkIn({ headers }: IN8nHttpFullResponse): { nextLink?: string } {
	const { link } = headers;
	const nextLink = /<([^<>]*)>[^<]*rel="?next/i.exec(String(link ?? ''))?.[1];
	return nextLink === undefined ? {} : { nextLink };
}

/** Whether a body reports an error, whatever the HTTP status. A record may have a `status` of its own. */
export function reportsError(body: unknown): boolean {
	if (!isRecord(body)) return false;
	const { error, errors, success, ok, status, id } = body;
	const isDenied = [success, ok].some((flag) => matches(flag, /^(false|0)$/i));
	const hasFailed = id === undefined && matches(status, /^(error|fail(ed|ure)?|[45]\d\d)$/i);
	return isDenied || hasFailed || isFilled(error) || isFilled(errors);
}

function matches(value: unknown, words: RegExp): boolean {
	return typeof value !== 'object' && words.test(String(value));
}

/** Whether a value is more than null, false, 0, '', and lists and objects of these. */
export function isFilled(value: unknown): boolean {
	const isNested = typeof value === 'object' && value !== null;
	return isNested ? Object.values(value).some(isFilled) : Boolean(value);
}

const deepest = 200; // levels of lists and objects; no Vizdom record comes near

/**
 * Bounds the depth of a response, so that recursion over it is safe.
 * @returns the value itself, or a copy that is cut if nested too deeply
 */
export function shallow(value: unknown): unknown {
	return isDeeper(value, deepest) ? cut(value, deepest) : value;
}

function isDeeper(value: unknown, levels: number): boolean {
	if (typeof value !== 'object' || value === null) return false;
	return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

function cut(value: unknown, levels: number): unknown {
	if (typeof value !== 'object' || value === null) return value;
	if (levels === 0) return '…';
	if (Array.isArray(value)) return value.map((inner) => cut(inner, levels - 1));
	return Object.fromEntries(
		Object.entries(value).map(([name, inner]) => [name, cut(inner, levels - 1)]),
	);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All texts and numbers in a value, each with its path, such as `links.download`. */
export function textsIn(value: unknown, path = ''): Array<[path: string, text: string]> {
	if (typeof value === 'number') return [[path, String(value)]];
	if (typeof value === 'string') return value === '' ? [] : [[path, value]];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, inner]) =>
		textsIn(inner, path === '' ? name : `${path}.${name}`),
	);
}
