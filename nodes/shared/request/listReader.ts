import { UserError } from 'n8n-workflow';
import { mostInFlight } from './rate';

/** What one request brought of a list. */
export interface Page<T> {
	offset: number;
	/** The number of records asked for */
	limit: number;
	records: T[];
	/** Records in all, where the server tells */
	total?: number;
}

type ReadPage<T> = (offset: number, limit: number, stop?: AbortSignal) => Promise<Page<T>>;

/** Neighbouring pages share this many records, so that it shows whether the list shifted between them. */
const overlap = 2;

/** A list that does not tell its total is given up after this many pages. */
const mostPages = 10_000;

/** One that does, when it has grown by this and doubled: it may never end. */
const plausibleGrowth = 10_000;

/**
 * Reads an offset-paged list that may change while it is read.
 *
 * The first page tells the total, and how many records a page the server really serves; the other
 * pages are asked for side by side. They are joined in order, and a page joins only where it shares
 * a record with those before it. That proves that nothing lies between: a record that was there
 * throughout stands, in both readings, on the same side of the shared one. Where a page shares
 * none, the list has shifted by more than the overlap. Then it is read again from further back, in
 * the worst case from its start.
 */
export class ListReader<T> {
	private readonly joined = new Map<unknown, { record: T; position: number }>();

	private first: Page<T> = { offset: 0, limit: 0, records: [] };

	/** Offset behind the records that joined last, in the list as it was read last */
	private end = 0;

	/** Whether the page that joined last reached the end of the list */
	private complete = false;

	/** Whether the page that joined last had fewer records than were asked for */
	private isShort = false;

	private pagesLeft = mostPages;

	/**
	 * @param readPage one request
	 * @param wanted how many records at most; Infinity for all
	 */
	constructor(
		private readonly readPage: ReadPage<T>,
		private readonly wanted: number,
	) {}

	/**
	 * @param largestPage the most records that a request may ask for
	 * @returns the records, each once, in the server's order
	 * @throws {UserError} where the server ignores the offset, or the list never ends
	 */
	async read(largestPage: number): Promise<T[]> {
		this.first = await this.readPage(0, Math.min(largestPage, this.wanted));
		this.join(this.first);
		for (const page of await this.expectedPages()) {
			while (!this.isDone && !this.joinEarlier(page)) await this.readOn(Math.ceil(this.step / 2));
		}
		while (!this.isDone) await this.readOn(this.seam);
		return [...this.joined.values()].slice(0, this.wanted).map(({ record }) => record);
	}

	private get isDone(): boolean {
		return this.complete || this.joined.size >= this.wanted;
	}

	/** Records a page that the server really serves */
	private get step(): number {
		return this.first.records.length;
	}

	private get seam(): number {
		return Math.min(overlap, this.step - 1);
	}

	/** The pages behind the first that its total lets expect, read side by side. */
	private async expectedPages(): Promise<Array<Page<T>>> {
		const { total } = this.first;
		if (total === undefined || this.isDone) return [];
		const expected = Math.min(total, this.wanted);
		const stride = this.step - this.seam;
		this.pagesLeft = 3 * Math.ceil((2 * expected + plausibleGrowth) / stride);
		const pages: Array<Page<T>> = [];
		const others = new AbortController();
		let next = stride;
		const readOneByOne = async (): Promise<void> => {
			while (next + this.seam < expected) {
				const at = next;
				next += stride;
				const page = await this.pageAt(at, this.wanted - at, others.signal);
				pages.push(page);
				// The total was too high, and may be any number.
				if (page.records.length === 0) next = Infinity;
			}
		};
		try {
			await Promise.all(Array.from({ length: mostInFlight }, readOneByOne));
		} finally {
			others.abort();
		}
		return pages.sort((one, other) => one.offset - other.offset);
	}

	/** Joins what follows the joined pages, read from so far back that it can be joined. */
	private async readOn(back: number): Promise<void> {
		const { end } = this;
		const { size } = this.joined;
		let behind = this.isShort ? await this.readBehind() : undefined;
		for (let from = Math.max(1, back); from > 0 && !this.complete; ) {
			const page = await this.pageAt(Math.max(0, end - from), this.missing + from);
			if (!this.join(page)) {
				from = Math.max(2 * from, this.step);
				continue;
			}
			if (this.complete || this.joined.size > size || this.end > end) return;
			if (!this.isShort && from > 1) return;
			// Cut short before anything new: from nearer.
			this.end = end;
			behind ??= await this.readBehind();
			from = Math.floor(from / 2);
		}
		// The server serves single records: there is none to share.
		behind ??= await this.readBehind();
		if (!this.complete) this.add(behind, end);
	}

	/**
	 * A short page may be the last one, or just short: an empty one behind it tells. Where the total
	 * is less, the list has shrunk, and what was behind stands further in front now.
	 */
	private async readBehind(): Promise<Page<T>> {
		const page = await this.pageAt(this.end, this.missing);
		const { records, total } = page;
		this.complete = records.length === 0 && (total === undefined || total >= this.end);
		return page;
	}

	private get missing(): number {
		return this.wanted - this.joined.size;
	}

	private async pageAt(offset: number, needed: number, stop?: AbortSignal): Promise<Page<T>> {
		if (this.pagesLeft-- <= 0) throw neverEnds();
		const limit = Math.min(this.step, this.first.limit, needed);
		const page = await this.readPage(offset, limit, stop);
		if (offset === 0 || !this.repeatsFirst(page)) return page;
		if (!(await this.ignoresOffset(offset, limit, stop))) return page;
		const isWhole = this.first.total === undefined && this.step !== this.first.limit;
		// A list that is not paged at all came whole: nothing is left.
		if (isWhole) return { ...page, total: 0 };
		throw outOfStep();
	}

	/** Whether the first page comes from everywhere, and not just because records were inserted before it. */
	private async ignoresOffset(offset: number, limit: number, stop?: AbortSignal): Promise<boolean> {
		for (const elsewhere of [0, offset + this.step]) {
			if (!this.repeatsFirst(await this.readPage(elsewhere, limit, stop))) return false;
		}
		return true;
	}

	private repeatsFirst({ records }: Page<T>): boolean {
		return (
			records.length > 0 &&
			records.every((record, index) => keyOf(record) === keyOf(this.first.records[index]))
		);
	}

	/**
	 * Joins a page that was just read.
	 *
	 * @returns whether it joins those before it, without a gap
	 */
	private join(page: Page<T>): boolean {
		const isJoined = page.offset === 0 || this.seam === 0 || this.lastKnown(page) >= 0;
		if (isJoined) this.add(page, page.offset);
		return isJoined;
	}

	/** Joins a page that may have been read before others: the list may have shifted since. */
	private joinEarlier(page: Page<T>): boolean {
		const index = this.lastKnown(page);
		if (index < 0) return this.join(page);
		const { position } = this.joined.get(keyOf(page.records[index])) ?? { position: 0 };
		this.add(page, position - index);
		return true;
	}

	/** Index of the last record of a page that has joined already; -1 where there is none. */
	private lastKnown({ records }: Page<T>): number {
		return records.findLastIndex((record) => this.joined.has(keyOf(record)));
	}

	private add(page: Page<T>, from: number): void {
		const { offset, limit, records, total } = page;
		for (const [index, record] of records.entries()) {
			this.joined.set(keyOf(record), { record, position: from + index });
		}
		this.end = from + records.length;
		// A first page is as long as the server's pages are, where the total says that there are more.
		this.isShort = records.length < limit && (page !== this.first || total === undefined);
		const isEmpty = page === this.first && records.length === 0;
		this.complete = isEmpty || (total !== undefined && offset + records.length >= total);
	}
}

function keyOf(record: unknown): unknown {
	const { id } = (record ?? {}) as { id?: unknown };
	return id ?? JSON.stringify(record);
}

function outOfStep(): UserError {
	return new UserError('The list comes out the same from every offset', {
		description:
			"The server does not page as the Vizdom API does. Check the Base URL in the Vizdom credential, or turn off 'Return All' and set a 'Limit' of one page.",
	});
}

function neverEnds(): UserError {
	return new UserError('The list has no end, or changes faster than it can be read', {
		description: "Try again later, or turn off 'Return All' and set a 'Limit'.",
	});
}
