import type { IDataObject } from 'n8n-workflow';
import {
	isShort,
	keyOf,
	type Tracker,
	minuteOf,
	maxSingleReads,
	maxKept,
	newestEnd,
	type NewestEnd,
	oldestEntries,
} from './tracker';
import { instantOf } from './values';

const maxDeleted = 1_000; // remembered because a stale response may contain them again

/** A record as last seen. */
interface Entry {
	time: number; // of creation, in minutes
	record: IDataObject; // reduced to the fields of filters if there is no room
}

/** Saved between two polls. */
interface Saved {
	cursor: number | null; // null for -Infinity, as JSON writes it
	entries: Array<[time: number, record: IDataObject]>;
	unsure: string[];
	deleted: string[];
}

/**
 * Tells which records of a list were deleted: those that two readings in a row lack, and that can no
 * longer be read. A list that is empty or halved just once is no deletion. Records that are restored
 * must appear twice, too.
 */
export class DeletionTracker implements Tracker {
	private cursor = -Infinity; // older records are not watched
	private readonly entries = new Map<string, Entry>(); // by ID
	private unsure = new Set<string>(); // IDs that the latest reading lacked, or contained although deleted
	private readonly deleted = new Set<string>(); // keys of the IDs, the latest last

	/**
	 * @param saved returned by {@link save}
	 * @param fields that filters compare
	 */
	constructor(
		saved?: unknown,
		private readonly fields: string[] = [],
	) {
		if (saved === undefined) return;
		const { cursor, entries, unsure, deleted } = saved as Saved;
		this.cursor = cursor ?? -Infinity;
		for (const [time, record] of entries) this.entries.set(String(record.id), { time, record });
		this.unsure = new Set(unsure);
		for (const key of deleted) this.deleted.add(key);
	}

	save(): Saved {
		if (sizeOf(this.saved) <= maxKept) return this.saved;
		for (const entry of this.entries.values()) entry.record = this.comparable(entry.record);
		for (const id of this.entries.keys()) if (!isShort(id)) this.forget(id);
		this.forgetOldest();
		return this.saved;
	}

	has(record: IDataObject): boolean {
		const id = String(record.id);
		const isOver = () => this.deleted.has(keyOf(id)) || !isShort(id);
		return this.entries.has(id) || isOver() || timeOf(record) <= this.cursor;
	}

	isSettled(record: IDataObject): boolean {
		return this.has(record);
	}

	newestEnd(records: IDataObject[]): NewestEnd | undefined {
		return newestEnd(records.map(({ created_at }) => instantOf(created_at)));
	}

	idsToRead(records: IDataObject[], isWhole: boolean): string[] | undefined {
		if (!isWhole) return this.unsure.size > 0 ? undefined : [];
		return this.changed(records)
			.filter((id) => this.unsure.has(id))
			.slice(0, maxSingleReads);
	}

	take(records: IDataObject[], isWhole: boolean, single: Map<string, IDataObject | undefined>) {
		const gone = [...single.keys()].filter((id) => this.entries.has(id) && !single.get(id));
		const news = gone.map((id) => this.entries.get(id)?.record ?? { id });
		for (const id of gone) {
			this.forget(id);
			this.deleted.add(keyOf(id));
		}
		for (const [id, record] of single) if (record) this.deleted.delete(keyOf(id));
		if (isWhole) this.unsure = new Set(this.changed(records).filter((id) => !single.has(id)));
		for (const record of records) {
			const id = String(record.id);
			if (this.entries.has(id) || !this.has(record))
				this.entries.set(id, { time: timeOf(record), record });
		}
		return news;
	}

	private comparable(record: IDataObject): IDataObject {
		const kept = this.fields.map((field) => [field, record[field]]);
		return { id: record.id, ...(Object.fromEntries(kept) as IDataObject) };
	}

	/** IDs that a reading lacks, or contains although they were deleted. */
	private changed(records: IDataObject[]): string[] {
		const present = new Set(records.map(({ id }) => String(id)));
		const lacking = [...this.entries.keys()].filter((id) => !present.has(id));
		return [...lacking, ...[...present].filter((id) => this.deleted.has(keyOf(id)))];
	}

	private forget(id: string): void {
		this.entries.delete(id);
		this.unsure.delete(id);
	}

	private forgetOldest(): void {
		const excess = sizeOf(this.saved) - maxKept;
		const lengthOf = ([, { time, record }]: [string, Entry]) => sizeOf([time, record]);
		for (const [id, { time }] of oldestEntries(this.entries, excess, lengthOf)) {
			this.forget(id);
			this.cursor = Math.max(this.cursor, time);
		}
	}

	private get saved(): Saved {
		return {
			cursor: this.cursor,
			entries: [...this.entries.values()].map(({ time, record }) => [time, record]),
			unsure: [...this.unsure],
			deleted: [...this.deleted].slice(-maxDeleted),
		};
	}
}

/** Characters in n8n's database, which has it as JSON within JSON. */
function sizeOf(saved: unknown): number {
	return JSON.stringify(JSON.stringify(saved)).length;
}

function timeOf({ created_at }: IDataObject): number {
	return minuteOf(instantOf(created_at));
}
