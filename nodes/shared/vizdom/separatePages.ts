import { keysOf, repeats } from './joiner';
import { cursorIn, deniesMore, type Page, type Place } from './paging';
import {
	checkEnd,
	checkPosition,
	maxPagesOf,
	neverEnds,
	readSideBySide,
	type Source,
	WrongPaging,
} from './source';

/** A page with the place it was requested for. */
interface PlacedPage<T> extends Page<T> {
	place: Place;
}

/**
 * Reads a list whose pages cannot overlap: numbered pages of a fixed size, or each with a cursor to the
 * next. A change of the list meanwhile shows in its total, in a duplicate record, or in its first page,
 * which is read once more at the end. The list is then read again, page by page, and each is proved to
 * follow the one before; and once more while there are fewer records than all totals say.
 */
export class SeparatePages<T> {
	private readonly pageSize: number;
	private readonly first: PlacedPage<T>;
	private readonly wasProved: boolean; // before this list was read
	private lowestTotal = Infinity; // of all pages
	private pagesLeft: number;

	constructor(
		private readonly source: Source<T>,
		first: Page<T>,
		private readonly wanted: number,
	) {
		this.pageSize = first.records.length;
		this.wasProved = source.isProved;
		this.first = { ...first, place: { offset: 0, limit: first.limit } };
		this.pagesLeft = maxPagesOf(Math.min(first.total ?? Infinity, wanted), this.pageSize);
	}

	async read(): Promise<T[]> {
		const isNumbered = this.source.paging.by === 'page';
		const pages = await (isNumbered ? this.sideBySide() : this.oneByOne());
		const again = await this.readAgain(this.first);
		const records = pages.flatMap((page) => page.records);
		const isUnchanged =
			[...pages, again].every(({ total }) => total === this.first.total) &&
			new Set(keysOf(records)).size === records.length &&
			isSame(this.first, again);
		const isWhole = records.length >= Math.min(this.wanted, this.first.total ?? 0);
		// Records are missing although nothing has changed: page numbers may have another base by now.
		const isDoubtful = isNumbered && this.wasProved && this.source.isTotalTrue;
		if (isUnchanged && !isWhole && isDoubtful) throw new WrongPaging(this.source.paging, again);
		return (isUnchanged ? records : await this.readUntilWhole(again)).slice(0, this.wanted);
	}

	private async readUntilWhole(first: PlacedPage<T>): Promise<T[]> {
		const found = new Map<unknown, T>();
		for (let page = first; ; page = await this.readAgain(this.first)) {
			const { size: before } = found;
			this.lowestTotal = Infinity;
			for (const [key, record] of await this.readCarefully(page)) found.set(key, record);
			const { lowestTotal, wanted } = this;
			const isWhole = lowestTotal === Infinity || found.size >= Math.min(lowestTotal, wanted);
			if (isWhole || found.size === before) return [...found.values()];
		}
	}

	/** The pages that the total implies; without a total, all until the end. */
	private async sideBySide(): Promise<Array<PlacedPage<T>>> {
		const { pageSize: limit, source } = this;
		const expected = Math.min(this.first.total ?? 0, this.wanted);
		const pages: Array<PlacedPage<T>> = [this.first];
		const failed = new AbortController();
		let offset = limit;
		const readNext = async () => {
			const place = { offset, limit };
			offset += limit;
			const page = await this.pageAt(place, failed.signal, pages.at(-1));
			pages.push({ ...page, place });
			if (page.records.length === 0) offset = Infinity;
		};
		const readInTurn = async () => {
			while (offset < expected) await readNext();
		};
		// One page alone first, if it may show that the server pages in another way.
		if (!source.isProved && offset < expected) await readNext();
		await readSideBySide(readInTurn, failed);
		pages.sort((one, other) => one.offset - other.offset);
		while (offset < this.wanted && !this.isEnd(pages)) await readNext();
		return pages;
	}

	private async oneByOne(): Promise<Array<PlacedPage<T>>> {
		const pages = [this.first];
		const followed = new Set<string | undefined>();
		while (countIn(pages) < this.wanted && !this.isEnd(pages)) {
			const next = await this.readNext(pages.at(-1) ?? this.first);
			if (!next || followed.has(next.place.cursor)) break;
			followed.add(next.place.cursor);
			pages.push(next);
		}
		return pages;
	}

	private async readCarefully(first: PlacedPage<T>): Promise<Map<unknown, T>> {
		const known = new Map<unknown, T>();
		const add = ({ records }: Page<T>) => {
			const keys = keysOf(records);
			for (const [index, record] of records.entries()) known.set(keys[index], record);
		};
		const followed = new Set<string | undefined>();
		for (let page: PlacedPage<T> | undefined = first; page; ) {
			const { versions, next } = await this.readPair(page);
			for (const version of [page, ...versions]) {
				const isJoined = version === page || keysOf(version.records).some((key) => known.has(key));
				// The list has shrunk so much that there may be a gap: start again.
				if (!isJoined) return await this.readCarefully(await this.readAgain(this.first));
				add(version);
			}
			if (next) add(next);
			const isEnd = known.size >= this.wanted || followed.has(next?.place.cursor);
			if (next?.place.cursor !== undefined) followed.add(next.place.cursor);
			page = isEnd ? undefined : next;
		}
		return known;
	}

	/**
	 * Reads the page after one, with no gap between: one of them was the same before and after the other
	 * was read.
	 * @returns other versions of the page, and the next one, unless it is the last
	 */
	private async readPair(
		first: PlacedPage<T>,
	): Promise<{ versions: Array<PlacedPage<T>>; next?: PlacedPage<T> }> {
		const versions: Array<PlacedPage<T>> = [];
		let page = first;
		let next = await this.readNext(page);
		while (next) {
			const again = await this.readAgain(page);
			if (isBetween(next, page, again)) break;
			page = again;
			versions.push(page);
			const before: PlacedPage<T> = next;
			next = await this.readNext(page);
			if (next && isBetween(page, before, next)) break;
		}
		return { versions, next };
	}

	/** Whether the list ends here: the last page is short, and there are as many records as its total says. */
	private isEnd(pages: Array<Page<T>>): boolean {
		const { records, total = Infinity } = pages.at(-1) ?? this.first;
		return records.length < this.pageSize && countIn(pages) >= total;
	}

	private async readAgain({ place }: PlacedPage<T>): Promise<PlacedPage<T>> {
		return { ...(await this.pageAt(place)), place };
	}

	/** The page after one; undefined if there is none. */
	private async readNext(page: PlacedPage<T>): Promise<PlacedPage<T> | undefined> {
		const { paging } = this.source;
		if (paging.by === 'page') {
			if (page.records.length === 0) return undefined;
			const place = { offset: page.place.offset + this.pageSize, limit: this.pageSize };
			return { ...(await this.pageAt(place, undefined, page)), place };
		}
		const offset = page.place.offset + page.records.length;
		const cursor = cursorIn(page.about, paging);
		const { total = 0 } = this.source.isTotalTrue ? page : {};
		const isWhole = page.place.offset > 0 || offset >= total || deniesMore(page.about);
		// The first page has no cursor, but there are more records.
		if (cursor === undefined && !isWhole) throw new WrongPaging(paging, page);
		if (cursor === undefined || cursor === page.place.cursor) return undefined;
		const place = { offset, limit: this.first.limit, cursor };
		return { ...(await this.pageAt(place, undefined, page)), place };
	}

	/** @param before the page before, if it may be the last */
	private async pageAt(place: Place, signal?: AbortSignal, before?: Page<T>): Promise<Page<T>> {
		if (this.pagesLeft-- <= 0) throw neverEnds();
		const { source, first } = this;
		const page = await source.read(place, signal);
		this.lowestTotal = Math.min(this.lowestTotal, page.total ?? Infinity);
		// After its end, a server may repeat its first or last page.
		const isBehind = before && place.offset >= (before.total ?? Infinity);
		if (isBehind && [first, before].some((known) => repeats(page, known))) {
			return { ...page, records: [] };
		}
		const isEmpty = page.records.length === 0;
		if (isEmpty && source.paging.by === 'page') await checkEnd(source, page);
		if (place.offset > 0) await checkPosition(source, page, first, signal);
		return page;
	}
}

function countIn(pages: Array<Page<unknown>>): number {
	return pages.reduce((count, { records }) => count + records.length, 0);
}

/** Whether the list did not change around a page, judging by another one read before and after it. */
function isBetween<T>(page: Page<T>, before: Page<T>, after: Page<T>): boolean {
	const isTotal = (total?: number) => total === undefined || total === before.total;
	return isTotal(page.total) && isTotal(after.total) && isSame(before, after);
}

function isSame<T>(one: Page<T>, other: Page<T>): boolean {
	const { length } = one.records;
	return length === other.records.length && (length === 0 || repeats(one, other));
}
