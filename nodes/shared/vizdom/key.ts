import { isRecord } from './envelope';

/** What may be pasted together with a key: the word Bearer, blanks, quotes, invisible characters. */
export const aroundKey = /^([\s\p{DI}"'`]|bearer:?\s)*|[\s\p{DI}"'`]+$/giu;

/** The key as it is sent. */
export function bareKey(apiKey: unknown): string {
	return String(apiKey ?? '').replace(aroundKey, '');
}

/** The key must be in no text, also if a server repeats it: as it is stored, or as a header has it. */
export function withoutKey(text: string, apiKey: unknown): string {
	const stored = String(apiKey ?? '');
	const sent = stored.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').trim();
	return [stored, sent]
		.filter((key) => key !== '')
		.reduce((clean, key) => clean.replaceAll(key, '[API key]'), text);
}

/** The same for all texts in a value, names of fields included. */
export function allWithoutKey(value: unknown, apiKey: unknown): unknown {
	if (typeof value === 'string') return withoutKey(value, apiKey);
	if (Array.isArray(value)) return value.map((one) => allWithoutKey(one, apiKey));
	if (!isRecord(value)) return value;
	const entries = Object.entries(value);
	return Object.fromEntries(
		entries.map(([name, one]) => [withoutKey(name, apiKey), allWithoutKey(one, apiKey)]),
	);
}
