import { jsonParse } from 'n8n-workflow';
import type { FileStart } from '../shared/n8n/binary';

const byteOrderMarks: Array<[mark: string, charset: string]> = [
	['\xff\xfe', 'utf-16le'],
	['\xfe\xff', 'utf-16be'],
];

/** What a page begins with, unless it is the first cell of a row. */
const document =
	/^<(!--|!doctype|\?\w|(html|head|body|script|style|title|meta|link|base|noscript|iframe|form|error|svg)\b[^>]*>(?! *[,;\t|]))/i;

/** What a part of a page begins with, unless a tag ends the first cell of a row. */
const fragment =
	/^<(div|p|h[1-6]|a|b|br|img|font|span|strong|center|main|section|header|nav|table|pre)\b[^>]*>(?!.*> *[,;\t|])/i;

const element = /^<([a-z][\w:.-]*)[\s>][^]*<\/\1>$/i;

/** An object, or a list of objects, whose first field has a name */
const namedField = /^\[?\s*\{\s*"([^"\\]|\\.){0,200}"\s*:/;

export const zipSignature = 'PK\x03\x04'; // of each file in a ZIP archive

/** The beginning of a file, and what it tells of the rest. */
export class Beginning {
	readonly latin1: string; // its bytes, for signatures
	readonly text: string; // without a byte order mark, and without blank space around it
	readonly contentType: string;
	readonly isAll: boolean; // whether there is no rest

	constructor({ bytes, isAll }: FileStart, contentType: unknown) {
		this.latin1 = bytes.toString('latin1');
		const mark = byteOrderMarks.find(([start]) => this.latin1.startsWith(start));
		this.text = new TextDecoder(mark?.[1]).decode(bytes).trim();
		this.contentType = String(contentType ?? '').toLowerCase();
		this.isAll = isAll;
	}

	/** Whether it is a page or a message, or the server says so. */
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

	/** Whether it is JSON: an object, or a list of more than numbers. */
	private get isMessage(): boolean {
		const { text, isAll, contentType } = this;
		const json = isAll && /^[[{]/.test(text) && jsonParse<unknown>(text, { fallbackValue: false });
		const isRow = Array.isArray(json) && json.length > 0 && json.every(Number.isFinite);
		if (json) return !isRow;
		// Some writers of CSV files do not quote as they should.
		return namedField.test(text) && !(isAll && contentType.startsWith('text/csv'));
	}

	/** The names of a ZIP archive's files, as far as it was read (APPNOTE.TXT, 4.3.7). */
	get zipEntries(): string[] {
		const [, ...headers] = this.latin1.split(zipSignature);
		return headers.map((header) => {
			const length = header.charCodeAt(22) + 256 * header.charCodeAt(23);
			return header.slice(26, 26 + length);
		});
	}
}
