import type { IDataObject } from 'n8n-workflow';
import { Allowance } from '../http/allowance';
import { Locks } from '../http/locks';
import { assumedPaging, smallerPages } from './facts';
import { repeats } from './joiner';
import { type Page, type Paging, promisesMore, queryOf } from './paging';
import { type Ask, PagingLesson } from './pagingLesson';
import type { WrongPaging } from './source';

/** How to request the pages of a server's lists: as assumed, until responses prove another way. */
export class LearnedPaging {
	current: Paging = assumedPaging;
	tried: string[] = []; // queries that were sent to learn something
	private proved?: Paging; // has returned a page after the first one
	private readonly allowance = new Allowance();
	private readonly locks = new Locks();
	private readonly refusing = new Set<string>(); // lists that are refused with any query
	private hasWrongTotals = false;

	isProved(paging: Paging): boolean {
		return paging === this.proved;
	}

	prove(paging: Paging): void {
		if (paging === this.current) this.proved = paging;
	}

	/** Whether fewer records than the total says means that some are missing. */
	get isTotalTrue(): boolean {
		return !this.hasWrongTotals;
	}

	/**
	 * @param wrong contradicts the paging that was used
	 * @param path of the list
	 * @returns whether to read the list again: another way is known, or the list has changed meanwhile
	 */
	async learn(wrong: WrongPaging, path: string, signal: AbortSignal, ask: Ask): Promise<boolean> {
		const { paging, first } = wrong;
		return await this.locks.runExclusive('paging', signal, async () => {
			if (this.current !== paging) return true;
			if (this.refusing.has(path)) return false;
			// The proof no longer holds: it is another server now.
			if (this.isProved(paging) && this.isTotalTrue) this.allowance.renew();
			this.proved = undefined;
			this.tried = [];
			const found = await this.find(wrong, path, async (query) => await this.spend(ask, query));
			if (found) this.current = found;
			// Only if pages were compared, rather than their size refused.
			const isCompared = first !== undefined && found !== undefined;
			this.hasWrongTotals = isCompared && isSameStyle(found, paging);
			return found !== undefined || (await hasChanged(paging, ask, first));
		});
	}

	private async spend(ask: Ask, query: IDataObject): Promise<Page<unknown> | undefined> {
		const parameters = Object.entries(query).map(([name, value]) => `${name}=${String(value)}`);
		return await this.allowance.spend(Symbol('request'), async () => {
			this.tried.push(`?${parameters.join('&')}`);
			return await ask(query);
		});
	}

	private async find({ paging, first }: WrongPaging, path: string, ask: Ask) {
		const isAssumed = paging === assumedPaging || paging.by === 'nothing';
		const smaller = smallerPages.find((largest) => largest < paging.largest);
		const least = { offset: 0, limit: smallerPages[smallerPages.length - 1] ?? 1 };
		const isTooLarge = !isAssumed && !first && smaller && (await ask(queryOf(paging, least)));
		if (isTooLarge) return { ...paging, largest: smaller };
		// It is certainly a first page only if requested with the assumed parameters, or with none.
		const page = (isAssumed ? first : undefined) ?? (await ask({}));
		if (!page) this.refusing.add(path);
		if (!page) return undefined;
		const isAll = page.records.length >= (page.total ?? Infinity);
		const isWhole = isAll && !promisesMore(page.about);
		if (isWhole) return { ...assumedPaging, by: 'nothing' as const };
		return await new PagingLesson(ask, page, !first || paging.by === 'nothing').find(paging);
	}
}

function isSameStyle(one: Paging, other: Paging): boolean {
	const styleOf = ({ by, position, size, firstPage }: Paging) => [by, position, size, firstPage];
	return styleOf(one).join() === styleOf(other).join();
}

/** Whether a list has shifted since its first page was read. */
async function hasChanged(paging: Paging, ask: Ask, first?: Page<unknown>): Promise<boolean> {
	const page = first && (await ask(queryOf(paging, first)));
	return first !== undefined && page !== undefined && !repeats(page, first);
}
