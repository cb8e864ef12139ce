import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';

/** What the documented envelope of a success holds. */
export interface Answer<T> {
	data?: T; // absent if a change is answered without a body, and after a deletion
	total?: number; // `meta.total`, on lists
	about?: IDataObject; // what came beside a list, in the body or in the header Link
	location?: string; // of the record, if a change is answered without it (RFC 9110, 10.2.2)
	retryAfter?: number; // how long the server asks to wait before the next request, in ms
}

/**
 * Reads the envelope of a success, whose depth is bounded.
 * @returns undefined if the body is none that answers such a request
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

/** A number, or its digits as text. */
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

/** Whether a body reports an error, whatever the status says. A record may have a `status` of its own. */
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

/** Whether a value says anything: null, false, 0, '' and lists and objects of nothing else do not. */
export function isFilled(value: unknown): boolean {
	const isNested = typeof value === 'object' && value !== null;
	return isNested ? Object.values(value).some(isFilled) : Boolean(value);
}

const deepest = 200; // levels of lists and objects; no record of Vizdom's comes near

/**
 * Bounds the depth of what a server sends, so that every function may recurse over it.
 * @returns the value itself, or a copy that is cut if it is nested too deeply
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
