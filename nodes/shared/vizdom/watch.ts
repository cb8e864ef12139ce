import type { IDataObject } from 'n8n-workflow';
import { settled } from '../http/signals';
import type { Vizdom } from './client';
import type { Outline } from './ends';
import { isRecord } from './envelope';
import { isGone, isRefusal } from './errors';
import { recordPath } from './facts';
import { type Known, mostAtOnce } from './known';
import type { PagesRead } from './pagesRead';
import { Presence } from './presence';
import { Progress } from './progress';
import type { Sighting } from './sighting';

/** What is watched for in a list. */
export interface Watched {
	path: string; // of the list
	record: string; // path of one record
	/** Left out, it is the deletion of records */
	see?: (record: IDataObject) => Sighting;
}

/** What is kept between two polls. */
interface Notes {
	outline: Outline & { readAt: number }; // by this machine's clock, when it was read whole
	known: object;
}

/** What came of a poll. */
export interface Polled {
	news: IDataObject[];
	notes: string;
}

const hour = 3_600_000;
const leastRecords = 200; // below, the whole list is not more than its ends
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
	const { outline, known } = notesIn(watched, saved);
	// What was begun is read to its end.
	const isBegun = pages.size > 0;
	const ends = isBegun ? undefined : await readEnds(vizdom, watched, known, outline);
	const whole = ends ? undefined : await vizdom.resuming(pages).list<IDataObject>(watched.path);
	// What is missing at first would be new in the next poll.
	const isDoubtful = !outline && whole?.length === 0;
	const records = ends ?? (isDoubtful ? await vizdom.list<IDataObject>(watched.path) : whole) ?? [];
	const ids = known.idsToRead(records, !ends) ?? [];
	const single = await readSingle(vizdom, watched, ids);
	const newest = ends ? outline?.newest : known.newestEnd(records);
	const added = records.filter((record) => !known.has(record)).length;
	const count = ends && outline ? outline.count + added : records.length;
	const news = known.take(records, !ends, single);
	const readAt = ends && outline ? outline.readAt : Date.now();
	const notes: Notes = { outline: { count, newest, readAt }, known: known.save() };
	return { news: outline ? news : [], notes: JSON.stringify(notes) };
}

/** Nothing is known if it is anything else than what was saved. */
function notesIn({ see }: Watched, saved?: string): { outline?: Notes['outline']; known: Known } {
	const knownFrom = (noted?: object) => (see ? new Progress(see, noted) : new Presence(noted));
	try {
		const { outline, known } = JSON.parse(saved ?? '') as Notes;
		if (outline.count >= 0) return { outline, known: knownFrom(known) };
	} catch {
		// As if there was nothing.
	}
	return { known: knownFrom() };
}

async function readEnds(
	vizdom: Vizdom,
	{ path }: Watched,
	known: Known,
	outline?: Notes['outline'],
): Promise<IDataObject[] | undefined> {
	if (!outline) return undefined;
	const { count, newest, readAt } = outline;
	const isRecent = Math.abs(Date.now() - readAt) < hour;
	const mostSingle = Math.min(count / recordsPerSingle, mostAtOnce);
	const isCheap = (known.idsToRead([], false)?.length ?? Infinity) <= mostSingle;
	if (!newest || !isRecent || !isCheap || count <= leastRecords) return undefined;
	return await vizdom.ends(path, outline, known);
}

/** Records by their IDs, as they are read one by one; undefined for each that is gone. */
async function readSingle(vizdom: Vizdom, { record: path }: Watched, ids: string[]) {
	const read = async (id: string) => {
		const { value, error } = await settled(vizdom.get<IDataObject>(recordPath(path, id)));
		if (error && !isRefusal(error)) throw error;
		if (error) return isGone(error) ? ([id, undefined] as const) : undefined;
		return isRecord(value.data) ? ([id, value.data as IDataObject] as const) : undefined;
	};
	const found = await Promise.all(ids.map(read));
	return new Map(found.filter((one) => one !== undefined));
}
