import { asFileName } from '../../nodes/VizdomExport/fileName.ts';

test.each([
	['Revenue 11/25/2026.pdf', 'pdf', 'Revenue 11-25-2026.pdf'],
	['C:\\reports\\Q4.pdf', 'pdf', 'C:-reports-Q4.pdf'],
	['Report', 'pdf', 'Report.pdf'],
	['Report.', 'pdf', 'Report.pdf'],
	['Report v1.2', 'pdf', 'Report v1.2.pdf'],
	['Report.PDF', 'pdf', 'Report.PDF'],
	['report.xlsx', 'pdf', 'report.xlsx.pdf'],
	['picture.jpeg', 'png', 'picture.jpeg.png'],
	['pdf', 'pdf', 'pdf.pdf'],
	['.pdf', 'pdf', ''],
	['..', 'pdf', ''],
	['  ', 'pdf', ''],
	['a\n\tb\0\x7f\u2028.pdf', 'pdf', 'ab.pdf'],
	['annual\u202efdp.exe', 'pdf', 'annualfdp.exe.pdf'],
	['\u2066a\u2069\u200f.pdf', 'pdf', 'a.pdf'],
	['\ud800a.pdf', 'pdf', 'a.pdf'],
	['👩‍👩‍👧 Ü.pdf', 'pdf', '👩‍👩‍👧 Ü.pdf'],
	['Report.html', undefined, 'Report.html'],
	['Report', undefined, 'Report'],
])('%j as %s: %j', (text, extension, name) => {
	expect(asFileName(text, extension)).toBe(name);
});

test.each([
	['a'.repeat(300), 'pdf', `${'a'.repeat(251)}.pdf`],
	[`${'a'.repeat(300)}.PDF`, 'pdf', `${'a'.repeat(251)}.PDF`],
	['ü'.repeat(200), 'xlsx', `${'ü'.repeat(125)}.xlsx`],
	[`${'a'.repeat(250)}€`, 'csv', `${'a'.repeat(250)}.csv`],
	[`${'a'.repeat(249)}😀`, 'png', `${'a'.repeat(249)}.png`],
	[`${'a'.repeat(245)}👩‍👩‍👧`, 'png', `${'a'.repeat(245)}.png`],
	[`${'a'.repeat(249)}e\u0301`, 'png', `${'a'.repeat(249)}.png`],
	[`${'a'.repeat(250)} bc`, 'pdf', `${'a'.repeat(250)}.pdf`],
	[`${'a'.repeat(300)}.html`, undefined, `${'a'.repeat(250)}.html`],
])('%j is cut to 255 bytes', (text, extension, name) => {
	expect(asFileName(text, extension)).toBe(name);
	expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
});
