import { textsIn } from './envelope';
import {
	addressFields,
	type Export,
	exportStates,
	fileFields,
	otherAddresses,
	userStates,
} from './facts';

/** Whether a state, role or format in a response is this one: their letter case is assumed. */
export function isWord(value: unknown, word: string): boolean {
	return typeof value === 'string' && value.toLowerCase() === word;
}

/** `inProgress` and `IN-PROGRESS` as `in_progress`. */
function wordOf(value: unknown): string {
	return (typeof value === 'string' ? value.slice(0, 100) : '')
		.replace(/([a-z])([A-Z])/g, '$1_$2')
		.replace(/[\s-]+/g, '_')
		.toLowerCase();
}

function isOneOf(words: string, word: string): boolean {
	return words.split(' ').includes(word);
}

type State = keyof typeof exportStates | 'unknown';

/** An export in an unknown state is completed if it has what is a file by name. */
export function stateOf(record: Partial<Export>): State {
	const status = wordOf(stateWordOf(record));
	const states = Object.keys(exportStates) as Array<keyof typeof exportStates>;
	const known = states.find((state) => isOneOf(exportStates[state], status));
	if (known) return known;
	return linkIn(record, fileFields) === undefined ? 'unknown' : 'completed';
}

/** The state of an export in the server's word; undefined if it has none. */
export function stateWordOf(record: Partial<Export> & { state?: unknown }): unknown {
	return record.status ?? record.state;
}

/** Whether an export is over, and there will be no file. */
export function hasFailed(record: Partial<Export>): boolean {
	return ['failed', 'cancelled'].includes(stateOf(record));
}

/** Whether a user is a member; also if nothing tells of any state. */
export function isActive({ status }: { status?: unknown }): boolean {
	return (status ?? '') === '' || isOneOf(userStates.active, wordOf(status));
}

/** Whether a user is none for the time being. */
export function isSuspended({ status }: { status?: unknown }): boolean {
	return isOneOf(userStates.suspended, wordOf(status));
}

/** The address of an export's file: a web address or a path, in whichever field is the likeliest. */
export function fileLinkIn(record: Partial<Export>): string | undefined {
	return linkIn(record, [...fileFields, ...addressFields]);
}

function linkIn(record: Partial<Export>, names: RegExp[]): string | undefined {
	const { id, download_url: link } = record;
	// If the field is there, the link comes there.
	if (typeof link === 'string' && link !== '') return link;
	if (link === null) return undefined;
	const addresses = textsIn(record).filter(
		([field, text]) =>
			/^(https?:\/|\.{0,2})\/\S/.test(text) &&
			!otherAddresses.test(field) &&
			!text.endsWith(`/${String(id)}`),
	);
	const likeliest = names.map((name) => addresses.find(([field]) => name.test(field)));
	return likeliest.find((found) => found !== undefined)?.[1];
}

/** The day of a moment in time, such as 2026-01-15; '' if it is none. In UTC if there is no such time zone. */
export function dayOf(value: unknown, timeZone = 'UTC'): string {
	const date = new Date(instantOf(value));
	// A number may be beyond what a Date can hold.
	if (!date.getTime()) return '';
	try {
		// Sweden writes dates as ISO 8601 does.
		return date.toLocaleDateString('sv-SE', { timeZone });
	} catch {
		return dayOf(value);
	}
}

/**
 * A moment in time, in ms since 1970: as ISO 8601, in UTC if it has no time zone, or as a number of
 * seconds, milliseconds, microseconds or nanoseconds since then.
 * @returns 0 if it is none
 */
export function instantOf(value: unknown): number {
	const isText = typeof value === 'string' || typeof value === 'number';
	const text = isText ? String(value).trim() : '';
	const number = Number(text);
	if (text !== '' && Number.isFinite(number)) return inMilliseconds(number);
	const hasZone = /(z|utc|gmt|[+-]\d\d(:?\d\d)?)$/i.test(text);
	const isDateTime = /\d[t ]\d\d:\d\d/i.test(text);
	if (!isDateTime) return Date.parse(text) || 0;
	// PostgreSQL leaves out the minutes of a time zone.
	const full = hasZone ? text.replace(/[+-]\d\d$/, '$&:00') : `${text.replace(' ', 'T')}Z`;
	return Date.parse(full) || 0;
}

/** As seconds, 10¹¹ is in the year 5138. */
function inMilliseconds(number: number): number {
	if (number < 1e11) return number * 1_000;
	const unit = [1, 1e3].find((perMillisecond) => number / perMillisecond < 1e14) ?? 1e6;
	return Math.floor(number / unit);
}
