import { createHash } from 'crypto';
import { instantOf } from './values';

/** What an event has to know of a record, as it is read now. */
export interface Observation {
	time: number; // creation or update time by the server's clock, in ms; 0 if unknown
	created?: number; // creation time, if `time` is another
	version: string; // a record that is seen in another version is another event; '' for one that is none
	isEvent: boolean; // whether what the event is about has happened
	isPending?: boolean; // whether it is still to come, however old the record is
	isOriginal?: boolean; // whether it is an event only if another version has been seen before
	isPause?: boolean; // whether what is still to come stays so
	mayReturn?: boolean; // whether an earlier version of the same date may be another change, and no stale answer
}

export const done = 'done';
const wordLength = 4;
const sameMoment = 1_000; // ms

/** What happens to a record once at the most. */
export function once(record: Dated, isEvent: boolean, isPending = false): Observation {
	const version = isEvent ? done : '';
	return { time: instantOf(record.created_at), version, isEvent, isPending };
}

/** A change of a record: of its content, or only of the time that it was changed. */
export function changed(record: Dated, ...content: unknown[]): Observation {
	const { time, created } = timesOf(record);
	return {
		time,
		created,
		// Two changes in the same second have the same time.
		version: hashOf([time || record.updated_at, ...content]),
		isEvent: true,
		// A server may read its clock twice while it creates one.
		isOriginal: time === 0 || Math.abs(time - created) < sameMoment,
		mayReturn: time === 0,
	};
}

/** A change of one field of a record, whatever else of it has changed. */
export function changedField(record: Dated, value: unknown): Observation {
	const { time, created } = timesOf(record);
	const version = hashOf([value]) + hashOf([time]);
	return { time, created, version, isEvent: true, isOriginal: true, mayReturn: true };
}

/** The part of a version that makes it another event. */
export function contentOf(version = ''): string {
	return version.slice(0, wordLength);
}

/** The part of a version that dates it, if it has one. */
export function dateOf(version = ''): string {
	return version.slice(wordLength);
}

interface Dated {
	created_at?: unknown;
	updated_at?: unknown;
}

function timesOf({ created_at, updated_at }: Dated) {
	return { time: instantOf(updated_at), created: instantOf(created_at) };
}

/** The same for null and an empty text, and for a number and its digits: a server may send either. */
function hashOf(values: unknown[]): string {
	const content = JSON.stringify(values.map((value) => String(value ?? '')));
	return createHash('sha256').update(content).digest('base64').slice(0, wordLength);
}
