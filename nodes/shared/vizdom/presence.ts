import type { IDataObject } from 'n8n-workflow';
import { type Known, mostAtOnce, mostIdLength, mostText, newestEnd, type NewestEnd } from './known';
import { instantOf } from './values';

/** What is kept between two polls. */
interface Saved {
	records: IDataObject[];
	missing: string[];
}

/**
 * Tells which records of a list were deleted: those that two readings in a row lack, and that cannot
 * be read any more. A list that is empty or halved for once is no deletion.
 */
export class Presence implements Known {
	private readonly records = new Map<string, IDataObject>(); // as they were seen last, by ID
	private missing = new Set<string>(); // IDs that the latest reading lacked

	/** @param saved what {@link save} returned */
	constructor(saved?: string) {
		if (saved === undefined) return;
		const { records, missing } = JSON.parse(saved) as Saved;
		for (const record of records) this.records.set(String(record.id), record);
		this.missing = new Set(missing);
	}

	/** If whole records are too much, their IDs; if those are too much as well, as many as can be kept. */
	save(): string {
		const missing = [...this.missing];
		const whole = JSON.stringify({ records: [...this.records.values()], missing });
		if (whole.length <= mostText) return whole;
		let left = mostText;
		const ids = [...this.records.keys()].filter((id) => id.length <= mostIdLength);
		const kept = ids.filter((id) => (left -= JSON.stringify({ id }).length + 1) > 0);
		const isKept = new Set(kept);
		const records = kept.map((id) => ({ id: this.records.get(id)?.id }));
		return JSON.stringify({
			records,
			missing: missing.filter((id) => isKept.has(id)).slice(0, mostAtOnce),
		});
	}

	has({ id }: IDataObject): boolean {
		return this.records.has(String(id));
	}

	isSettled(record: IDataObject): boolean {
		return this.has(record);
	}

	newestEnd(records: IDataObject[]): NewestEnd | undefined {
		return newestEnd(records.map(({ created_at }) => instantOf(created_at)));
	}

	idsToRead(records: IDataObject[], isWhole: boolean): string[] | undefined {
		if (!isWhole) return this.missing.size > 0 ? undefined : [];
		return this.lacking(records)
			.filter((id) => this.missing.has(id))
			.slice(0, mostAtOnce);
	}

	take(records: IDataObject[], isWhole: boolean, single: Map<string, IDataObject | undefined>) {
		const gone = [...single].filter(([, record]) => !record).map(([id]) => id);
		const news = gone.map((id) => this.records.get(id) ?? { id });
		for (const id of gone) this.records.delete(id);
		if (isWhole) this.missing = new Set(this.lacking(records).filter((id) => !single.has(id)));
		for (const record of records) this.records.set(String(record.id), record);
		return news;
	}

	private lacking(records: IDataObject[]): string[] {
		const present = new Set(records.map(({ id }) => String(id)));
		return [...this.records.keys()].filter((id) => !present.has(id));
	}
}
