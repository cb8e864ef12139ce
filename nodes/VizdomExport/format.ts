import type { Export } from '../shared/vizdom/facts';
import { isWord } from '../shared/vizdom/values';
import { type Beginning, zipSignature } from './beginning';

export interface Format {
	displayName: string; // with its article
	extension: string;
	mimeType: string;
	/** Whether a file with this beginning can have this format */
	begins: (beginning: Beginning) => boolean;
}

const otherBeginnings = [
	...['%PDF-', '\x89PNG', zipSignature, 'GIF8', '\xff\xd8\xff', '\0\0', '{\\rtf'],
	...['\x1f\x8b', '\x28\xb5\x2f\xfd', '\xd0\xcf\x11\xe0'], // gzip, Zstandard, the old formats of Office
];

/** A format, by the API's name. */
export function formatOf(name: unknown): Format | undefined {
	return Object.values(formats).find(({ extension }) => isWord(name, extension));
}

/** The format of a file if neither user nor export names one. */
export function formatIn(beginning: Beginning): Format | undefined {
	const { csv, ...others } = formats;
	const found = Object.values(others).find(({ begins }) => begins(beginning));
	return found ?? (beginning.contentType.startsWith('text/csv') ? csv : undefined);
}

const formats: Record<Export['format'], Format> = {
	csv: {
		displayName: 'a CSV file',
		extension: 'csv',
		mimeType: 'text/csv',
		begins: (beginning) =>
			beginning.text !== '' &&
			!beginning.isForeign &&
			!otherBeginnings.some((other) => beginning.latin1.startsWith(other)),
	},
	pdf: {
		displayName: 'a PDF',
		extension: 'pdf',
		mimeType: 'application/pdf',
		// Readers skip what comes before it (ISO 32000-1, annex H, note 13).
		begins: ({ latin1, isPageOrMessage }) =>
			/%PDF-\d/.test(latin1.slice(0, 1_024)) && !isPageOrMessage,
	},
	png: {
		displayName: 'a PNG',
		extension: 'png',
		mimeType: 'image/png',
		begins: ({ latin1 }) => latin1.startsWith('\x89PNG\r\n\x1a\n'), // PNG specification, 5.2
	},
	xlsx: {
		displayName: 'an Excel workbook',
		extension: 'xlsx',
		mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
		begins: isWorkbook,
	},
};

/** Parts of any Office package, not only of a workbook: ECMA-376, part 2 */
const packagePart = /^\/?(\[content_types\]\.xml|_rels\/|docprops\/|docmetadata\/|customxml\/)/i;

/** A ZIP archive with a workbook's parts, perhaps after those of any Office package. */
function isWorkbook({ latin1, zipEntries, isAll }: Beginning): boolean {
	const [first = ''] = zipEntries;
	const isPart = (name: string) => /^\/?xl[/\\]/i.test(name);
	if (!latin1.startsWith(zipSignature) || !(isPart(first) || packagePart.test(first))) return false;
	return zipEntries.some(isPart) || (!isAll && zipEntries.every((name) => packagePart.test(name)));
}
