import { UserError } from 'n8n-workflow';

/** What one request brought of a list. */
export interface Page<T> {
	offset: number;
	/** The number of records asked for */
	limit: number;
	records: T[];
	/** Records in all, where the server tells */
	total?: number;
}

export type ReadPage<T> = (offset: number, limit: number, stop?: AbortSignal) => Promise<Page<T>>;

/** Neighbouring pages share this many records, so that it shows whether the list shifted between them. */
const overlap = 2;

/** A list that does not tell its total is given up after this many pages. */
const mostPages = 10_000;

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
	private readonly joined = new Map<unknown, T>();

	private first: Page<T> = { offset: 0, limit: 0, records: [] };

	/** Offset behind the page that joined last */
	private end = 0;

	/** Whether the page that joined last reached the end of the list */
	private complete = false;

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
			while (!this.isDone && !this.join(page)) await this.readOn(Math.ceil(this.step / 2));
		}
		while (!this.isDone) await this.readOn(this.seam);
		return [...this.joined.values()].slice(0, this.wanted);
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

	/** The pages behind the first that its total lets expect, asked for side by side. */
	private async expectedPages(): Promise<Array<Page<T>>> {
		const { total } = this.first;
		if (total === undefined || this.isDone) return [];
		const expected = Math.min(total, this.wanted);
		const stride = this.step - this.seam;
		this.pagesLeft = 100 + 3 * Math.ceil(expected / stride);
		const offsets: number[] = [];
		for (let at = stride; at + this.seam < expected; at += stride) offsets.push(at);
		const others = new AbortController();
		try {
			return await Promise.all(
				offsets.map(async (at) => await this.pageAt(at, this.wanted - at, others.signal)),
			);
		} finally {
			others.abort();
		}
	}

	/** Joins what follows the joined pages, read from so far back that it can be joined. */
	private async readOn(back: number): Promise<void> {
		const missing = this.wanted - this.joined.size;
		for (let from = back; ; from = Math.max(2 * from, this.step)) {
			const offset = Math.max(0, this.end - from);
			if (this.join(await this.pageAt(offset, missing + from))) return;
		}
	}

	private async pageAt(offset: number, needed: number, stop?: AbortSignal): Promise<Page<T>> {
		if (this.pagesLeft-- <= 0) throw neverEnds();
		const limit = Math.min(this.step, this.first.limit, needed);
		const page = await this.readPage(offset, limit, stop);
		// Read twice, because records inserted before the offset could look like it, once.
		if (!this.repeatsFirst(page)) return page;
		const again = await this.readPage(offset, limit, stop);
		if (!this.repeatsFirst(again)) return again;
		if (this.first.total === undefined && this.step < this.first.limit) {
			// A list that is not paged at all: the first page was the whole of it, nothing is left.
			return { ...again, total: 0 };
		}
		throw ignoresOffset();
	}

	private repeatsFirst({ offset, records }: Page<T>): boolean {
		return (
			offset > 0 &&
			records.length > 0 &&
			records.every((record, index) => keyOf(record) === keyOf(this.first.records[index]))
		);
	}

	/** @returns whether the page joins those before it, without a gap */
	private join(page: Page<T>): boolean {
		const { offset, limit, records, total } = page;
		const known = records.filter((record) => this.joined.has(keyOf(record))).length;
		if (offset > 0 && known === 0 && this.seam > 0) return false;
		for (const record of records) this.joined.set(keyOf(record), record);
		this.end = offset + records.length;
		const isShort = records.length < limit;
		const bringsNothing = known === records.length;
		this.complete =
			total === undefined
				? records.length === 0 || (isShort && page !== this.first)
				: this.end >= total || (isShort && bringsNothing);
		return true;
	}
}

function keyOf(record: unknown): unknown {
	const { id } = (record ?? {}) as { id?: unknown };
	return id ?? JSON.stringify(record);
}

function ignoresOffset(): UserError {
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
