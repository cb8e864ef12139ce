import { createHash } from 'crypto';
import { instantOf } from './values';

/**
 * Whether an event has happened to a record.
 *
 * - `happened`: it has.
 * - `pending`: still to come, however old the record is.
 * - `paused`: still to come if it was pending before, otherwise over.
 * - `over`: it can no longer happen.
 * - `none`: it is not expected.
 */
type State = 'happened' | 'pending' | 'paused' | 'over' | 'none';

/** A record, as an event sees it. */
export interface Observation {
	state: State;
	time: number; // creation or update time by the server's clock, in ms; 0 if unknown
	created?: number; // creation time, if `time` is another
	version: string; // another version is another event; '' if there is no event yet
	isOriginal?: boolean; // whether it is an event only if another version has been seen before
	mayReturn?: boolean; // whether an earlier version of the same date may be a new change, not a stale response
}

export const done = 'done';
const wordLength = 4;
const sameMoment = 1_000; // ms

/** An event that happens to a record at most once. */
export function once(record: Dated, state: State): Observation {
	const version = state === 'pending' || state === 'none' ? '' : done;
	return { state, time: instantOf(record.created_at), version };
}

/** A change of a record: of its content, or of its update time alone. */
export function changed(record: Dated, ...content: unknown[]): Observation {
	const { time, created } = timesOf(record);
	return {
		state: 'happened',
		time,
		created,
		// Two changes within a second may have the same time.
		version: hashOf([time || record.updated_at, ...content]),
		// A server may read its clock twice while it creates a record.
		isOriginal: time === 0 || Math.abs(time - created) < sameMoment,
		mayReturn: time === 0,
	};
}

/** A change of one field, whatever else changes. */
export function changedField(record: Dated, value: unknown): Observation {
	const { time, created } = timesOf(record);
	const version = hashOf([value]) + hashOf([time]);
	return { state: 'happened', time, created, version, isOriginal: true, mayReturn: true };
}

/** The part of a version that identifies the event. */
export function contentOf(version = ''): string {
	return version.slice(0, wordLength);
}

/** The part of a version that stands for its time, if any. */
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

/** Equal for null and '', and for a number and its digits: a server may send either. */
function hashOf(values: unknown[]): string {
	const content = JSON.stringify(values.map((value) => String(value ?? '')));
	return createHash('sha256').update(content).digest('base64').slice(0, wordLength);
}
