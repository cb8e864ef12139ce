import type { IDataObject } from 'n8n-workflow';
import { keysOf } from './joiner';
import { type Page, type Paging, placeOf } from './paging';
import { checkPosition, type Source } from './source';
import { newestEnd, type NewestEnd, type Tracker } from './tracker';
import { instantOf } from './values';

/** What is known about a list as a whole. */
export interface Outline {
	count: number; // of records
	newest?: NewestEnd; // undefined if the list is in no order
}

const maxPages = 5;

/**
 * Reads a list from the end where new records appear, page by page until half a page is known, and the
 * page at the other end. The total proves that nothing else was added or removed.
 * @returns undefined if it does not, or if the list cannot be read like this
 */
export async function readEnds(
	source: Source<IDataObject>,
	{ count, newest }: Outline,
	tracker: Tracker,
): Promise<IDataObject[] | undefined> {
	const first = await source.read({ offset: 0, limit: source.paging.largest });
	const { total = 0, records } = first;
	const isFar = total < count || total > count + maxPages * records.length;
	if (newest === undefined || records.length === 0 || isFar) return undefined;
	const pages = await readUntilKnown(source, first, newest, tracker);
	if (!pages) return undefined;
	const isReadAlready = newest === 'last' || !canJump(source.paging);
	const otherEnd = isReadAlready ? first : await readAt(source, lastOffset(first), first);
	const found = distinct([...pages, otherEnd]);
	const added = found.filter((record) => !tracker.has(record));
	const isProved = otherEnd.total === total && count + added.length === total;
	return isProved ? found : undefined;
}

async function readUntilKnown(
	source: Source<IDataObject>,
	first: Page<IDataObject>,
	newest: NewestEnd,
	tracker: Tracker,
): Promise<Array<Page<IDataObject>> | undefined> {
	const pages: Array<Page<IDataObject>> = [];
	for (const offset of offsetsFrom(newest, first)) {
		if (offset > 0 && !canJump(source.paging)) return undefined;
		const page = offset === 0 ? first : await readAt(source, offset, first);
		pages.push(page);
		const inner = innerHalf(page.records, newest);
		const isKnown = inner.length > 0 && inner.every((record) => tracker.isSettled(record));
		if (isKnown && page.total === first.total) return pages;
	}
	return undefined;
}

/** Offsets of the pages at one end, the outermost first. */
function offsetsFrom(newest: NewestEnd, first: Page<unknown>): number[] {
	const last = lastOffset(first);
	const steps = Array.from({ length: maxPages }, (_, index) => index * first.records.length);
	const offsets = steps.map((step) => (newest === 'first' ? step : last - step));
	return offsets.filter((offset) => offset >= 0 && offset <= last);
}

function lastOffset({ total = 0, records: { length: size } }: Page<unknown>): number {
	return size * Math.floor((total - 1) / size);
}

/** The half of a page further from the end. If it is known, so is everything beyond it. */
function innerHalf<T>(records: T[], newest: NewestEnd): T[] {
	const half = Math.floor(records.length / 2);
	return newest === 'first' ? records.slice(half) : records.slice(0, half + 1);
}

/** The records of pages, each once, as last read. */
function distinct(pages: Array<Page<IDataObject>>): IDataObject[] {
	const found = pages.flatMap(({ records }) => {
		const keys = keysOf(records);
		return records.map((record, index) => [keys[index], record] as const);
	});
	return [...new Map(found).values()];
}

/**
 * Reads the page where new records appear, and returns the first page along with it.
 * @returns undefined if the list is not in order of creation, or that page cannot be requested
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
	// Half a page leaves room for records that are added before it is read.
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
