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
 * Reads the envelope of a success.
 * @returns undefined if the body is none that answers such a request
 */
export function answerIn<T>(method: string, response: IN8nHttpFullResponse): Answer<T> | undefined {
	const { body } = response;
	const isEmpty = body === undefined || body === null || (body as unknown) === '';
	const { location } = response.headers;
	if (method !== 'GET' && isEmpty) return typeof location === 'string' ? { location } : {};
	if (!isRecord(body)) return undefined;
	if (method === 'DELETE') return body.error ? undefined : {};
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
