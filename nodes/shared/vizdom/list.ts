import { UserError } from 'n8n-workflow';
import { mostInFlight } from '../http/turns';
import { largestPage } from './facts';
import { Joiner, type Page } from './joiner';

/** Reads one page; the signal is aborted if it is not needed any more. */
export type ReadPage<T> = (offset: number, limit: number, signal?: AbortSignal) => Promise<Page<T>>;

const mostOverlap = 2; // records that neighbouring pages share, to notice if the list shifts
const mostPages = 10_000; // of a list without a total, before giving up
const plausibleGrowth = 10_000; // extra records beyond double the first total, before giving up

/**
 * Reads an offset-paged list that may change while it is read.
 *
 * The first page tells the total, and how many records a page the server really serves. The other
 * pages are read side by side and joined in order. If a page does not join, the list is read again
 * from further back, in the worst case from its start.
 * @param wanted how many records at most; Infinity for all
 * @param most more records than this are refused
 * @returns the records, each once, in the server's order
 * @throws {UserError} if the server ignores the offset, or the list never ends or has too many records
 */
export async function readList<T>(
	readPage: ReadPage<T>,
	wanted: number,
	most = Infinity,
): Promise<T[]> {
	const counted: ReadPage<T> = async (offset, limit, signal) => {
		const page = await readPage(offset, limit, signal);
		const known = Math.max(page.total ?? 0, offset + page.records.length);
		if (Math.min(known, wanted) > most) throw tooMany(known, most);
		return page;
	};
	const first = await counted(0, Math.min(largestPage, wanted));
	return await new ListReader<T>(counted, first, wanted).read();
}

class ListReader<T> {
	private readonly pageSize: number; // records a page that the server really serves
	private readonly overlap: number;
	private readonly joiner: Joiner<T>;
	private pagesLeft = mostPages;

	constructor(
		private readonly readPage: ReadPage<T>,
		private readonly first: Page<T>,
		private readonly wanted: number,
	) {
		this.pageSize = first.records.length;
		this.overlap = Math.min(mostOverlap, this.pageSize - 1);
		this.joiner = new Joiner(first, this.overlap > 0);
	}

	async read(): Promise<T[]> {
		for (const page of await this.expectedPages()) {
			while (!this.isDone && !this.joiner.joinEarlier(page)) {
				await this.readOn(Math.ceil(this.pageSize / 2));
			}
		}
		while (!this.isDone) await this.readOn(this.overlap);
		return this.joiner.records.slice(0, this.wanted);
	}

	private get isDone(): boolean {
		return this.joiner.isComplete || this.missing <= 0;
	}

	private get missing(): number {
		return this.wanted - this.joiner.size;
	}

	/** The pages behind the first that its total lets expect, read side by side. */
	private async expectedPages(): Promise<Array<Page<T>>> {
		const { total } = this.first;
		if (total === undefined || this.isDone) return [];
		const expected = Math.min(total, this.wanted);
		const step = this.pageSize - this.overlap;
		this.pagesLeft = 3 * Math.ceil((2 * expected + plausibleGrowth) / step);
		const pages: Array<Page<T>> = [];
		const finished = new AbortController();
		let next = step;
		const readInTurn = async (): Promise<void> => {
			while (next + this.overlap < expected) {
				const offset = next;
				next += step;
				const page = await this.pageAt(offset, this.wanted - offset, finished.signal);
				pages.push(page);
				// The total was too high, and may be any number.
				if (page.records.length === 0) next = Infinity;
			}
		};
		const readers = Array.from({ length: mostInFlight }, readInTurn);
		// If one fails, nobody needs the others.
		await Promise.all(readers).finally(() => finished.abort());
		return pages.sort((one, other) => one.offset - other.offset);
	}

	/** Joins what follows the joined pages, read from so far back that it can be joined. */
	private async readOn(back: number): Promise<void> {
		const { joiner } = this;
		const { end, size } = joiner;
		let behind = joiner.isShort ? await this.readBehind() : undefined;
		for (let from = Math.max(1, back); from > 0 && !joiner.isComplete; ) {
			const page = await this.pageAt(Math.max(0, end - from), this.missing + from);
			if (!joiner.join(page)) {
				from = Math.max(2 * from, this.pageSize);
				continue;
			}
			if (joiner.isComplete || joiner.size > size || joiner.end > end) return;
			if (!joiner.isShort && from > 1) return;
			// Cut short before anything new: from nearer.
			joiner.end = end;
			behind ??= await this.readBehind();
			from = Math.floor(from / 2);
		}
		// The server serves single records: there is none to share.
		behind ??= await this.readBehind();
		if (!joiner.isComplete) joiner.add(behind, end);
	}

	/**
	 * A short page may be the last one, or just short: an empty one behind it tells. If the total is
	 * less, the list has shrunk, and what was behind is further in front now.
	 */
	private async readBehind(): Promise<Page<T>> {
		const { end } = this.joiner;
		const page = await this.pageAt(end, this.missing);
		const { records, total } = page;
		this.joiner.isComplete = records.length === 0 && (total === undefined || total >= end);
		return page;
	}

	private async pageAt(offset: number, needed: number, signal?: AbortSignal): Promise<Page<T>> {
		if (this.pagesLeft-- <= 0) throw neverEnds();
		const limit = Math.min(this.pageSize, this.first.limit, needed);
		const page = await this.readPage(offset, limit, signal);
		if (offset === 0 || !this.joiner.repeatsFirst(page)) return page;
		if (!(await this.ignoresOffset(offset, limit, signal))) return page;
		const isWhole = this.first.total === undefined && this.pageSize !== this.first.limit;
		// A list that is not paged at all came whole: nothing is left.
		if (isWhole) return { ...page, total: 0 };
		throw ignoredOffset();
	}

	/** Whether the first page comes from everywhere, and not just because records were inserted before it. */
	private async ignoresOffset(
		offset: number,
		limit: number,
		signal?: AbortSignal,
	): Promise<boolean> {
		for (const elsewhere of [0, offset + this.pageSize]) {
			const page = await this.readPage(elsewhere, limit, signal);
			if (!this.joiner.repeatsFirst(page)) return false;
		}
		return true;
	}
}

function tooMany(total: number, most: number): UserError {
	const message = `The list has at least ${total} records, more than n8n takes from one node at once`;
	const description = `Turn off 'Return All' and set a 'Limit' of at most ${most}.`;
	return new UserError(message, { description });
}

function ignoredOffset(): UserError {
	const description =
		"The server does not page as the Vizdom API does. Check the Base URL in the Vizdom credential, or turn off 'Return All' and set a 'Limit' of one page.";
	return new UserError('The list comes out the same from every offset', { description });
}

function neverEnds(): UserError {
	const description = "Try again later, or turn off 'Return All' and set a 'Limit'.";
	return new UserError('The list has no end, or changes faster than it can be read', {
		description,
	});
}
