import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

/** Remembers a list from one poll to the next. */
export interface Tracker {
	/** Whether a record was in the list before. */
	has(record: IDataObject): boolean;
	/** Whether nothing is new about a record. */
	isSettled(record: IDataObject): boolean;
	/** The end of the list where new or changed records appear; undefined if that may be anywhere. */
	newestEnd(records: IDataObject[]): NewestEnd | undefined;
	/**
	 * @param records that were just read
	 * @param isWhole whether they are the whole list
	 * @returns which records to read one by one; undefined if the whole list must be read
	 */
	idsToRead(records: IDataObject[], isWhole: boolean): string[] | undefined;
	/**
	 * Takes in a reading.
	 * @param single the records read one by one; undefined for one that is gone
	 * @returns the new events, oldest first
	 */
	take(
		records: IDataObject[],
		isWhole: boolean,
		single: Map<string, IDataObject | undefined>,
	): IDataObject[];
	/** The state for the next poll's tracker: valid as JSON, of bounded size. */
	save(): object;
}

export const maxKept = 188_000; // characters in n8n's database
export const maxSingleReads = 100; // in one poll

/** The end of a list where new records appear. */
export type NewestEnd = 'first' | 'last';

const lateness = 5 * 60_000; // ms by which records may be out of order

/** @returns undefined if the times are in no order, or too close to tell */
export function newestEnd(times: number[]): NewestEnd | undefined {
	const reversed = [...times].reverse();
	for (const tolerance of [0, lateness]) {
		const isLast = isRising(times, tolerance);
		if (isLast !== isRising(reversed, tolerance)) return isLast ? 'last' : 'first';
	}
	return undefined;
}

function isRising(times: number[], tolerance: number): boolean {
	let latest = -Infinity;
	return times.every((time) => {
		latest = Math.max(latest, time);
		return time > 0 && time >= latest - tolerance;
	});
}

/** What a tracker keeps of a record. */
interface Kept {
	time: number; // in minutes
	isPending?: boolean;
}

/**
 * The entries to forget so that the others fit: the oldest, but pending ones last.
 * @param excess how many characters do not fit
 */
export function* oldestEntries<E extends Kept>(
	entries: Map<string, E>,
	excess: number,
	lengthOf: (entry: [string, E]) => number,
): Generator<[string, E]> {
	if (excess <= 0) return;
	const rankOf = ({ isPending = false }: Kept) => Number(isPending);
	const oldest = [...entries].sort(
		([, one], [, other]) => rankOf(one) - rankOf(other) || one.time - other.time,
	);
	let left = excess;
	for (const entry of oldest) {
		if (left <= 0) return;
		yield entry;
		left -= lengthOf(entry);
	}
}

/** A short key for an ID of any length. */
export function keyOf(id: unknown): string {
	return createHash('sha256').update(String(id)).digest('base64').slice(0, 8);
}

/** Whether an ID is short enough to be kept itself. */
export function isShort(id: string): boolean {
	return id.length <= 100;
}

/** A time in whole minutes, which is how times are kept. */
export function minuteOf(time: number): number {
	return Math.min(Math.max(0, Math.floor(time / 60_000)), 1e9);
}

export function oldestFirst(times: Map<IDataObject, number>): IDataObject[] {
	return [...times].sort(([, one], [, other]) => one - other).map(([record]) => record);
}
