import { UserError } from 'n8n-workflow';
import { settled } from '../http/signals';
import { maxInFlight } from '../http/turns';
import { keysOf, repeats } from './joiner';
import { endOf, type Page, type Paging, type Place, placeOf } from './paging';

/** Reads the pages of one list, in the style that its server is known for. */
export interface Source<T> {
	readonly paging: Paging;
	/** Whether this style has returned a page after a first one */
	readonly isProved: boolean;
	prove(): void;
	/** Whether fewer records than the total says means that some are missing */
	readonly isTotalTrue: boolean;
	/** @param signal aborted if the page is no longer needed */
	read(place: Place, signal?: AbortSignal): Promise<Page<T>>;
}

/** The server pages in another style than was used. */
export class WrongPaging extends UserError {
	/**
	 * @param first the first page
	 * @param refusal the error, if a page was refused
	 */
	constructor(
		readonly paging: Paging,
		readonly first?: Page<unknown>,
		readonly refusal?: Error,
	) {
		super('The server pages its lists in another way');
	}
}

export const maxOverlap = 2; // records that neighboring pages share, to detect a shift of the list

/** Learns that a later page proves the style. Throws {@link WrongPaging} if it is the first one again. */
export async function checkPosition<T>(
	source: Source<T>,
	page: Page<T>,
	first: Page<T>,
	signal?: AbortSignal,
): Promise<void> {
	if (!source.isProved) {
		// Inserted records may have shifted some into it.
		if (isMostly(page, first)) throw new WrongPaging(source.paging, first);
		return source.prove();
	}
	if (!repeats(page, first)) return;
	const again = await source.read({ offset: 0, limit: first.limit }, signal);
	if (repeats(page, again)) throw new WrongPaging(source.paging, first);
}

/** Whether a page shares more records with the first one than neighbors do. */
function isMostly<T>({ records }: Page<T>, first: Page<T>): boolean {
	const keys = new Set(keysOf(first.records));
	const shared = keysOf(records).filter((key) => keys.has(key)).length;
	return shared > Math.max(Math.min(maxOverlap, keys.size - 1), records.length / 2);
}

/**
 * Reads pages in parallel.
 * @param readInTurn reads one after the other
 * @param failed aborted if a page fails, because the others are no longer needed
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
 * Checks that a list really ends at an empty page if its total says otherwise: the position of its last
 * record must be empty too.
 * @throws {UserError} if it is not
 */
export async function checkEnd<T>(source: Source<T>, empty: Page<T>): Promise<void> {
	const { offset, limit, total = 0 } = empty;
	if (total <= endOf(empty)) return;
	const { records } = await source.read(placeOf(source.paging, total - 1, limit));
	if (records.length > 0) throw leavesOut(total, offset);
}

/** @param from offset of the missing records */
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

/** How many pages to read before giving up. */
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
