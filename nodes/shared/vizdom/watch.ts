import type { IDataObject } from 'n8n-workflow';
import { settled } from '../http/signals';
import type { Vizdom } from './client';
import type { Outline } from './ends';
import { isRecord } from './envelope';
import { isAnswered, isGone } from './errors';
import { recordPath } from './facts';
import { type Tracker, maxSingleReads } from './tracker';
import type { PagesRead } from './pagesRead';
import { DeletionTracker } from './deletionTracker';
import { EventTracker } from './eventTracker';
import type { Observation } from './observation';

/** What is watched for in a list. */
export interface Watched {
	path: string; // of the list
	record: string; // path of one record
	/** Left out, it is the deletion of records */
	observe?: (record: IDataObject) => Observation;
	filters?: Array<{ field: string }>;
}

/** What is kept between two polls. */
interface Notes {
	outline: Outline & { readAt: number }; // by this machine's clock, when it was read whole
	tracker: object;
}

/** What a poll has read. */
interface Reading {
	records: IDataObject[];
	single: Map<string, IDataObject | undefined>; // read one by one; undefined for one that is gone
	isWhole: boolean;
}

/** What came of a poll. */
export interface Polled {
	news: IDataObject[];
	notes: string;
}

const hour = 3_600_000;
const minRecords = 200; // below, the whole list is not more than its ends
const recordsPerSingle = 200; // for each record that is read one by one, there must be so many in the list

/**
 * Finds out what is new in a list. If it is in an order, only its ends are read, and what is pending;
 * whole it is read if they prove nothing, and at least once an hour.
 * @param pages that an earlier poll has read of the whole list
 * @param saved the notes of the last poll; left out for the first, to which nothing is new
 */
export async function watch(
	vizdom: Vizdom,
	watched: Watched,
	pages: PagesRead,
	saved?: string,
): Promise<Polled> {
	const { outline, tracker } = notesIn(watched, saved);
	// What was begun is read to its end.
	const isBegun = pages.size > 0;
	const ends = isBegun ? undefined : await readEnds(vizdom, watched, tracker, outline);
	const reading = ends ?? (await readWhole(vizdom.resuming(pages), watched, tracker, !outline));
	const { records, single, isWhole } = reading;
	const newest = isWhole ? tracker.newestEnd(records) : outline?.newest;
	const added = records.filter((record) => !tracker.has(record)).length;
	const count = isWhole || !outline ? records.length : outline.count + added;
	const news = tracker.take(records, isWhole, single);
	const readAt = isWhole || !outline ? Date.now() : outline.readAt;
	const notes: Notes = { outline: { count, newest, readAt }, tracker: tracker.save() };
	return { news: outline ? news : [], notes: JSON.stringify(notes) };
}

/** Nothing is known if it is anything else than what was saved. */
function notesIn(
	{ observe, filters = [] }: Watched,
	saved?: string,
): { outline?: Notes['outline']; tracker: Tracker } {
	const fields = filters.map(({ field }) => field);
	const trackerFrom = (noted?: object) =>
		observe ? new EventTracker(observe, noted) : new DeletionTracker(noted, fields);
	try {
		const { outline, tracker } = JSON.parse(saved ?? '') as Notes;
		if (outline.count >= 0) return { outline, tracker: trackerFrom(tracker) };
	} catch {
		// As if there was nothing.
	}
	return { tracker: trackerFrom() };
}

async function readEnds(
	vizdom: Vizdom,
	watched: Watched,
	tracker: Tracker,
	outline?: Notes['outline'],
): Promise<Reading | undefined> {
	if (!outline) return undefined;
	const { count, newest, readAt } = outline;
	const isRecent = Math.abs(Date.now() - readAt) < hour;
	const maxSingle = Math.min(count / recordsPerSingle, maxSingleReads);
	const isCheap = (tracker.idsToRead([], false)?.length ?? Infinity) <= maxSingle;
	if (!newest || !isRecent || !isCheap || count <= minRecords) return undefined;
	const records = await vizdom.ends(watched.path, outline, tracker);
	const ids = records && tracker.idsToRead(records, false);
	if (!ids) return undefined;
	const single = await readSingle(vizdom, watched, ids);
	// If one cannot be read, the list tells what has become of it.
	const isRead = ids.every((id) => single.get(id) !== undefined);
	return isRead ? { records, single, isWhole: false } : undefined;
}

async function readWhole(
	vizdom: Vizdom,
	watched: Watched,
	tracker: Tracker,
	isFirst: boolean,
): Promise<Reading> {
	const list = async () => await vizdom.list<IDataObject>(watched.path);
	const found = await list();
	// What is missing at first would be new in the next poll.
	const records = isFirst && found.length === 0 ? await list() : found;
	const ids = tracker.idsToRead(records, true) ?? [];
	return { records, single: await readSingle(vizdom, watched, ids), isWhole: true };
}

/** Those that cannot be read for another reason than that they are gone are left out. */
async function readSingle(vizdom: Vizdom, { record: path }: Watched, ids: string[]) {
	const read = async (id: string) => {
		const { value, error } = await settled(vizdom.get<IDataObject>(recordPath(path, id)));
		if (error && !isAnswered(error)) throw error;
		if (error) return isGone(error) ? ([id, undefined] as const) : undefined;
		return isRecord(value.data) ? ([id, value.data as IDataObject] as const) : undefined;
	};
	const found = await Promise.all(ids.map(read));
	return new Map(found.filter((one) => one !== undefined));
}
