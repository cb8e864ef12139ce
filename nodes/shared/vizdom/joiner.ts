import type { Page } from './paging';

/**
 * Joins pages of a list that may change while it is read: pages in, records out.
 *
 * A page joins only if it shares a record with those before it. That proves that nothing lies
 * between: a record that was there throughout is, in both readings, on the same side of the shared
 * one. If a page shares none, the list has shifted by more than pages overlap.
 */
export class Joiner<T> {
	private readonly joined = new Map<unknown, { record: T; position: number }>();
	end = 0; // offset behind the records that joined last, in the list as it was read last
	isComplete = false; // whether the page that joined last reached the end of the list
	isShort = false; // whether the page that joined last had fewer records than were asked for

	constructor(
		private readonly first: Page<T>,
		private readonly overlaps: boolean, // whether the pages share records at all
	) {
		this.add(first, 0);
	}

	get size(): number {
		return this.joined.size;
	}

	/** Each once, in the server's order */
	get records(): T[] {
		return [...this.joined.values()].map(({ record }) => record);
	}

	/**
	 * Joins a page that was just read.
	 * @returns whether it joins those before it, without a gap
	 */
	join(page: Page<T>): boolean {
		const isJoined = page.offset === 0 || !this.overlaps || this.lastKnown(page) >= 0;
		if (isJoined) this.add(page, page.offset);
		return isJoined;
	}

	/** Joins a page that may have been read before others: the list may have shifted since. */
	joinEarlier(page: Page<T>): boolean {
		const index = this.lastKnown(page);
		if (index < 0) return this.join(page);
		const { position } = this.joined.get(keyOf(page.records[index])) ?? { position: 0 };
		this.add(page, position - index);
		return true;
	}

	/** Adds the records of a page without asking whether it joins. */
	add(page: Page<T>, from: number): void {
		const { offset, limit, records, total } = page;
		for (const [index, record] of records.entries()) {
			this.joined.set(keyOf(record), { record, position: from + index });
		}
		this.end = from + records.length;
		// A first page is as long as the server's pages are, if the total says that there are more.
		this.isShort = records.length < limit && (page !== this.first || total === undefined);
		const isEmpty = page === this.first && records.length === 0;
		this.isComplete = isEmpty || (total !== undefined && offset + records.length >= total);
	}

	/** Index of the last record of a page that has joined already; -1 if there is none. */
	private lastKnown({ records }: Page<T>): number {
		return records.findLastIndex((record) => this.joined.has(keyOf(record)));
	}
}

/** What a record is known by: its ID, or all that it holds. */
export function keyOf(record: unknown): unknown {
	const { id } = (record ?? {}) as { id?: unknown };
	return id ?? JSON.stringify(record);
}

/** Whether one page begins with all that another has: its server has not understood where to begin. */
export function repeats<T>({ records }: Page<T>, first: Page<T>): boolean {
	return (
		records.length > 0 &&
		records.every((record, index) => keyOf(record) === keyOf(first.records[index]))
	);
}
