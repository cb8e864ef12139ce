import { jsonParse } from 'n8n-workflow';
import type { FileStart } from '../shared/n8n/binary';

const byteOrderMarks: Array<[mark: string, charset: string]> = [
	['\xff\xfe', 'utf-16le'],
	['\xfe\xff', 'utf-16be'],
];

/** The start of a page, unless it is the first cell of a row. */
const document =
	/^<(!--|!doctype|\?\w|(html|head|body|script|style|title|meta|link|base|noscript|iframe|form|error|svg)\b[^>]*>(?! *[,;\t|]))/i;

/** The start of a part of a page, unless a tag ends the first cell of a row. */
const fragment =
	/^<(div|p|h[1-6]|a|b|br|img|font|span|strong|center|main|section|header|nav|table|pre)\b[^>]*>(?!.*> *[,;\t|])/i;

const element = /^<([a-z][\w:.-]*)[\s>][^]*<\/\1>$/i;

/** An object, or a list of objects, that starts with a named field */
const namedField = /^\[?\s*\{\s*"([^"\\]|\\.){0,200}"\s*:/;

export const zipSignature = 'PK\x03\x04'; // of each file in a ZIP archive

/** The beginning of a file, and what it says about the rest. */
export class Beginning {
	readonly latin1: string; // its bytes, for signatures
	readonly text: string; // without byte order mark and surrounding white space
	readonly contentType: string;
	readonly isAll: boolean; // whether it is the whole file

	constructor({ bytes, isAll }: FileStart, contentType: unknown) {
		this.latin1 = bytes.toString('latin1');
		const mark = byteOrderMarks.find(([start]) => this.latin1.startsWith(start));
		this.text = new TextDecoder(mark?.[1]).decode(bytes).trim();
		this.contentType = String(contentType ?? '').toLowerCase();
		this.isAll = isAll;
	}

	/** Whether it is, or the server declares it to be, a page or a message. */
	get isForeign(): boolean {
		const isSaidToBe = /^[^;]*(html|json|xml|javascript)\s*(;|$)/.test(this.contentType);
		return isSaidToBe || this.isPageOrMessage;
	}

	get isPageOrMessage(): boolean {
		return this.isPage || this.isMessage;
	}

	private get isPage(): boolean {
		const { text, isAll } = this;
		return document.test(text) || fragment.test(text) || (isAll && element.test(text));
	}

	/** Whether it is JSON, but not a list of numbers alone, which is a row. */
	private get isMessage(): boolean {
		const { text, isAll, contentType } = this;
		const json = isAll && /^[[{]/.test(text) && jsonParse<unknown>(text, { fallbackValue: false });
		const isRow = Array.isArray(json) && json.length > 0 && json.every(Number.isFinite);
		if (json) return !isRow;
		// Some programs write CSV without the required quotes.
		return namedField.test(text) && !(isAll && contentType.startsWith('text/csv'));
	}

	/** The names of the files in the part of a ZIP archive that was read (APPNOTE.TXT, 4.3.7). */
	get zipEntries(): string[] {
		const [, ...headers] = this.latin1.split(zipSignature);
		return headers.map((header) => {
			const length = header.charCodeAt(22) + 256 * header.charCodeAt(23);
			return header.slice(26, 26 + length);
		});
	}
}
