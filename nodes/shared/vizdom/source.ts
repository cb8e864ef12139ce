import { UserError } from 'n8n-workflow';
import { settled } from '../http/signals';
import { maxInFlight } from '../http/turns';
import { keysOf, repeats } from './joiner';
import { endOf, type Page, type Paging, type Place, placeOf } from './paging';

/** Reads the pages of one list, in the style that its server is known to understand. */
export interface Source<T> {
	readonly paging: Paging;
	/** Whether a page behind a first one has come in this style */
	readonly isProved: boolean;
	prove(): void;
	/** Whether records are missing, if there are fewer of them than the total says */
	readonly isTotalTrue: boolean;
	/** @param signal aborted if the page is not needed any more */
	read(place: Place, signal?: AbortSignal): Promise<Page<T>>;
}

/** The server does not page in the style that was taken for its own. */
export class WrongPaging extends UserError {
	/**
	 * @param first the first page, to compare others with
	 * @param refusal the error, if a page is refused
	 */
	constructor(
		readonly paging: Paging,
		readonly first?: Page<unknown>,
		readonly refusal?: Error,
	) {
		super('The server pages its lists in another way');
	}
}

export const maxOverlap = 2; // records that neighbouring pages share, to notice if the list shifts

/** Notes what a page behind the first proves. Throws {@link WrongPaging} if it is the first one again. */
export async function checkPosition<T>(
	source: Source<T>,
	page: Page<T>,
	first: Page<T>,
	signal?: AbortSignal,
): Promise<void> {
	if (!source.isProved) {
		// Records may have been inserted before it.
		if (isMostly(page, first)) throw new WrongPaging(source.paging, first);
		return source.prove();
	}
	if (!repeats(page, first)) return;
	const again = await source.read({ offset: 0, limit: first.limit }, signal);
	if (repeats(page, again)) throw new WrongPaging(source.paging, first);
}

/** Whether a page shares more records with the first one than neighbours do. */
function isMostly<T>({ records }: Page<T>, first: Page<T>): boolean {
	const keys = new Set(keysOf(first.records));
	const shared = keysOf(records).filter((key) => keys.has(key)).length;
	return shared > Math.max(Math.min(maxOverlap, keys.size - 1), records.length / 2);
}

/**
 * Reads pages side by side.
 * @param readInTurn reads one after the other
 * @param failed aborted if a page fails: nobody needs the others
 */
export async function readSideBySide(
	readInTurn: () => Promise<void>,
	failed: AbortController,
): Promise<void> {
	const readers = Array.from({ length: maxInFlight }, readInTurn);
	const { error } = await settled(Promise.all(readers));
	if (!error) return;
	failed.abort();
	throw error;
}

/**
 * Checks that a list ends at an empty page, although its total says that there is more: what would be
 * its last record is not there either.
 * @throws {UserError} if it is
 */
export async function checkEnd<T>(source: Source<T>, empty: Page<T>): Promise<void> {
	const { offset, limit, total = 0 } = empty;
	if (total <= endOf(empty)) return;
	const { records } = await source.read(placeOf(source.paging, total - 1, limit));
	if (records.length > 0) throw leavesOut(total, offset);
}

/** @param from offset of what is missing */
export function leavesOut(total: number, from: number): UserError {
	const description =
		'Try again later. If this persists, the API key may not be allowed to see these records.';
	return new UserError(
		`The server reports that the list has ${total} records, but returns none from record ${from + 1} on`,
		{ description },
	);
}

const maxPages = 10_000; // of a list without a total
const plausibleGrowth = 10_000; // records beyond double the first total

/** How many pages are read before giving up. */
export function maxPagesOf(expected: number, pageSize: number): number {
	if (expected === Infinity) return maxPages;
	return 3 * Math.ceil((2 * expected + plausibleGrowth) / pageSize);
}

export function neverEnds(): UserError {
	const description = "Try again later, or turn off 'Return All' and set a 'Limit'.";
	return new UserError('The list has no end, or changes faster than it can be read', {
		description,
	});
}
