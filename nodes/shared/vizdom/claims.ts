import type { IDataObject } from 'n8n-workflow';
import { Coalescer } from '../http/coalescer';
import { settled } from '../http/signals';

const maxClaimed = 10_000; // more than one key can create while one record is looked for

type Reading = Coalescer<IDataObject[]>;

/** The records that this process has created at an origin, so that no two creations claim the same one. */
export class Claims {
	private readonly underWay = new Set<{ key: string; end: Promise<unknown> }>();
	private readonly claimed = new Set<string>(); // the latest last
	private readonly readings = new WeakMap<object, Map<string, Reading>>();

	/** @param key the same for records that cannot be told apart */
	async post<T extends object>(key: string, list: string, post: () => Promise<T>): Promise<T> {
		const posting = post().then((record) => {
			// Before anyone who waits for its end continues.
			this.claim(list, record);
			return record;
		});
		const one = { key, end: settled(posting) };
		this.underWay.add(one);
		return await posting.finally(() => this.underWay.delete(one));
	}

	/** Waits for all posts with this key: their responses may claim a candidate. */
	async ended(key: string): Promise<void> {
		const alike = [...this.underWay].filter((one) => one.key === key);
		await Promise.all(alike.map(({ end }) => end));
	}

	claim(list: string, { id }: { id?: unknown }): void {
		if (id === undefined) return;
		this.claimed.add(`${list} ${String(id)}`);
		const [oldest = ''] = this.claimed;
		if (this.claimed.size > maxClaimed) this.claimed.delete(oldest);
	}

	isClaimed(list: string, { id }: { id?: unknown }): boolean {
		return this.claimed.has(`${list} ${String(id)}`);
	}

	/** Reads records once for all items of a run that look for theirs at the same time. */
	async read(
		run: object,
		what: string,
		read: () => Promise<IDataObject[]>,
	): Promise<IDataObject[]> {
		const readings = this.readings.get(run) ?? new Map<string, Reading>();
		this.readings.set(run, readings);
		const reading = readings.get(what) ?? new Coalescer();
		readings.set(what, reading);
		return await reading.run(read);
	}
}
