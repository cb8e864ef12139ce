import { UserError } from 'n8n-workflow';
import { settled } from '../http/signals';
import { textsIn } from './envelope';
import { Joiner } from './joiner';
import { canOverlap, endOf, type Page, type Place, placeOf, promisesMore } from './paging';
import { SeparatePages } from './separatePages';
import {
	checkEnd,
	checkPosition,
	maxOverlap,
	maxPagesOf,
	neverEnds,
	readSideBySide,
	type Source,
	WrongPaging,
} from './source';

/**
 * Reads a paged list that may change while it is read.
 *
 * The first page shows the total and the server's real page size. The other pages are read in parallel
 * and joined in order. If a page does not join, the list is read again from further back, in the worst
 * case from its start. The list ends with a page that is as short as its total implies, or before an
 * empty one.
 * @param wanted how many records at most; Infinity for all
 * @returns the records, each once, in the server's order
 * @throws {WrongPaging} if the pages contradict this style of paging
 * @throws {UserError} if the list never ends, or the server leaves out a part of it
 */
export async function readList<T>(source: Source<T>, wanted: number): Promise<T[]> {
	const { paging } = source;
	const first = await source.read({ offset: 0, limit: Math.min(paging.largest, wanted) });
	const { records, limit, total = Infinity } = first;
	const isUnpaged = paging.by === 'nothing';
	const isShort = records.length !== limit || isUnpaged;
	const isWhole = isShort && records.length >= total && !promisesMore(first.about);
	if (isWhole || records.length >= wanted || records.length === 0) {
		return new Joiner(first, false).records.slice(0, wanted);
	}
	if (isUnpaged) throw new WrongPaging(paging, first);
	const Reader = canOverlap(paging, records.length) ? ListReader : SeparatePages;
	return await new Reader(source, first, wanted).read();
}

class ListReader<T> {
	private readonly pageSize: number; // of the server
	private readonly overlap: number;
	private readonly joiner: Joiner<T>;
	private readonly failed = new AbortController();
	private end: number; // offset after the last record of any page
	private pagesLeft: number;

	constructor(
		private readonly source: Source<T>,
		private readonly first: Page<T>,
		private readonly wanted: number,
	) {
		this.pageSize = first.records.length;
		this.overlap = Math.min(maxOverlap, this.pageSize - 1);
		this.joiner = new Joiner(first, this.overlap > 0);
		this.end = this.pageSize;
		const expected = Math.min(first.total ?? Infinity, wanted);
		this.pagesLeft = maxPagesOf(expected, this.pageSize - this.overlap);
	}

	async read(): Promise<T[]> {
		await this.joinAll(await this.expectedPages());
		while (!this.isDone) await this.readOn(this.overlap);
		await this.findMoved();
		return this.joiner.records.slice(0, this.wanted);
	}

	private async joinAll(pages: Array<Page<T>>): Promise<void> {
		for (const page of pages.filter(({ records }) => records.length > 0)) {
			while (this.missing > 0 && !this.joiner.joinEarlier(page)) {
				await this.readOn(Math.ceil(this.pageSize / 2));
				// The list has shrunk, and ends before this page.
				if (this.isDone) return;
			}
		}
	}

	/**
	 * A record that moves while the list is read can escape all pages, which then have fewer records than
	 * their totals and positions say. In a list ordered by change, it moves to one end.
	 */
	private async findMoved(): Promise<void> {
		const { joiner, wanted } = this;
		const half = Math.ceil(this.pageSize / 2);
		if (joiner.lowestTotal === Infinity) return;
		const isMissing = () => joiner.size < Math.min(joiner.lowestTotal, this.end, wanted);
		for (let before = 0; isMissing() && joiner.size > before; ) {
			before = joiner.size;
			for (const offset of [0, this.end - half]) {
				if (isMissing()) joiner.add(await this.pageAt(this.placeAt(offset, Infinity, offset)));
			}
			if (isMissing()) for (const page of await this.expectedPages()) joiner.add(page);
		}
	}

	private get isDone(): boolean {
		return this.joiner.isComplete || this.missing <= 0;
	}

	private get missing(): number {
		return this.wanted - this.joiner.size;
	}

	/** The pages after the first that its total implies, read in parallel. */
	private async expectedPages(): Promise<Array<Page<T>>> {
		const { total } = this.first;
		if (total === undefined) return [];
		const expected = Math.min(total, this.wanted);
		const pages: Array<Page<T>> = [];
		let end = this.pageSize;
		const readNext = async (): Promise<void> => {
			const place = this.placeAt(end - this.overlap, this.wanted - end + this.overlap, end);
			end = endOf(place);
			const page = await this.pageAt(place, this.failed.signal);
			pages.push(page);
			// The total was too high, perhaps by far.
			if (page.records.length === 0) end = Infinity;
		};
		const readInTurn = async (): Promise<void> => {
			while (end < expected) await readNext();
		};
		// One page alone first, if it may show that the server pages in another way.
		if (!this.source.isProved && end < expected) await readNext();
		await readSideBySide(readInTurn, this.failed);
		return pages.sort((one, other) => one.offset - other.offset);
	}

	/** Reads and joins the next page, beginning far enough back to join. */
	private async readOn(back: number): Promise<void> {
		const { joiner } = this;
		const { end, size } = joiner;
		joiner.isComplete = false;
		let behind = joiner.isShort && back === this.overlap ? await this.readBehind() : undefined;
		for (let from = Math.max(1, back); from > 0 && !joiner.isComplete; ) {
			const offset = Math.max(0, end - from);
			// To make it join, a numbered page may end with the known records.
			const known = from > back ? offset : end;
			const page = await this.pageAt(this.placeAt(offset, this.missing + from, known));
			if (!joiner.join(page)) {
				from = Math.max(2 * from, this.pageSize);
				continue;
			}
			if (joiner.isComplete || joiner.size > size || joiner.end > end) return;
			// The list has shrunk, or the page has only known records: continue from its end.
			if (from > Math.max(1, back) || (!joiner.isShort && from > 1)) return;
			// Cut short before any new record: begin nearer to the end.
			joiner.end = end;
			behind ??= await this.readBehind();
			from = Math.floor(from / 2);
		}
		// Pages of single records have none to share.
		behind ??= await this.readBehind();
		if (joiner.isComplete) return;
		joiner.add(behind);
		// Nothing new came from any position.
		joiner.isComplete ||= joiner.size === size && joiner.end <= end;
	}

	/**
	 * A short page is the last one if the page after it is empty. If the total is less by now, the list has
	 * shrunk, and later records have moved forward.
	 */
	private async readBehind(): Promise<Page<T>> {
		const { end } = this.joiner;
		const page = await this.pageAt(this.placeAt(end, this.missing, end));
		const { offset, records, total } = page;
		const isEnd = offset + records.length <= end && (total === undefined || total >= end);
		if (isEnd) await checkEnd(this.source, page);
		this.joiner.isComplete = isEnd;
		return page;
	}

	/**
	 * @param needed how many records
	 * @param end of the known records: the page must reach beyond it
	 */
	private placeAt(offset: number, needed: number, end: number): Place {
		const { paging } = this.source;
		const limit = Math.min(this.pageSize, this.first.limit);
		return placeOf(paging, offset, paging.by === 'page' ? limit : Math.min(limit, needed), end);
	}

	private async pageAt(place: Place, signal?: AbortSignal): Promise<Page<T>> {
		if (this.pagesLeft-- <= 0) throw neverEnds();
		const { source, first } = this;
		const page = await source.read(place, signal);
		const { offset, records } = page;
		if (records.length > 0) this.end = Math.max(this.end, offset + records.length);
		// With another page size, the numbers mean other pages.
		if (source.paging.by === 'page' && page.records.length > place.limit) {
			throw new WrongPaging(source.paging, first);
		}
		if (place.offset === 0) return page;
		const { error } = await settled(checkPosition(source, page, first, signal));
		if (!error) return page;
		// A list that is not paged at all came whole.
		const isUnpaged = first.total === undefined && textsIn(first.about).length === 0;
		const isWhole = isUnpaged && this.pageSize !== first.limit;
		if (error instanceof WrongPaging && isWhole) return { ...page, limit: Infinity, total: 0 };
		throw error;
	}
}

/**
 * Refuses a list that is too long for n8n, as soon as one of its pages shows that.
 * @param wanted how many records are to be read
 */
export function refuseTooMany(page: Page<unknown>, wanted: number, most: number): void {
	const { offset, records, total = 0 } = page;
	const known = Math.max(total, offset + records.length);
	if (Math.min(known, wanted) <= most) return;
	const message = `The list has at least ${known} records, more than n8n takes from one node at once`;
	const description = `Turn off 'Return All' and set a 'Limit' of at most ${most}.`;
	throw new UserError(message, { description });
}
