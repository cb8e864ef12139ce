import type { Page } from './paging';

/**
 * The pages that were read of a list. If it was not read to its end in time, whoever reads it again
 * goes on from them. Each comes once: what is asked for a second time has to be fresh.
 */
export class PagesRead {
	private earlier = new Map<string, Page<unknown>>();
	private latest = new Map<string, Page<unknown>>();

	async page<T>(key: string, read: () => Promise<Page<T>>): Promise<Page<T>> {
		const known = this.earlier.get(key) as Page<T> | undefined;
		this.earlier.delete(key);
		const page = known ?? (await read());
		this.latest.set(key, page);
		return page;
	}

	/** For another reading: what this one has brought is known. */
	next(): this {
		this.earlier = this.latest;
		this.latest = new Map();
		return this;
	}

	/** Number of records */
	get size(): number {
		return [...this.latest.values()].reduce((count, { records }) => count + records.length, 0);
	}
}
