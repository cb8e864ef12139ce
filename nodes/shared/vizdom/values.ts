import { textsIn } from './envelope';
import {
	addressFields,
	type Export,
	exportStates,
	fileFields,
	otherAddresses,
	queuedStates,
	userStates,
} from './facts';
import { visible } from './text';

/** Whether a state, role or format in a response is this one, in any letter case. */
export function isWord(value: unknown, word: string): boolean {
	return typeof value === 'string' && value.toLowerCase() === word;
}

/** An e-mail address in a form to compare: servers may change its letter case. */
export function comparableAddress(address: unknown): string {
	return visible(String(address ?? '')).toLowerCase();
}

/** `inProgress` and `IN-PROGRESS` as `in_progress`. */
function wordOf(value: unknown): string {
	return visible(typeof value === 'string' ? value.slice(0, 100) : '')
		.replace(/([a-z])([A-Z])/g, '$1_$2')
		.replace(/[\s-]+/g, '_')
		.toLowerCase();
}

/** The state that a word stands for; undefined if unknown. */
function stateIn<S extends string>(states: Record<S, string>, value: unknown): S | undefined {
	const word = wordOf(value);
	return (Object.keys(states) as S[]).find((state) => states[state].split(' ').includes(word));
}

type State = keyof typeof exportStates | 'unknown';

/** An export in an unknown state counts as completed if it has a link in a file field. */
export function stateOf(record: Partial<Export>): State {
	const known = stateIn(exportStates, stateWordOf(record));
	if (known) return known;
	return linkIn(record, fileFields) === undefined ? 'unknown' : 'completed';
}

/** The server's word for the state of an export; undefined if there is none. */
export function stateWordOf(record: Partial<Export> & { state?: unknown }): unknown {
	return record.status ?? record.state;
}

/** Whether an export has ended without a file. */
export function hasFailed(record: Partial<Export>): boolean {
	return ['failed', 'cancelled'].includes(stateOf(record));
}

/** Whether an export is in a state: the server's own word, or any word for it. */
export function isExportIn(record: Partial<Export>, word: string): boolean {
	const states = { queued: queuedStates, ...exportStates };
	const state = stateIn(states, stateWordOf(record)) ?? stateOf(record);
	return isSameWord(stateWordOf(record), word) || state === stateIn(states, word);
}

/** Whether a user is in a state: the server's own word, or any word for it. */
export function isUserIn(user: { status?: unknown }, word: string): boolean {
	const state = stateIn(userStates, word);
	return isSameWord(user.status, word) || (state !== undefined && userStateOf(user) === state);
}

/** Whether two words are equal except for letter case, blanks and hyphens. */
export function isSameWord(value: unknown, word: string): boolean {
	return wordOf(value) === wordOf(word);
}

/** A user without a state is active. */
function userStateOf({ status }: { status?: unknown }): keyof typeof userStates | undefined {
	return (status ?? '') === '' ? 'active' : stateIn(userStates, status);
}

/** Whether a user is a member. */
export function isActive(user: { status?: unknown }): boolean {
	return userStateOf(user) === 'active';
}

/** Whether a user is suspended, and may be a member again. */
export function isSuspended(user: { status?: unknown }): boolean {
	return userStateOf(user) === 'suspended';
}

/** The URL or path of an export's file, from the likeliest field. */
export function fileLinkIn(record: Partial<Export>): string | undefined {
	return linkIn(record, [...fileFields, ...addressFields]);
}

function linkIn(record: Partial<Export>, names: RegExp[]): string | undefined {
	const { id, download_url: link } = record;
	// In the assumed field, null means that the link is still to come.
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

/** The day of a time, such as 2026-01-15; '' if it is not a time. */
export function dayOf(value: unknown, timeZone = 'UTC'): string {
	const time = instantOf(value);
	if (time === 0) return '';
	// Swedish dates are in ISO 8601 format.
	return new Date(time).toLocaleDateString('sv-SE', { timeZone: knownZone(timeZone) });
}

/** Formats times, such as 25 Nov 21:33, with the year if it is another; '' if it is not a time. */
export function momentsIn(timeZone: string): (value: unknown) => string {
	const format = new Intl.DateTimeFormat('en-US', {
		...{ year: 'numeric', month: 'short', day: 'numeric' },
		...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
		timeZone: knownZone(timeZone),
	});
	const partsOf = (time: number) =>
		Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
	const thisYear = partsOf(Date.now()).year;
	return (value) => {
		const time = instantOf(value);
		if (time === 0) return '';
		const { year, month, day, hour, minute } = partsOf(time);
		const date = [day, month, year === thisYear ? '' : year].filter(Boolean).join(' ');
		return `${date} ${hour}:${minute}`;
	};
}

/** The time zone, or UTC if it is unknown. */
function knownZone(timeZone: string): string {
	try {
		return new Intl.DateTimeFormat('en-US', { timeZone }).resolvedOptions().timeZone;
	} catch {
		return 'UTC';
	}
}

/**
 * Reads a time: ISO 8601, in UTC if it has no time zone, or a number of seconds, milliseconds,
 * microseconds or nanoseconds since 1970.
 * @returns ms since 1970; 0 if it is not a time
 */
export function instantOf(value: unknown): number {
	const isText = typeof value === 'string' || typeof value === 'number';
	const text = isText ? String(value).trim() : '';
	const number = Number(text);
	if (text !== '' && Number.isFinite(number)) return inMilliseconds(number);
	const hasZone = /(z|utc|gmt|[+-]\d\d(:?\d\d)?)$/i.test(text);
	const isDateTime = /\d[t ]\d\d:\d\d/i.test(text);
	if (!isDateTime) return Date.parse(text) || 0;
	// PostgreSQL omits the minutes of a time zone.
	const full = hasZone ? text.replace(/[+-]\d\d$/, '$&:00') : `${text.replace(' ', 'T')}Z`;
	return Date.parse(full) || 0;
}

/** As seconds, 10¹¹ is in the year 5138. */
function inMilliseconds(number: number): number {
	const unit = [1, 1e3].find((perMillisecond) => number / perMillisecond < 1e14) ?? 1e6;
	const milliseconds = number < 1e11 ? number * 1_000 : Math.floor(number / unit);
	// Out of a Date's range is not a time.
	return new Date(milliseconds).getTime() || 0;
}
