import type { Page } from './paging';

/**
 * The pages that were read of a list, from which the next reading continues if this one does not reach
 * the end in time. Each is served once: a page that is requested again must be fresh.
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

	/** Makes the pages of this reading known to the next one. */
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
