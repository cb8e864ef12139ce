import writeXlsxFile, { type SheetData } from 'write-excel-file/node';
import type { Kind, Report } from './report.mts';

const FORMATS: Record<Kind, string> = { money: '$#,##0', percent: '0.0" %"', count: '#,##0' };
const HEADING = { fontWeight: 'bold', textColor: '#ffffff', backgroundColor: '#5b4bdb' } as const;

function headings(label: string) {
	return ['Month', label, 'Target', 'Variance'].map((value, column) => ({
		value,
		...HEADING,
		align: column === 0 ? ('left' as const) : ('right' as const),
	}));
}

function sheetData({ title, description, measure, months }: Report): SheetData {
	const format = FORMATS[measure.kind];
	const rows = months.map(({ month, actual, target, variance }) => [
		{ value: month, type: Date, format: 'mmm yyyy', align: 'left' as const },
		{ value: actual, type: Number, format },
		{ value: target, type: Number, format },
		{ value: Math.round(variance * 10) / 1000, type: Number, format: '+0.0%;-0.0%;0.0%' },
	]);
	return [
		[{ value: title, fontWeight: 'bold', fontSize: 16 }],
		[{ value: description, textColor: '#6b6880' }],
		[],
		headings(measure.label),
		...rows,
	];
}

const DIRECTORY_ENTRY = 0x02014b50;
const DIRECTORY_END = 0x06054b50;
const DIRECTORY_END_SIZE = 22;
/** 1 January 1980, where the clock of zip files starts. */
const ZIP_EPOCH = 0x00210000;

/** The library stamps the parts with the current time. Equal content shall give equal files. */
function clearZipTimes(zip: Buffer): Buffer {
	const end = zip.length - DIRECTORY_END_SIZE;
	if (zip.readUInt32LE(end) !== DIRECTORY_END) throw new Error('Not a plain zip file.');
	let entry = zip.readUInt32LE(end + 16);
	while (zip.readUInt32LE(entry) === DIRECTORY_ENTRY) {
		zip.writeUInt32LE(ZIP_EPOCH, entry + 12);
		zip.writeUInt32LE(ZIP_EPOCH, zip.readUInt32LE(entry + 42) + 10);
		const lengths = [28, 30, 32].map((offset) => zip.readUInt16LE(entry + offset));
		entry += 46 + lengths.reduce((sum, length) => sum + length, 0);
	}
	return zip;
}

export async function renderXlsx(report: Report): Promise<Buffer> {
	const columns = [{ width: 16 }, { width: 16 }, { width: 16 }, { width: 12 }];
	const options = { sheet: 'Report', columns, stickyRowsCount: 4 };
	const zip = await writeXlsxFile(sheetData(report), options).toBuffer();
	return clearZipTimes(zip);
}
