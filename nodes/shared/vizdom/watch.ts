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

/** The events to watch for in a list. */
export interface Watched {
	path: string; // of the list
	record: string; // path of one record
	observe?: (record: IDataObject) => Observation; // omitted for deletions
	filters?: Array<{ field: string }>;
}

/** Saved between two polls. */
interface Notes {
	outline: Outline & { readAt: number }; // when it was read whole, by this machine's clock
	tracker: object;
}

/** The records that a poll has read. */
interface Reading {
	records: IDataObject[];
	single: Map<string, IDataObject | undefined>; // read one by one; undefined for one that is gone
	isWhole: boolean;
}

/** The result of a poll. */
export interface Polled {
	news: IDataObject[];
	notes: string;
}

const hour = 3_600_000;
const minRecords = 200; // a shorter list costs no more than its ends
const recordsPerSingle = 200; // in the list, for each record that may be read one by one

/**
 * Finds the new events in a list. If the list is ordered, only its ends and pending records are read;
 * the whole list if the ends prove nothing, and at least once an hour.
 * @param pages of the whole list that an earlier poll has read
 * @param saved the notes of the last poll; omitted for the first, which returns no events
 */
export async function watch(
	vizdom: Vizdom,
	watched: Watched,
	pages: PagesRead,
	saved?: string,
): Promise<Polled> {
	const { outline, tracker } = notesIn(watched, saved);
	// A whole list that was begun is read to its end.
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

/** Notes that cannot be read are ignored. */
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
		// Like a first poll.
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
	// If one cannot be read, only the whole list shows what has become of it.
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
	// Records that are missing now would be new events in the next poll.
	const records = isFirst && found.length === 0 ? await list() : found;
	const ids = tracker.idsToRead(records, true) ?? [];
	return { records, single: await readSingle(vizdom, watched, ids), isWhole: true };
}

/** Omits records that cannot be read for any reason other than that they are gone. */
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
