import { NodeApiError } from 'n8n-workflow';
import type { IHttpRequestOptions } from 'n8n-workflow';
import { largestPage, limitParameter, offsetParameter } from '../api';
import { send } from './send';
import type { Context } from './send';

export interface Page<T> {
	records: T[];
	/** `meta.total`: records in all, where the API tells */
	total?: number;
	/** Offset of the next page; undefined on the last one */
	next?: number;
}

/** One page of a list. */
export async function readPage<T>(
	context: Context,
	request: IHttpRequestOptions,
	offset: number,
	limit: number,
): Promise<Page<T>> {
	const { data, total } = await send<T[]>(context, {
		...request,
		method: 'GET',
		qs: { ...request.qs, [limitParameter]: limit, [offsetParameter]: offset },
	});
	const records = Array.isArray(data) ? data : [];
	const end = offset + records.length;
	const isLast =
		records.length === 0 || (total === undefined ? records.length < limit : end >= total);
	return { records, total, next: isLast ? undefined : end };
}

/**
 * The records of a list, page by page. The step is the number of records that the server really
 * served, not the number asked for.
 *
 * @param wanted how many at most; Infinity for all
 * @throws {NodeApiError} where the server sends the same page again, whatever the offset
 */
export async function readList<T extends { id: string }>(
	context: Context,
	request: IHttpRequestOptions,
	wanted: number,
): Promise<T[]> {
	const records = new Map<string, T>();
	let next: number | undefined = 0;
	while (next !== undefined && records.size < wanted) {
		const page: Page<T> = await readPage<T>(
			context,
			request,
			next,
			Math.min(largestPage, wanted - records.size),
		);
		const before = records.size;
		for (const record of page.records) records.set(record.id, record);
		if (next > 0 && page.records.length > 0 && records.size === before) {
			throw new NodeApiError(
				context.getNode(),
				{},
				{
					message: `The list ${request.url} comes out the same from every offset`,
					description:
						'The server does not page as the Vizdom API does. Check the Base URL in the Vizdom credential.',
				},
			);
		}
		next = page.next;
	}
	return [...records.values()].slice(0, wanted);
}
