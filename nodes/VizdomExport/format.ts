import type { Export } from '../shared/vizdom/facts';
import { isWord } from '../shared/vizdom/values';

interface Format {
	displayName: string;
	mimeType: string;
	/** Whether a file that begins with these bytes, given as Latin-1 text, can be of this format */
	begins: (start: string) => boolean;
}

const otherBeginnings = ['%PDF-', '\x89PNG', 'PK\x03\x04', '\0'];

const pageOrMessage = /^\s*(<(!doctype|html|\?xml|error)|\{\s*"(error|data)")/i;

/** What is known of a format, as the API names it. */
export function formatOf(name: unknown): Format | undefined {
	return Object.entries(formats).find(([format]) => isWord(name, format))?.[1];
}

const formats: Record<Export['format'], Format> = {
	csv: {
		displayName: 'CSV file',
		mimeType: 'text/csv',
		begins: (start) =>
			!pageOrMessage.test(start) && !otherBeginnings.some((other) => start.startsWith(other)),
	},
	pdf: {
		displayName: 'PDF',
		mimeType: 'application/pdf',
		begins: (start) => start.trimStart().startsWith('%PDF-'), // ISO 32000-1, 7.5.2; readers skip what is before it
	},
	png: {
		displayName: 'PNG',
		mimeType: 'image/png',
		begins: (start) => start.startsWith('\x89PNG\r\n\x1a\n'), // PNG specification, 5.2
	},
	xlsx: {
		displayName: 'Excel workbook',
		mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
		begins: (start) => start.startsWith('PK\x03\x04'), // a ZIP archive: ECMA-376, part 2
	},
};
