import type { Page } from './paging';

/**
 * Joins pages of a list that may change while it is read: pages in, records out.
 *
 * A page joins only if it shares a record with those before it. This proves that there is no gap: a
 * record that was there throughout is on the same side of the shared one in both readings. If a page
 * shares none, the list has shifted by more than the pages overlap.
 */
export class Joiner<T> {
	private readonly joined = new Map<unknown, { record: T; position: number }>();
	end = 0; // offset after the page that joined last, as the list was then
	isComplete = false; // whether the page that joined last is proved to reach the end of the list
	lowestTotal = Infinity; // of all pages
	isShort = false; // whether the page that joined last had fewer records than requested

	constructor(
		private readonly first: Page<T>,
		private readonly overlaps: boolean, // whether the pages share records at all
	) {
		this.add(first);
	}

	get size(): number {
		return this.joined.size;
	}

	/** Without duplicates, in the server's order */
	get records(): T[] {
		return [...this.joined.values()].map(({ record }) => record);
	}

	/**
	 * Joins a page that was just read.
	 * @returns false if there may be a gap
	 */
	join(page: Page<T>): boolean {
		const isJoined = page.offset === 0 || !this.overlaps || this.lastKnown(page) >= 0;
		if (isJoined) this.add(page);
		return isJoined;
	}

	/** Joins a page that may have been read before others; the list may have shifted since. */
	joinEarlier(page: Page<T>): boolean {
		const index = this.lastKnown(page);
		if (index < 0) return this.join(page);
		const { position } = this.joined.get(keysOf(page.records)[index]) ?? { position: 0 };
		this.add(page, position - index);
		return true;
	}

	/** Adds the records of a page without checking that it joins. */
	add(page: Page<T>, from = page.offset): void {
		const { offset, limit, records, total } = page;
		const keys = keysOf(records);
		for (const [index, record] of records.entries()) {
			this.joined.set(keys[index], { record, position: from + index });
		}
		this.end = from + records.length;
		// The first page has the server's page size, if the total says that there are more records.
		this.isShort = records.length < limit && (page !== this.first || total === undefined);
		const isEmpty = page === this.first && records.length === 0;
		if (total !== undefined) this.lowestTotal = Math.min(this.lowestTotal, total);
		// A full page may end at the total by chance: page and total are separate queries.
		const isEnd = this.isShort && total !== undefined && offset + records.length >= total;
		this.isComplete = isEmpty || (isEnd && this.size >= this.lowestTotal);
	}

	/** Index of the last record of a page that has joined already; -1 if none has. */
	private lastKnown({ records }: Page<T>): number {
		return keysOf(records).findLastIndex((key) => this.joined.has(key));
	}
}

/** The key of each record of a page: its ID, or its whole content. */
export function keysOf(records: unknown[]): unknown[] {
	const seen = new Map<string, number>();
	return records.map((record) => {
		const { id } = (record ?? {}) as { id?: unknown };
		if ((typeof id === 'string' || typeof id === 'number') && id) return id;
		const content = JSON.stringify(record);
		const count = (seen.get(content) ?? 0) + 1;
		seen.set(content, count);
		return `${count} ${content}`;
	});
}

/** Whether the records of a page are the first ones of another, so that its position was ignored. */
export function repeats<T>({ records }: Page<T>, first: Page<T>): boolean {
	const keys = keysOf(first.records);
	return records.length > 0 && keysOf(records).every((key, index) => key === keys[index]);
}
