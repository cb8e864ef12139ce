import type { IDataObject } from 'n8n-workflow';
import { textsIn } from './envelope';

/** How to request a page of a list. */
export interface Paging {
	/** `nothing`: without parameters, which returns the first page only */
	by: 'offset' | 'page' | 'cursor' | 'nothing';
	position: string; // the parameter's name; '' if each page has the whole query for the next one
	size?: string; // the parameter for the number of records; omitted if the server decides
	firstPage?: 0 | 1; // the number of the first page
	largest: number; // number of records in a page
}

/** A page of a list. */
export interface Page<T> {
	offset: number;
	limit: number; // the number of records requested
	records: T[];
	total?: number; // of records in the list, if the server says
	about?: unknown; // whatever came with the records
}

/** A page to request. */
export interface Place {
	offset: number; // records before it
	limit: number;
	cursor?: string; // from the page before
}

export function queryOf(paging: Paging, { offset, limit, cursor }: Place): IDataObject {
	const { by, position, size, firstPage = 1 } = paging;
	const sized = size === undefined ? {} : { [size]: limit };
	if (by === 'offset') return { ...sized, [position]: offset };
	if (by === 'page') return { ...sized, [position]: offset / limit + firstPage };
	if (by === 'nothing') return {};
	if (cursor === undefined) return sized;
	return position === ''
		? Object.fromEntries(new URLSearchParams(cursor))
		: { ...sized, [position]: cursor };
}

/**
 * The page that contains the record at an offset and reaches as far beyond it as possible. Numbered
 * pages begin at multiples of their size, so this chooses the size that fits best.
 * @param limit the largest size
 * @param end of the known records: the page reaches beyond it
 */
export function placeOf(paging: Paging, offset: number, limit: number, end = offset): Place {
	if (paging.by !== 'page') return { offset, limit };
	const smallest = paging.size === undefined ? limit : 1;
	let best: Place = { offset: 0, limit: 0 };
	for (let candidate = limit; candidate >= smallest; candidate--) {
		const start = offset - (offset % candidate);
		if (endOf({ offset: start, limit: candidate }) > endOf(best)) {
			best = { offset: start, limit: candidate };
		}
	}
	return endOf(best) > end || offset + 1 >= end ? best : placeOf(paging, offset + 1, limit, end);
}

export function endOf({ offset, limit }: Place): number {
	return offset + limit;
}

const minOverlapping = 12; // with less, no size may both overlap and reach further

/** Whether pages can begin (almost) anywhere, so that neighbors can share records. */
export function canOverlap({ by, size }: Paging, pageSize: number): boolean {
	return by === 'offset' || (by === 'page' && size !== undefined && pageSize >= minOverlapping);
}

/** The cursor to the next page, in this style of paging; undefined at the end of the list. */
export function cursorIn(about: unknown, { position }: Paging): string | undefined {
	const next = nextIn(about);
	return position === '' ? next?.query : next?.cursor;
}

/** Whether a response says that another page follows, whatever its total. */
export function promisesMore(about: unknown): boolean {
	const isFlagged = /"has_?(more|next)\w*":"?(true|1)\b/i.test(JSON.stringify(about ?? {}));
	return isFlagged || nextIn(about) !== undefined;
}

/** Whether a response says that no page follows, whatever its total: `"next_cursor": null`. */
export function deniesMore(about: unknown): boolean {
	return /"\w*(next|cursor)\w*":null\b|"has_?more":false\b/i.test(JSON.stringify(about ?? {}));
}

/** The next page, according to a response. */
export interface Next {
	field: string; // its name, such as `next_cursor`
	cursor?: string;
	query?: string; // of a link
}

/** Finds a cursor or a link to the next page (RFC 8288 for the header `Link`). */
export function nextIn(about: unknown): Next | undefined {
	const found = textsIn(about)
		.filter(([path, text]) => isNext(path, text) && !/prev|before|self/i.test(path))
		.map(([path, text]): Next => {
			const field = path.split('.').at(-1) ?? path;
			const isLink = /^(https?:|\/|\?)/.test(text);
			return isLink ? { field, query: text.split('?')[1]?.split('#')[0] } : { field, cursor: text };
		});
	// Prefer a link: it includes the parameter's name.
	return found.find(({ query }) => query) ?? found.find(({ cursor }) => cursor);
}

/** A plain number is a page number, unless the field is a cursor by name. */
function isNext(path: string, text: string): boolean {
	return /cursor|after/i.test(path) || (/next/i.test(path) && !/^\d+$/.test(text));
}
