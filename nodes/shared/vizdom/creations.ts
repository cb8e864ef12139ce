import type { IDataObject } from 'n8n-workflow';
import { Coalescer } from '../http/coalescer';
import { settled } from '../http/signals';

const mostTaken = 10_000; // more than one key can create while one record is looked for

type Reading = Coalescer<IDataObject[]>;

/** What this process creates at an origin: so that no record is taken for two. */
export class Creations {
	private readonly underWay = new Set<{ key: string; end: Promise<unknown> }>();
	private readonly taken = new Set<string>(); // the latest last
	private readonly readings = new WeakMap<object, Map<string, Reading>>();

	/** @param key the same for records that cannot be told apart */
	async post<T extends object>(key: string, list: string, post: () => Promise<T>): Promise<T> {
		const posting = post().then((record) => {
			// Before anybody goes on who waits for its end.
			this.take(list, record);
			return record;
		});
		const one = { key, end: settled(posting) };
		this.underWay.add(one);
		return await posting.finally(() => this.underWay.delete(one));
	}

	/** Waits for all that are alike: their answers may tell whose a record is. */
	async ended(key: string): Promise<void> {
		const alike = [...this.underWay].filter((one) => one.key === key);
		await Promise.all(alike.map(({ end }) => end));
	}

	take(list: string, { id }: { id?: unknown }): void {
		if (id === undefined) return;
		this.taken.add(`${list} ${String(id)}`);
		const [oldest = ''] = this.taken;
		if (this.taken.size > mostTaken) this.taken.delete(oldest);
	}

	isTaken(list: string, { id }: { id?: unknown }): boolean {
		return this.taken.has(`${list} ${String(id)}`);
	}

	/** Reads records for all of a run who look for one at the same time. */
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
