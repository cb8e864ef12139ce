/** How a dialect requests a page, and what a response says about it. */
import { validationFailed } from '../api-error.mts';
import type { Counting, Hint, Paging } from '../dialects.mts';

export interface Page {
	offset: number;
	size: number;
}

interface Position {
	/** How many records come before the page; NaN if the text is invalid. */
	read(text: string, size: number, ids: string[]): number;
	write(page: Page, ids: string[]): number | string;
}

const POSITIONS: Record<Counting, Position> = {
	'pages from 1': {
		read: (text, size) => (wholeNumber(text) - 1) * size,
		write: ({ offset, size }) => Math.floor(offset / size) + 1,
	},
	'pages from 0': {
		read: (text, size) => wholeNumber(text) * size,
		write: ({ offset, size }) => Math.floor(offset / size),
	},
	records: { read: wholeNumber, write: ({ offset }) => offset },
	'a cursor of an offset': {
		read: (text) => decode(text).offset ?? NaN,
		write: ({ offset }) => encode({ offset }),
	},
	// Several records, because the last one may be deleted before the next page is requested.
	'a cursor of records': {
		read: (text, _size, ids) =>
			Math.max(...(decode(text).after ?? []).map((id) => ids.indexOf(id) + 1)) || NaN,
		write: ({ offset }, ids) => encode({ after: ids.slice(Math.max(0, offset - 5), offset) }),
	},
};

interface Cursor {
	offset?: number;
	after?: string[];
}

function encode(cursor: Cursor): string {
	return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function decode(text: string): Cursor {
	try {
		const cursor = JSON.parse(Buffer.from(text, 'base64url').toString()) as Cursor | null;
		return cursor ?? {};
	} catch {
		return {};
	}
}

function wholeNumber(text: string): number {
	return /^\d+$/.test(text) ? Number(text) : NaN;
}

/** @throws {ApiError} if a parameter has an invalid value */
export function pageAsked(
	paging: Paging,
	query: URLSearchParams,
	ids: string[],
	largest: number,
): Page {
	const { position, counts } = paging;
	const size = Math.min(sizeAsked(paging, query), largest);
	const text = query.get(position);
	const offset = text ? POSITIONS[counts].read(text, size, ids) : 0;
	if (!Number.isSafeInteger(offset) || offset < 0) {
		throw validationFailed(422, [{ field: position, message: 'is not valid' }]);
	}
	return { offset, size };
}

function sizeAsked({ size: name, defaultSize, maxSize, aboveMax }: Paging, query: URLSearchParams) {
	const text = name && query.get(name);
	if (!text) return defaultSize;
	const size = wholeNumber(text);
	const refuse = (status: 400 | 422, message: string) =>
		validationFailed(status, [{ field: name, message }]);
	if (!(size >= 1)) throw refuse(422, 'must be a whole number of at least 1');
	if (aboveMax && size > maxSize) throw refuse(aboveMax, `must be at most ${maxSize}`);
	return Math.min(size, maxSize);
}

/** What a response may say about its page. `addressWith` makes the address of another page. */
export function hintsOf(
	{ counts }: Paging,
	page: Page,
	list: { total: number; count: number; ids: string[] },
	addressWith: (position: string) => URL,
): Record<Hint, unknown> {
	const { offset, size } = page;
	const hasMore = offset + size < list.total;
	const next = hasMore ? POSITIONS[counts].write({ offset: offset + size, size }, list.ids) : null;
	const address = next === null ? null : addressWith(String(next));
	return {
		page: POSITIONS[counts].write(page, list.ids),
		pages: Math.ceil(list.total / size),
		size,
		count: list.count,
		hasMore,
		next,
		nextOrEmpty: next ?? '',
		nextOrAbsent: next ?? undefined,
		nextAddress: address?.href ?? null,
		nextPath: address && `${address.pathname}${address.search}`,
	};
}
