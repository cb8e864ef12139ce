import type { IN8nHttpFullResponse } from 'n8n-workflow';

/** What the documented envelope of a success holds. */
export interface Answer<T> {
	data?: T; // absent if a change is answered without a body, and after a deletion
	total?: number; // `meta.total`, on lists
	retryAfter?: number; // how long the server asks to wait before the next request, in ms
}

/**
 * Reads the envelope of a success.
 * @returns undefined if the body is none that answers such a request
 */
export function answerIn<T>(method: string, { body }: IN8nHttpFullResponse): Answer<T> | undefined {
	const isEmpty = body === undefined || body === null || (body as unknown) === '';
	if (method !== 'GET' && isEmpty) return {};
	if (!isRecord(body)) return undefined;
	if (method === 'DELETE') return body.error ? undefined : {};
	if (!('data' in body)) return undefined;
	return { data: body.data as T, total: totalIn(body) };
}

function totalIn({ meta }: Record<string, unknown>): number | undefined {
	const total = isRecord(meta) ? meta.total : undefined;
	return typeof total === 'number' && Number.isInteger(total) && total >= 0 ? total : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
