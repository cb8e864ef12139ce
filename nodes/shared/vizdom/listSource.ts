import type { IDataObject } from 'n8n-workflow';
import { isBadRequest } from '../http/outcome';
import { settled } from '../http/signals';
import type { Vizdom } from './client';
import { isRecord } from './envelope';
import { isMissing, VizdomError } from './errors';
import { type Page, type Paging, type Place, queryOf } from './paging';
import type { Ask } from './pagingLesson';
import { leavesOut, type Source, WrongPaging } from './source';

const maxStyles = 6; // of paging, including page sizes, tried for one list

/** One list, read in the paging style that its server is known for. */
class ListSource<T> implements Source<T> {
	private cancellable?: Vizdom;

	constructor(
		private readonly vizdom: Vizdom,
		private readonly path: string,
		private readonly check: (page: Page<T>) => void,
		readonly paging: Paging = vizdom.dialect.paging.current,
	) {}

	get isProved(): boolean {
		return this.vizdom.dialect.paging.isProved(this.paging);
	}

	prove(): void {
		const { paging, locks } = this.vizdom.dialect;
		paging.prove(this.paging);
		locks.release('lists');
	}

	get isTotalTrue(): boolean {
		return this.vizdom.dialect.paging.isTotalTrue;
	}

	async read(place: Place, signal?: AbortSignal): Promise<Page<T>> {
		const { paging } = this;
		const reader = signal ? (this.cancellable ??= this.vizdom.cancelledBy(signal)) : this.vizdom;
		const { value, error } = await settled(this.pageOf(reader, place));
		if (!error) {
			this.check(value);
			return value;
		}
		if (isRefused(error) && !(this.isProved && place.offset > 0)) {
			throw new WrongPaging(paging, undefined, error);
		}
		const isBehindLast = paging.by === 'page' && place.offset > 0 && isMissing(error);
		if (isBehindLast) return { ...place, records: [] };
		throw error;
	}

	/** Reads a page once more if it is empty although its total says that there are records. */
	private async pageOf(reader: Vizdom, place: Place): Promise<Page<T>> {
		const query = queryOf(this.paging, place);
		const read = async () => await pageOf<T>(reader, this.path, place, query);
		const key = `${this.path} ${JSON.stringify(query)}`;
		const page = await (this.vizdom.pages?.page(key, read) ?? read());
		if (!isHole(page)) return page;
		const again = await pageOf<T>(reader, this.path, place, query);
		if (place.offset === 0 && isHole(again)) throw leavesOut(again.total, 0);
		return again;
	}
}

function isHole<T>(page: Page<T>): page is Page<T> & { total: number } {
	return page.records.length === 0 && page.offset < (page.total ?? 0);
}

/**
 * Reads a list, and again if its server turns out to page in another way.
 * @param check throws to refuse a page
 */
export async function withLearnedPaging<T, R>(
	vizdom: Vizdom,
	path: string,
	read: (source: Source<T>) => Promise<R>,
	check: (page: Page<T>) => void = () => {},
): Promise<R> {
	const ask: Ask = async (query) => {
		const place = { offset: 0, limit: Infinity };
		const { value, error } = await settled(pageOf(vizdom, path, place, query));
		if (error && !isRefused(error) && !isMissing(error)) throw error;
		return value;
	};
	const { paging, locks } = vizdom.dialect;
	const readInStyles = async (stylesLeft: number): Promise<R> => {
		const { value, error } = await settled(read(new ListSource<T>(vizdom, path, check)));
		if (!error) return value;
		if (!(error instanceof WrongPaging)) throw error;
		const isLearned = stylesLeft > 0 && (await paging.learn(error, path, vizdom.signal, ask));
		if (isLearned) return await readInStyles(stylesLeft - 1);
		throw unknownPaging(vizdom, error);
	};
	return await locks.runFirst('lists', vizdom.signal, async () => await readInStyles(maxStyles));
}

async function pageOf<T>(
	vizdom: Vizdom,
	path: string,
	{ offset, limit }: Place,
	query: IDataObject,
): Promise<Page<T>> {
	const { data: sent, total, about } = await vizdom.get<T[] | null>(path, query);
	const data = sent === null && total === 0 ? [] : sent;
	if (!Array.isArray(data) || !data.every(isRecord)) {
		throw vizdom.error(
			`The server did not answer ${path} with a list`,
			"Check the Base URL in the Vizdom credential: it may not be Vizdom's API.",
		);
	}
	// A total that its own page exceeds means nothing.
	const isExceeded = data.length > 0 && total !== undefined && total < offset + data.length;
	return { offset, limit, records: data, total: isExceeded ? undefined : total, about };
}

function isRefused(error: Error): boolean {
	return error instanceof VizdomError && isBadRequest(error.status);
}

const issues = 'https://github.com/n8n-nodes-vizdom/n8n-nodes-vizdom/issues';

/** Reports what was tried and returned, so that a later version can support it. */
function unknownPaging(vizdom: Vizdom, { first, refusal }: WrongPaging): Error {
	const { tried } = vizdom.dialect.paging;
	const asked = `Tried without success: ${tried.join(', ')}.`;
	const report = `Please report this at ${issues}.`;
	if (refusal instanceof VizdomError) {
		if (tried.length < 2) return refusal;
		const { message, description, outcome, status } = refusal;
		return vizdom.error(message, `${description} ${asked} ${report}`, { outcome, status });
	}
	const { records = [], total, about } = first ?? {};
	const came = vizdom.shown(about ?? {});
	return vizdom.error(
		'The server pages its lists in a way that this package does not know',
		`Each request returned the same ${records.length} of ${total ?? 'all'} records, together with ${came}. ${asked} ${report} Until then, turn off 'Return All' and set a 'Limit' of at most ${records.length}.`,
	);
}
