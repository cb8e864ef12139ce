import { longestForm, withoutKey } from './key';

const maxShown = 300; // characters of a text
const deepest = 20; // levels of a value

/** Makes foreign text, from a server or an input item, safe to show. It reads no more of it than it shows. */
export class Redactor {
	constructor(private readonly apiKey?: unknown) {}

	/**
	 * Shortens a text and removes the key and anything that n8n's editor takes for markup.
	 * @param foreign a text, or any value, which is shown as JSON
	 */
	shown(foreign: unknown, most = maxShown): string {
		const head = this.head(foreign, most + 1);
		const cut = head.slice(0, most).replace(/[\ud800-\udbff]$/, '');
		return (head.length > most ? `${cut}…` : head).replaceAll('<', '‹');
	}

	withoutKey(text: string): string {
		return withoutKey(text, this.apiKey);
	}

	/** The first characters, without the key or a part of it that was cut off. */
	head(foreign: unknown, most: number): string {
		const longest = longestForm(this.apiKey);
		const text = typeof foreign === 'string' ? foreign : jsonHead(foreign, most + 2 * longest);
		const window = text.slice(0, most + 2 * longest);
		const clean = this.withoutKey(window);
		return window === text ? clean : clean.slice(0, Math.max(0, clean.length - longest));
	}
}

/** Foreign text that cannot contain the key, made safe to show. */
export function shown(foreign: unknown): string {
	return new Redactor().shown(foreign);
}

/** Roughly the first characters of a value's JSON. */
export function jsonHead(value: unknown, most: number, depth = 0): string {
	if (typeof value === 'string') return JSON.stringify(value.slice(0, most));
	if (typeof value !== 'object' || value === null) return String(value);
	if (depth === deepest) return '…';
	const isList = Array.isArray(value);
	let json = '';
	for (const [name, inner] of firstEntries(value, most)) {
		if (json.length >= most) break;
		const field = isList ? '' : `${JSON.stringify(name.slice(0, most))}:`;
		json += `${json && ','}${field}${jsonHead(inner, most - json.length, depth + 1)}`;
	}
	return isList ? `[${json}]` : `{${json}}`;
}

/** The first entries of an object or a list of any size. */
export function firstEntries(value: object, most: number): Array<[name: string, value: unknown]> {
	if (Array.isArray(value)) return Object.entries(value.slice(0, most));
	const entries: Array<[string, unknown]> = [];
	for (const name in value) {
		if (entries.length >= most) break;
		entries.push([name, (value as Record<string, unknown>)[name]]);
	}
	return entries;
}
