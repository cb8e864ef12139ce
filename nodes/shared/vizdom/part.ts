import { textsIn } from './envelope';
import { keysOf } from './joiner';
import { cursorIn, type Page, placeOf } from './paging';
import { type Source, WrongPaging } from './source';

/** A part of a list, for pickers. */
export interface Part<T> {
	records: T[];
	next?: string; // token of the next part; omitted at the end of the list
}

const keysKept = 5; // to recognize the first page

/** The content of a token. */
interface Bookmark {
	offset: number;
	size: number; // of the first page
	isTotal: boolean; // whether the server sends a total
	firstKeys: unknown[]; // of the list's first records
	style: string; // of paging, with which the part before was read
	cursor?: string;
}

/** @param token from the part before; omitted for the first */
export async function readPart<T>(source: Source<T>, token?: string): Promise<Part<T>> {
	const bookmark = token === undefined ? undefined : (JSON.parse(token) as Bookmark);
	const page = await pageAt(source, bookmark);
	const { offset = 0, size = page.records.length } = bookmark ?? {};
	const keys = keysOf(page.records.slice(0, keysKept));
	const { firstKeys = keys, isTotal = page.total !== undefined } = bookmark ?? {};
	const repeated = keys.filter((key) => firstKeys.includes(key)).length;
	if (page.offset > 0 && repeated > firstKeys.length / 2) {
		// A list without a total may not be paged at all.
		if (!isTotal && textsIn(page.about).length === 0) return { records: [] };
		throw new WrongPaging(source.paging, await firstOf(source));
	}
	if (page.offset > 0 && page.records.length > 0) source.prove();
	const records = page.records.slice(offset - page.offset);
	const end = offset + records.length;
	const cursor = cursorIn(page.about, source.paging);
	const isLast = source.paging.by === 'cursor' && cursor === undefined;
	const isWhole = page.offset > 0 || end >= (page.total ?? 0);
	// The first page has no cursor, but there are more records.
	if (isLast && !isWhole) throw new WrongPaging(source.paging, page);
	// Without a total, only an empty page is the last: a server may send fewer records than requested.
	if (isLast || records.length === 0 || end >= (page.total ?? Infinity)) return { records };
	const pageSize = page.offset === 0 ? page.records.length : size;
	const style = styleOf(source);
	const next: Bookmark = { offset: end, size: pageSize, isTotal, firstKeys, style, cursor };
	return { records, next: JSON.stringify(next) };
}

function styleOf<T>({ paging }: Source<T>): string {
	return `${paging.by} ${paging.position}`;
}

async function firstOf<T>(source: Source<T>): Promise<Page<T>> {
	return await source.read({ offset: 0, limit: source.paging.largest });
}

async function pageAt<T>(source: Source<T>, bookmark?: Bookmark): Promise<Page<T>> {
	const { paging } = source;
	if (!bookmark) return await firstOf(source);
	const { offset, size, cursor, style } = bookmark;
	if (paging.by === 'nothing') throw new WrongPaging(paging, await firstOf(source));
	if (paging.by === 'offset') return await source.read({ offset, limit: paging.largest });
	// The page size is known for another style only.
	if (style !== styleOf(source)) return await walkTo(source, offset);
	if (paging.by === 'page') return await source.read(placeOf(paging, offset, size));
	if (cursor === undefined) return await walkTo(source, offset);
	return await source.read({ offset, limit: paging.largest, cursor });
}

/** Walks from the first page to the one with the record at an offset. */
async function walkTo<T>(source: Source<T>, offset: number): Promise<Page<T>> {
	const { paging } = source;
	let page = await firstOf(source);
	const { length: size } = page.records;
	const isBehind = () => page.records.length > 0 && page.offset + page.records.length <= offset;
	if (isBehind() && paging.by === 'page') return await source.read(placeOf(paging, offset, size));
	for (let cursor = cursorIn(page.about, paging); isBehind() && cursor !== undefined; ) {
		const place = { offset: page.offset + page.records.length, limit: page.limit, cursor };
		page = await source.read(place);
		cursor = cursorIn(page.about, paging);
	}
	return page;
}
