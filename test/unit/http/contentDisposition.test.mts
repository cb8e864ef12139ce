import { fileNameIn } from '../../../nodes/shared/http/contentDisposition.ts';

/** Text in UTF-8, as Node.js reads it in a header. */
function bytesOf(text: string): string {
	return Buffer.from(text).toString('latin1');
}

test.each([
	['attachment; filename="Q4 Revenue.pdf"', 'Q4 Revenue.pdf'],
	['attachment; filename=report.csv', 'report.csv'],
	['attachment; filename=report.csv; size=7', 'report.csv'],
	['attachment; filename="a \\"b\\".pdf"', 'a "b".pdf'],
	[
		`attachment; filename="plain.pdf"; filename*=UTF-8''%C3%9Cbersicht%20Q4.pdf`,
		'Übersicht Q4.pdf',
	],
	[`attachment; filename*=utf-8'de'%E2%82%AC.pdf`, '€.pdf'],
	["attachment; filename*=UTF-8''%E0%A4%A", undefined],
	["attachment; filename*=UTF-8''%E0%A4%A; filename=plain.pdf", 'plain.pdf'],
	['attachment; filename=""', undefined],
	[`attachment; filename="${bytesOf('Übersicht €.csv')}"`, 'Übersicht €.csv'],
	[`attachment; filename=${bytesOf('Übersicht.csv')}`, 'Übersicht.csv'],
	['attachment; filename="\xdcbersicht.csv"', 'Übersicht.csv'],
	['inline', undefined],
	[undefined, undefined],
])('%s: %s', (header, name) => {
	expect(fileNameIn(header)).toBe(name);
});
