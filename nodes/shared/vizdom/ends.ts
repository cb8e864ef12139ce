import type { IDataObject } from 'n8n-workflow';
import { keysOf } from './joiner';
import { type Known, newestEnd, type NewestEnd } from './known';
import { type Page, type Paging, placeOf } from './paging';
import { checkPosition, type Source } from './source';
import { instantOf } from './values';

/** What is known of a list as a whole. */
export interface Outline {
	count: number; // of its records
	newest?: NewestEnd; // where new ones come, if its order tells
}

const mostPages = 5;

/**
 * Reads a list from the end where new records come, page by page until half a page is known, and the
 * page at its other end. The total proves that nothing else was added or removed.
 * @returns undefined if it proves nothing, or if the list cannot be read so
 */
export async function readEnds(
	source: Source<IDataObject>,
	{ count, newest }: Outline,
	known: Known,
): Promise<IDataObject[] | undefined> {
	const first = await source.read({ offset: 0, limit: source.paging.largest });
	const { total = 0, records } = first;
	const size = records.length;
	const isFar = total < count || total > count + mostPages * size;
	if (newest === undefined || size === 0 || isFar) return undefined;
	const found = new Map<unknown, IDataObject>();
	const add = (page: Page<IDataObject>) => {
		const keys = keysOf(page.records);
		for (const [index, record] of page.records.entries()) found.set(keys[index], record);
		const half = Math.floor(page.records.length / 2);
		const inner = newest === 'first' ? page.records.slice(half) : page.records.slice(0, half + 1);
		return page.total === total && inner.length > 0 && inner.every((one) => known.isSettled(one));
	};
	const last = size * Math.floor((total - 1) / size);
	const isFirst = newest === 'first';
	const places = Array.from({ length: mostPages }, (_, index) => (isFirst ? index : -index) * size);
	let isJoined = false;
	for (const offset of places.map((place) => (isFirst ? place : last + place))) {
		if (isJoined || offset < 0 || offset > last || (offset > 0 && !canJump(source.paging))) break;
		isJoined = add(offset === 0 ? first : await readAt(source, offset, first));
	}
	if (!isJoined) return undefined;
	const otherEnd = isFirst && canJump(source.paging) ? await readAt(source, last, first) : first;
	add(otherEnd);
	const added = [...found.values()].filter((record) => !known.has(record));
	const isProved = otherEnd.total === total && count + added.length === total;
	return isProved ? [...found.values()] : undefined;
}

/**
 * Reads the page of a list where new records come, in an order of creation, and what else is read to find out.
 * @returns undefined if the list is in no such order, or that page cannot be asked for
 */
export async function readNewest<T extends IDataObject>(
	source: Source<T>,
): Promise<T[] | undefined> {
	const first = await source.read({ offset: 0, limit: source.paging.largest });
	const { total, records } = first;
	if (total === records.length) return records;
	const end = newestEnd(records.map(({ created_at }) => instantOf(created_at)));
	if (end === 'first') return records;
	if (end === undefined || total === undefined || !canJump(source.paging)) return undefined;
	// Some may be added before it is read.
	const offset = Math.max(records.length, total - Math.ceil(records.length / 2));
	return [...records, ...(await readAt(source, offset, first)).records];
}

function canJump({ by }: Paging): boolean {
	return by === 'offset' || by === 'page';
}

async function readAt<T>(source: Source<T>, offset: number, first: Page<T>): Promise<Page<T>> {
	const page = await source.read(placeOf(source.paging, offset, first.records.length));
	await checkPosition(source, page, first);
	return page;
}
