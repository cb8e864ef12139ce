import type { IDataObject } from 'n8n-workflow';
import { pause, settled, unlessAborted } from '../http/signals';
import type { Vizdom } from './client';
import { VizdomError } from './errors';
import { instantOf } from './values';

const lookTimes = [1_000, 5_000, 15_000]; // ms after the failure
const maxNamed = 5; // records that an error names
const second = 1_000;

/** How to recognize a created record in its list. */
export interface Creation {
	list: string; // path
	/** The same for a record and for the body that creates it; null, '' and a missing field are equal */
	identityOf: (record: IDataObject) => unknown[];
	isUnique?: boolean; // whether the identity is enough, whoever created the record and when
}

/**
 * Creates a record. If it is unclear whether it was created, it is searched for, and never posted again.
 * @param post sends the body
 * @throws {VizdomError} the failure, naming the candidates, unless exactly one record must be it
 */
export async function createRecord<T extends object>(
	vizdom: Vizdom,
	creation: Creation,
	body: IDataObject,
	post: () => Promise<T>,
): Promise<T> {
	const startedAt = performance.now();
	const key = keyOf(creation, body);
	const { value, error } = await settled(vizdom.server.claims.post(key, creation.list, post));
	if (value) return value;
	if (!(error instanceof VizdomError) || !error.mayBeDone) throw error;
	const search = new Search(vizdom, creation, key, error.sentAt ?? startedAt);
	const found = await search.find();
	if (found) return found as T;
	const { description } = error;
	throw Object.assign(error, {
		description: [description, search.result].filter(Boolean).join(' '),
	});
}

/** Searches for a record that may have been created. */
class Search {
	private candidates?: IDataObject[]; // undefined if the list could not be read

	constructor(
		private readonly vizdom: Vizdom,
		private readonly creation: Creation,
		private readonly key: string,
		private readonly sentAt: number, // by performance.now()
	) {}

	async find(): Promise<IDataObject | undefined> {
		const failedAt = performance.now();
		for (const time of lookTimes) {
			const wait = Math.max(0, failedAt + time - performance.now());
			const looking = pause(wait, this.vizdom.readSignal).then(
				async () => await this.look(time === lookTimes.at(-1)),
			);
			const { value, error } = await settled(looking);
			if (value) return value;
			const mayPass = error instanceof VizdomError && error.outcome !== 'refused';
			if (error && !mayPass) return undefined;
		}
		return undefined;
	}

	/** Describes the candidates if none of them was certain. */
	get result(): string {
		const { candidates, vizdom } = this;
		if (!candidates) return '';
		if (candidates.length === 0) return 'So far, it was not found in Vizdom.';
		return `Possible matches in Vizdom: ${namesOf(candidates, vizdom)}.`;
	}

	private async look(isLast: boolean): Promise<IDataObject | undefined> {
		const { vizdom, creation, key } = this;
		const { list, isUnique = false } = creation;
		const { claims } = vizdom.server;
		const reader = vizdom.untilStopped();
		const reading = isLast
			? claims.read(vizdom.source, `all ${list}`, async () => await reader.list(list))
			: claims.read(vizdom.source, list, async () => await reader.newest(list));
		const records = await unlessAborted(reading, vizdom.readSignal);
		// By the clock of the server that answered this: the next response may come from another.
		const { clockAhead } = vizdom.server;
		const sentAt = clockAhead && this.sentAt + clockAhead;
		if (!isUnique) await unlessAborted(claims.ended(key), vizdom.readSignal);
		const alike = records.filter((record) => keyOf(creation, record) === key);
		const byId = new Map(alike.map((record) => [String(record.id ?? ''), record]));
		byId.delete('');
		const mayBeIt = (record: IDataObject) =>
			isUnique || !(claims.isClaimed(list, record) || isSince(sentAt, record) === false);
		this.candidates = [...byId.values()].filter(mayBeIt);
		const [found, ...others] = this.candidates;
		if (!found || others.length > 0) return undefined;
		if (!isUnique && !isSince(sentAt, found)) return undefined;
		claims.claim(list, found);
		return found;
	}
}

/**
 * Whether a record was created since a time, by the server's clock.
 * @returns undefined if the server's time or the record's is unknown
 */
function isSince(time: number | undefined, { created_at }: IDataObject): boolean | undefined {
	const created = instantOf(created_at);
	if (time === undefined || created === 0) return undefined;
	// Some servers have a resolution of one second.
	const unit = created % second === 0 ? second : 1;
	return created >= Math.floor(time / unit) * unit;
}

function keyOf({ list, identityOf }: Creation, record: IDataObject): string {
	// Servers may change line breaks and accents.
	const texts = identityOf(record).map((value) => String(value ?? '').normalize());
	return `${list} ${JSON.stringify(texts.map((text) => text.replace(/\s+/g, ' ').trim()))}`;
}

/** The IDs of records, for an error; '' if none are known. */
export function namesOf(records: IDataObject[], vizdom: Vizdom): string {
	const ids = records.map(({ id }) => id ?? '').filter((id) => id !== '');
	const names = ids.map((id) => `'${vizdom.shown(id)}'`);
	return [...names.slice(0, maxNamed), ...(names.length > maxNamed ? ['…'] : [])].join(', ');
}
