import type { IDataObject } from 'n8n-workflow';
import { contentOf, dateOf, done, type Observation } from './observation';
import {
	keyOf,
	type Tracker,
	minuteOf,
	maxSingleReads,
	isShort,
	maxKept,
	newestEnd,
	type NewestEnd,
	oldestEntries,
	oldestFirst,
} from './tracker';

const maxVersions = 3; // remembered of a record

/** What is known about a record. */
interface Entry {
	time: number; // in minutes
	versions: string[]; // the latest first
	id?: string; // if it is pending
	isPending: boolean;
}

/** A record as read now, and what is known about it. */
interface Look {
	record: IDataObject;
	key: string;
	observation: Observation;
	known?: Entry;
}

/** Saved between two polls. */
interface Saved {
	cursor: number | null; // null for -Infinity, as JSON writes it
	seen: string;
	pending: string[]; // IDs, if few enough to be read one by one
}

/**
 * Tells new events from those seen before. All times are the server's, and compared only with each
 * other, so no clock has to be right.
 *
 * A record is known by its ID and version. More than ten thousand are remembered; whatever is older
 * than those is over.
 */
export class EventTracker implements Tracker {
	private cursor = -Infinity; // events up to this time are over, in minutes of the server's time
	private readonly looks = new WeakMap<IDataObject, Pick<Look, 'key' | 'observation'>>();
	private readonly seen = new Map<string, Entry>(); // by keyOf(ID)

	/** @param saved returned by {@link save} */
	constructor(
		private readonly observe: (record: IDataObject) => Observation,
		saved?: unknown,
	) {
		if (saved === undefined) return;
		const { cursor, seen, pending } = saved as Saved;
		this.cursor = cursor ?? -Infinity;
		for (const [, key = '', time = '', mark, versions = ''] of seen.matchAll(entryPattern)) {
			const entry = { time: parseInt(time, 36), versions: versions.split('.').slice(1) };
			const isDone = mark === '' && versions === '';
			if (isDone) entry.versions = [done];
			this.seen.set(key, { ...entry, isPending: mark === '!' });
		}
		for (const id of pending) Object.assign(this.seen.get(keyOf(id)) ?? {}, { id });
	}

	save(): Saved {
		this.forgetOldest();
		const pending = [...this.seen.values()].flatMap(({ id = [] }) => id);
		const canBeRead = pending.length <= maxSingleReads && pending.every(isShort);
		return {
			cursor: this.cursor,
			seen: [...this.seen].map(textOf).join(' '),
			pending: canBeRead ? pending : [],
		};
	}

	has(record: IDataObject): boolean {
		const { known, observation } = this.look(record);
		return known !== undefined || minuteOf(observation.time) <= this.cursor;
	}

	isSettled(record: IDataObject): boolean {
		const { known, observation } = this.look(record);
		const { version } = observation;
		return known ? version === '' || version === known.versions[0] : this.has(record);
	}

	/** Only for an order of changes that is not also the order of creation. */
	newestEnd(records: IDataObject[]): NewestEnd | undefined {
		const observations = records.map((record) => this.look(record).observation);
		const end = newestEnd(observations.map(({ time }) => time));
		const created = newestEnd(observations.map(({ created: time = 0 }) => time));
		return created === end ? undefined : end;
	}

	/** Pending records, and those that look as they did before: the response may be stale. */
	idsToRead(records: IDataObject[], isWhole: boolean): string[] | undefined {
		const looks = records.map((record) => this.look(record));
		const back = looks.filter((look) => isBack(look) && mayReturn(look));
		const ids = back.map(({ record }) => String(record.id)).slice(0, maxSingleReads);
		if (isWhole) return ids;
		const read = new Set(looks.map(({ key }) => key));
		const pending = [...this.seen].filter(([key, { isPending }]) => isPending && !read.has(key));
		const known = pending.map(([, { id }]) => id).filter((id) => id !== undefined);
		return known.length === pending.length ? [...known, ...ids] : undefined;
	}

	take(records: IDataObject[], isWhole: boolean, single: Map<string, IDataObject | undefined>) {
		const news = new Map<IDataObject, number>();
		const looks = records.map((record) => this.look(record));
		if (isWhole) this.giveUpAllBut(new Set(looks.map(({ key }) => key)));
		for (const look of looks) {
			const { record } = look;
			if (!single.has(String(record.id)) && !isBack(look)) this.note(look, news);
		}
		for (const record of single.values()) if (record) this.note(this.look(record), news);
		return oldestFirst(news);
	}

	/** A record that left the list is no longer pending, until it is there again. */
	private giveUpAllBut(keys: Set<string>): void {
		for (const [key, { time, versions, isPending }] of this.seen) {
			if (isPending && !keys.has(key)) this.seen.set(key, { time, versions, isPending: false });
		}
	}

	private look(record: IDataObject): Look {
		const known = this.looks.get(record);
		const { key, observation } = known ?? {
			key: keyOf(record.id),
			observation: this.observe(record),
		};
		if (!known) this.looks.set(record, { key, observation });
		return { record, key, observation, known: this.seen.get(key) };
	}

	private note(look: Look, news: Map<IDataObject, number>): void {
		const { key, record, observation, known } = look;
		const { version, state, time } = observation;
		if (state === 'paused' && known?.isPending) return;
		if (this.isNew(look)) news.set(record, time);
		const earlier = known?.versions ?? [];
		const others = earlier.filter((one) => one !== version);
		const versions = version === '' ? earlier : [version, ...others].slice(0, maxVersions);
		const isPending = state === 'pending' && !versions.includes(done);
		const entry = { time: minuteOf(time), versions, isPending };
		this.seen.set(key, isPending ? { ...entry, id: String(record.id) } : entry);
	}

	private isNew({ observation, known }: Look): boolean {
		const { state, time, version, isOriginal } = observation;
		if (state !== 'happened') return false;
		if (!known) return minuteOf(time) > this.cursor && !isOriginal;
		return contentOf(version) !== contentOf(known.versions[0]);
	}

	private forgetOldest(): void {
		const lengthOf = (entry: [string, Entry]) => textOf(entry).length + 1;
		let excess = -maxKept;
		for (const entry of this.seen) excess += lengthOf(entry);
		for (const [key, { time, isPending }] of oldestEntries(this.seen, excess, lengthOf)) {
			this.seen.delete(key);
			if (!isPending) this.cursor = Math.max(this.cursor, time);
		}
	}
}

const entryPattern = /(\S{8})([0-9a-z]+)([!?]?)((?:\.[^\s.]+)*)(?: |$)/g;

/** The key, minutes in base 36, `!` if pending, `?` if neither pending nor done, and the versions. */
function textOf([key, { time, versions, isPending }]: [string, Entry]): string {
	const isDone = versions.length === 1 && versions[0] === done;
	const mark = isPending ? '!' : versions.length === 0 ? '?' : '';
	return key + time.toString(36) + mark + (isDone ? '' : versions.map((one) => `.${one}`).join(''));
}

function isBack({ observation, known }: Look): boolean {
	return (known?.versions.indexOf(observation.version) ?? 0) > 0;
}

function mayReturn({ observation, known }: Look): boolean {
	const { mayReturn = false, version } = observation;
	return mayReturn && dateOf(version) === dateOf(known?.versions[0]);
}
