import type { IDataObject } from 'n8n-workflow';
import { textsIn } from './envelope';

/** How a server wants to be asked for a page of a list. */
export interface Paging {
	/** `nothing`: without any parameter, which brings the first page only */
	by: 'offset' | 'page' | 'cursor' | 'nothing';
	position: string; // the parameter's name; '' if each page brings the whole query of the next one
	size?: string; // the parameter for the number of records; left out, the server decides
	firstPage?: 0 | 1; // the number of the first page
	largest: number; // records in a page, at most
}

/** What one request brought of a list. */
export interface Page<T> {
	offset: number;
	limit: number; // the number of records asked for
	records: T[];
	total?: number; // records in all, if the server tells
	about?: unknown; // what came beside the records
}

/** A page to be asked for. */
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
 * The page that has the record at an offset and reaches as far behind it as possible. Pages with
 * numbers begin at multiples of their size: of all sizes, the one that fits best.
 * @param limit of a page
 * @param end of what is known already: the page reaches behind it
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

const minOverlapping = 12; // below, there is not always a size whose pages overlap and bring more

/** Whether pages can begin anywhere, or nearly so, so that neighbours can share records. */
export function canOverlap({ by, size }: Paging, pageSize: number): boolean {
	return by === 'offset' || (by === 'page' && size !== undefined && pageSize >= minOverlapping);
}

/** The cursor to the next page, as the paging style has it; undefined at the end of the list. */
export function cursorIn(about: unknown, { position }: Paging): string | undefined {
	const next = nextIn(about);
	return position === '' ? next?.query : next?.cursor;
}

/** Whether an answer says that another page follows, whatever its total is. */
export function promisesMore(about: unknown): boolean {
	const isFlagged = /"has_?(more|next)\w*":"?(true|1)\b/i.test(JSON.stringify(about ?? {}));
	return isFlagged || nextIn(about) !== undefined;
}

/** Whether an answer says that no page follows, whatever its total is: `"next_cursor": null`. */
export function deniesMore(about: unknown): boolean {
	return /"\w*(next|cursor)\w*":null\b|"has_?more":false\b/i.test(JSON.stringify(about ?? {}));
}

/** The next page, according to an answer. */
export interface Next {
	field: string; // that says so, such as `next_cursor`
	cursor?: string;
	query?: string; // of a link
}

/** Reads what came beside the records: a cursor, or a link (RFC 8288 for the header `Link`). */
export function nextIn(about: unknown): Next | undefined {
	const found = textsIn(about)
		.filter(([path, text]) => isNext(path, text) && !/prev|before|self/i.test(path))
		.map(([path, text]): Next => {
			const field = path.split('.').at(-1) ?? path;
			const isLink = /^(https?:|\/|\?)/.test(text);
			return isLink ? { field, query: text.split('?')[1]?.split('#')[0] } : { field, cursor: text };
		});
	// A link says more than a cursor: it has the parameter's name.
	return found.find(({ query }) => query) ?? found.find(({ cursor }) => cursor);
}

/** A bare number is that of the next page, unless it is a cursor by name. */
function isNext(path: string, text: string): boolean {
	return /cursor|after/i.test(path) || (/next/i.test(path) && !/^\d+$/.test(text));
}
