import { NodeApiError, UserError } from 'n8n-workflow';
import type { IHttpRequestOptions } from 'n8n-workflow';
import { largestPage, limitParameter, offsetParameter } from '../api';
import type { Context } from './exchange';
import { ListReader } from './listReader';
import type { Page } from './listReader';
import { isRecord } from './said';
import { send } from './send';
import { anyOf } from './stop';

/**
 * One page of a list.
 *
 * @throws {NodeApiError} where the request fails, or where `data` is no list of records
 */
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
	if (!Array.isArray(data) || !data.every(isRecord)) throw noList(context, request);
	// A total that the page itself exceeds says nothing.
	const exceeded = data.length > 0 && total !== undefined && total < offset + data.length;
	return { offset, limit, records: data, total: exceeded ? undefined : total };
}

/**
 * The records of a list, each once, in the server's order.
 *
 * @param wanted how many at most; Infinity for all
 * @param mostRecords more than so many are refused
 * @throws {NodeApiError} where a page cannot be read
 * @throws {UserError} where the list cannot be read reliably, or has too many records
 */
export async function readList<T>(
	context: Context,
	request: IHttpRequestOptions,
	wanted: number,
	mostRecords = Infinity,
): Promise<T[]> {
	const read = async (offset: number, limit: number, stop?: AbortSignal) => {
		const abortSignal = anyOf(request.abortSignal as AbortSignal | undefined, stop);
		const page = await readPage<T>(context, { ...request, abortSignal }, offset, limit);
		const known = Math.max(page.total ?? 0, offset + page.records.length);
		if (Math.min(known, wanted) > mostRecords) throw tooMany(known, mostRecords);
		return page;
	};
	return await new ListReader<T>(read, wanted).read(largestPage);
}

function tooMany(total: number, mostRecords: number): UserError {
	return new UserError(
		`The list has at least ${total} records, more than n8n takes from one node at once`,
		{
			description: `Turn off 'Return All' and set a 'Limit' of at most ${mostRecords}.`,
		},
	);
}

function noList(context: Context, { url }: IHttpRequestOptions): NodeApiError {
	return new NodeApiError(
		context.getNode(),
		{},
		{
			message: `The server did not answer ${url} with a list`,
			description: "Check the Base URL in the Vizdom credential: it may not be Vizdom's API.",
		},
	);
}
