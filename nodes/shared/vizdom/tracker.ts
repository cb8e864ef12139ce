import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

/** What is known of a list, from one poll to the next. */
export interface Tracker {
	/** Whether a record was in the list before. */
	has(record: IDataObject): boolean;
	/** Whether there is nothing new about a record. */
	isSettled(record: IDataObject): boolean;
	/** The end of the list where new or changed records appear; undefined if they may be anywhere. */
	newestEnd(records: IDataObject[]): NewestEnd | undefined;
	/**
	 * @param records that were just read
	 * @param isWhole whether they are the whole list
	 * @returns what must be read one by one; undefined if that is the whole list
	 */
	idsToRead(records: IDataObject[], isWhole: boolean): string[] | undefined;
	/**
	 * Takes in a reading.
	 * @param single the records read one by one; undefined for one that is gone
	 * @returns what is new, oldest first
	 */
	take(
		records: IDataObject[],
		isWhole: boolean,
		single: Map<string, IDataObject | undefined>,
	): IDataObject[];
	/** What another one is made of: something that JSON can hold, of bounded size. */
	save(): object;
}

export const maxKept = 188_000; // characters, as n8n stores them
export const maxSingleReads = 100; // records that are read one by one in a poll

/** The end of a list where what is new comes. */
export type NewestEnd = 'first' | 'last';

/** Records may become visible late, or out of order: for so long, in ms. */
const lateness = 5 * 60_000;

/** @returns undefined if the times are in no order, or so close that it may be either */
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

/** A key of bounded length, whatever the ID is. */
export function keyOf(id: unknown): string {
	return createHash('sha256').update(String(id)).digest('base64').slice(0, 8);
}

/** Whether an ID can be kept as it is. */
export function isShort(id: string): boolean {
	return id.length <= 100;
}

/** A time in whole minutes. What is kept is not more exact. */
export function minuteOf(time: number): number {
	return Math.min(Math.max(0, Math.floor(time / 60_000)), 1e9);
}

export function oldestFirst(times: Map<IDataObject, number>): IDataObject[] {
	return [...times].sort(([, one], [, other]) => one - other).map(([record]) => record);
}
