import { fileNameIn } from '../../../nodes/shared/http/contentDisposition.ts';

/** UTF-8 text as Node.js reads it in a header. */
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
	['attachment; filename=Q4 Revenue.pdf', 'Q4 Revenue.pdf'],
	['attachment; filename=Q4 Revenue.pdf ; size=7', 'Q4 Revenue.pdf'],
	['attachment; FileName = "a;b.pdf"', 'a;b.pdf'],
	['filename="a.pdf"', 'a.pdf'],
	['attachment; filename="a.pdf', 'a.pdf'],
	['attachment; filename="11\\25.pdf"', '11\\25.pdf'],
	['attachment; filename="Q4%20Revenue%20%E2%82%AC.pdf"', 'Q4 Revenue €.pdf'],
	['attachment; filename=Q4%20Revenue.pdf', 'Q4 Revenue.pdf'],
	['attachment; filename="100% of Q4.pdf"', '100% of Q4.pdf'],
	['attachment; filename="50%FF.pdf"', '50%FF.pdf'],
	['attachment; filename="=?UTF-8?B?w5xiZXJzaWNodC5wZGY=?="', 'Übersicht.pdf'],
	['attachment; filename==?utf-8?q?=C3=9Cbersicht_Q4.pdf?=', 'Übersicht Q4.pdf'],
	['attachment; filename="=?ISO-8859-1?Q?=DCber?= =?ISO-8859-1?Q?sicht.pdf?="', 'Übersicht.pdf'],
	["attachment; filename*=iso-8859-1'en'%A3%20rates.pdf", '£ rates.pdf'],
	[`attachment; filename*="UTF-8''a%20b.pdf"`, 'a b.pdf'],
	["attachment; filename*=UTF-8''a;filename=b.pdf", 'a'],
	['attachment; x-filename="x.pdf"', undefined],
	['attachment; x-filename="x.pdf"; filename="a.pdf"', 'a.pdf'],
	['attachment; note="filename=x.pdf; filename=y.pdf"; filename=a.pdf', 'a.pdf'],
	['attachment; note="a \\"filename=x.pdf"', undefined],
	['inline', undefined],
	[undefined, undefined],
])('%s: %s', (header, name) => {
	expect(fileNameIn(header)).toBe(name);
});
