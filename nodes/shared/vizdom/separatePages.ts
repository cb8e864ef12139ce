import { mostInFlight } from '../http/turns';
import { keyOf, repeats } from './joiner';
import { cursorIn, type Page, type Place } from './paging';
import { checkPosition, mostPagesOf, neverEnds, type Source, WrongPaging } from './source';

/** A page as it was asked for. */
interface Asked<T> extends Page<T> {
	place: Place;
}

/**
 * Reads a list whose pages cannot overlap: pages of a fixed size with numbers, or each with a cursor
 * to the next. That the list has changed while it was read shows in its total, in a record that comes
 * twice, or in its first page, which is read once more at the end. Then it is read again, page by
 * page, and it is proved of each that it follows on the one before.
 */
export class SeparatePages<T> {
	private readonly pageSize: number;
	private readonly first: Asked<T>;
	private readonly wasProved: boolean; // before this list was read
	private pagesLeft: number;

	constructor(
		private readonly source: Source<T>,
		first: Page<T>,
		private readonly wanted: number,
	) {
		this.pageSize = first.records.length;
		this.wasProved = source.isProved;
		this.first = { ...first, place: { offset: 0, limit: first.limit } };
		this.pagesLeft = mostPagesOf(Math.min(first.total ?? Infinity, wanted), this.pageSize);
	}

	async read(): Promise<T[]> {
		const isNumbered = this.source.paging.by === 'page';
		const pages = await (isNumbered ? this.sideBySide() : this.oneByOne());
		const again = await this.readAgain(this.first);
		const records = pages.flatMap((page) => page.records);
		const isUnchanged =
			[...pages, again].every(({ total }) => total === this.first.total) &&
			new Set(records.map(keyOf)).size === records.length &&
			isSame(this.first, again);
		const isWhole = records.length >= Math.min(this.wanted, this.first.total ?? 0);
		// Some are missing, and nothing has changed: pages may have other numbers by now.
		const isMissing = isUnchanged && !isWhole && this.wasProved && this.source.isTotalTrue;
		if (isMissing) throw new WrongPaging(this.source.paging, again);
		const isSteady = isUnchanged && isWhole;
		return (isSteady ? records : await this.readCarefully(again)).slice(0, this.wanted);
	}

	/** The pages that the total lets expect; without a total, as many as come. */
	private async sideBySide(): Promise<Array<Page<T>>> {
		const { pageSize: limit, source } = this;
		const expected = Math.min(this.first.total ?? 0, this.wanted);
		const pages: Array<Page<T>> = [this.first];
		const finished = new AbortController();
		let offset = limit;
		const readNext = async () => {
			const place = { offset, limit };
			offset += limit;
			pages.push(await this.pageAt(place, finished.signal));
		};
		const readInTurn = async () => {
			while (offset < expected) await readNext();
		};
		// The first one alone, if it may show that the server pages in another way.
		if (!source.isProved && offset < expected) await readNext();
		const readers = Array.from({ length: mostInFlight }, readInTurn);
		await Promise.all(readers).finally(() => finished.abort());
		pages.sort((one, other) => one.offset - other.offset);
		if (this.first.total !== undefined) return pages;
		while (offset < this.wanted && !this.isLast(pages.at(-1))) await readNext();
		return pages;
	}

	private async oneByOne(): Promise<Array<Page<T>>> {
		const pages = [this.first];
		const followed = new Set<string | undefined>();
		let page = this.first;
		let count = page.records.length;
		while (count < Math.min(this.wanted, page.total ?? Infinity)) {
			const next = await this.readNext(page);
			if (!next || followed.has(next.place.cursor)) break;
			followed.add(next.place.cursor);
			pages.push(next);
			count += next.records.length;
			page = next;
		}
		return pages;
	}

	private async readCarefully(first: Asked<T>): Promise<T[]> {
		const known = new Map<unknown, T>();
		const isKnown = (record: T) => known.has(keyOf(record));
		const followed = new Set<string | undefined>();
		for (let page: Asked<T> | undefined = first; page; ) {
			const { versions, next } = await this.readPair(page);
			for (const { records } of [page, ...versions]) {
				const isJoined = records === page.records || records.some(isKnown);
				// The list has lost so much that something lies between: from the start.
				if (!isJoined) return await this.readCarefully(await this.readAgain(this.first));
				for (const record of records) known.set(keyOf(record), record);
			}
			for (const record of next?.records ?? []) known.set(keyOf(record), record);
			const isEnd = known.size >= this.wanted || followed.has(next?.place.cursor);
			if (next?.place.cursor !== undefined) followed.add(next.place.cursor);
			page = isEnd ? undefined : next;
		}
		return [...known.values()];
	}

	/**
	 * A page and the next one: nothing lies between, because one of them was the same before and after
	 * the other was read.
	 * @returns what else was read of the page, and the next one, unless it is the last
	 */
	private async readPair(first: Asked<T>): Promise<{ versions: Array<Asked<T>>; next?: Asked<T> }> {
		const versions: Array<Asked<T>> = [];
		let page = first;
		let next = await this.readNext(page);
		while (next) {
			const again = await this.readAgain(page);
			if (isBetween(next, page, again)) break;
			page = again;
			versions.push(page);
			const before: Asked<T> = next;
			next = await this.readNext(page);
			if (next && isBetween(page, before, next)) break;
		}
		return { versions, next };
	}

	private isLast(page?: Page<T>): boolean {
		return page === undefined || page.records.length < this.pageSize;
	}

	private async readAgain({ place }: Asked<T>): Promise<Asked<T>> {
		return { ...(await this.pageAt(place)), place };
	}

	/** The page behind one; undefined if that is the last. */
	private async readNext(page: Asked<T>): Promise<Asked<T> | undefined> {
		const { paging } = this.source;
		const offset = page.place.offset + page.records.length;
		if (paging.by === 'page') {
			if (this.isLast(page)) return undefined;
			const place = { offset, limit: this.pageSize };
			return { ...(await this.pageAt(place)), place };
		}
		const cursor = cursorIn(page.about, paging);
		const isWhole = page.place.offset > 0 || offset >= (page.total ?? 0);
		// The first page has no cursor, and yet there is more.
		if (cursor === undefined && !isWhole) throw new WrongPaging(paging, page);
		if (cursor === undefined || cursor === page.place.cursor) return undefined;
		const place = { offset, limit: this.first.limit, cursor };
		return { ...(await this.pageAt(place)), place };
	}

	private async pageAt(place: Place, signal?: AbortSignal): Promise<Page<T>> {
		if (this.pagesLeft-- <= 0) throw neverEnds();
		const page = await this.source.read(place, signal);
		if (place.offset > 0) await checkPosition(this.source, page, this.first, signal);
		return page;
	}
}

/** Whether nothing has changed around a page, so far as another one tells that was read before and after it. */
function isBetween<T>(page: Page<T>, before: Page<T>, after: Page<T>): boolean {
	const isTotal = (total?: number) => total === undefined || total === before.total;
	return isTotal(page.total) && isTotal(after.total) && isSame(before, after);
}

function isSame<T>(one: Page<T>, other: Page<T>): boolean {
	const { length } = one.records;
	return length === other.records.length && (length === 0 || repeats(one, other));
}
