import { createHash } from 'node:crypto';
import { jest } from '@jest/globals';
import { BinaryDataService } from 'n8n-core';
import type { IDataObject } from 'n8n-workflow';
import { fileOf, runNode } from '../engine.mts';
import type { Outcome } from '../engine.mts';
import { locator } from '../support.mts';
import { expectClean, textOf } from './cases.mts';
import { content, json, startServer } from './faultyServer.mts';
import type { FaultyServer } from './faultyServer.mts';

const csv = 'text/csv';

interface Served {
	format: string;
	body: string | Buffer;
	headers?: Record<string, string>;
	repeatsKey?: boolean; // after the body
}

const store = jest.spyOn(BinaryDataService.prototype, 'store');

beforeEach(() => store.mockClear());
afterAll(() => store.mockRestore());

/** Downloads files, each for its own input item, which already has a file. */
async function download(
	files: Served[],
	options: IDataObject = {},
	operation = 'download',
): Promise<{ outcome: Outcome; server: FaultyServer }> {
	const server = await startServer(({ method, path, headers }) => {
		const file = files[Number(/\d+/.exec(path.replace('/v1', ''))?.[0] ?? 0)] as Served;
		const key = file.repeatsKey ? headers.authorization?.replace('Bearer ', '') : '';
		const body = key ? `${String(file.body)}${key}${'x'.repeat(500)}` : file.body;
		if (path.includes('/file')) return content(200, body as string, file.headers);
		if (path.includes('/dashboards/')) return json(200, { data: { name: 'Sales 11/25' } });
		const { format } = file;
		const id = `exp_${files.indexOf(file)}`;
		const created_at = '2026-11-26T02:00:00Z';
		const made = { id, dashboard_id: 'dash_0', format, status: 'completed', created_at };
		const download_url = `/v1/exports/${id}/file`;
		return json(method === 'POST' ? 201 : 200, { data: { ...made, download_url } });
	});
	const first = { data: 'Zmlyc3Q=', mimeType: 'text/plain', fileName: 'first.txt' };
	const outcome = await runNode({
		node: 'vizdomExport',
		parameters: {
			operation,
			exportId: locator('=exp_{{ $itemIndex }}'),
			dashboardId: locator('dash_0'),
			format: files[0]?.format ?? '',
			options,
		},
		credential: server.credential,
		input: files.map(() => ({ json: {}, binary: { first } })),
		onError: 'continueRegularOutput',
	}).finally(() => server.close());
	return { outcome, server };
}

function zip(...names: string[]): Buffer {
	const entries = names.map((name) => {
		const header = Buffer.alloc(30);
		header.write('PK\x03\x04', 'latin1');
		header.writeUInt16LE(name.length, 26);
		return Buffer.concat([header, Buffer.from(`${name}content`)]);
	});
	return Buffer.concat([...entries, Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);
}

const page = '<html><head><title>Sign in</title></head><body>Sign in</body></html>';

const wrong: Array<[what: string, served: Served]> = [
	['a page behind a byte order mark', { format: 'csv', body: `\ufeff<!DOCTYPE html>${page}` }],
	['a page behind a comment', { format: 'csv', body: `<!-- SSO -->\n${page}` }],
	['a page that begins with its head', { format: 'csv', body: '<head>\n\t<title>Sign in</title>' }],
	['a page that begins with a script', { format: 'csv', body: '<script>location="/"</script>' }],
	['a page behind 70 blank lines', { format: 'csv', body: `${'\r\n'.repeat(70)}${page}` }],
	['a page behind 60 kB of blanks', { format: 'csv', body: `${' '.repeat(60_000)}${page}` }],
	['a message', { format: 'csv', body: '{"message": "Not yet"}' }],
	['a detail', { format: 'csv', body: '\ufeff\n{ "detail" : "Not yet" }' }],
	['a list of errors', { format: 'csv', body: '[{"code": "late"}]' }],
	['an empty object', { format: 'csv', body: '{}' }],
	['XML', { format: 'csv', body: '<fault><code>403</code></fault>' }],
	['nothing', { format: 'csv', body: '' }],
	['nothing but a byte order mark', { format: 'csv', body: '\ufeff\r\n' }],
	['a gzip archive', { format: 'csv', body: Buffer.from('1f8b0800', 'hex') }],
	[
		'a page, by its type',
		{ format: 'csv', body: 'Sign in', headers: { 'content-type': 'text/html' } },
	],
	[
		'a problem, by its type',
		{
			format: 'csv',
			body: 'late',
			headers: { 'content-type': 'application/problem+json; charset=utf-8' },
		},
	],
	['a page that tells of a PDF', { format: 'pdf', body: '<p>It begins with %PDF-</p>' }],
	['a message that tells of a PDF', { format: 'pdf', body: '{"message": "no %PDF-"}' }],
	['a PDF that begins too late', { format: 'pdf', body: `${' '.repeat(1_030)}%PDF-1.7` }],
	[
		'a Word document',
		{ format: 'xlsx', body: zip('[Content_Types].xml', '_rels/.rels', 'word/document.xml') },
	],
	['a ZIP archive', { format: 'xlsx', body: zip('report.csv') }],
	[
		'a ZIP archive with a workbook',
		{ format: 'xlsx', body: zip('report.xlsx', 'xl/workbook.xml') },
	],
	['a JAR', { format: 'xlsx', body: zip('META-INF/MANIFEST.MF', 'xl/Main.class') }],
	['a page without a format', { format: '', body: page }],
	['a page in place of a format of its own', { format: 'excel', body: page }],
	['a text that tells of a PDF', { format: 'pdf', body: 'Error: not a %PDF- file' }],
];

test.each(['text/csv', 'application/octet-stream', 'text/plain', ''])(
	"A wrong file is refused before it is stored, if its type is '%s'",
	async (type) => {
		const files = wrong.map(([, served]) => ({ headers: { 'content-type': type }, ...served }));
		const { outcome, server } = await download(files);
		for (const [index, [what]] of wrong.entries()) {
			const { json: item, binary } = outcome.items[index] ?? {};
			expect([what, item?.error, binary]).toEqual([
				what,
				expect.stringMatching(/^The file of export 'exp_\d+' is not /),
				undefined,
			]);
		}
		expect(store).not.toHaveBeenCalled();
		expectClean(outcome, server);
	},
	30_000,
);

const right: Array<[what: string, served: Served]> = [
	['a CSV file', { format: 'csv', body: 'a,b\n1,2\n' }],
	[
		'one as bytes',
		{ format: 'csv', body: 'a,b\n', headers: { 'content-type': 'application/octet-stream' } },
	],
	['one as text', { format: 'csv', body: 'a,b\n', headers: { 'content-type': 'text/plain' } }],
	[
		'one for Excel',
		{ format: 'csv', body: 'a;b\n', headers: { 'content-type': 'application/vnd.ms-excel' } },
	],
	['one of no type', { format: 'csv', body: 'a;b\n', headers: {} }],
	['a sign less', { format: 'csv', body: '<5 ms,12\n' }],
	['a tag as a heading', { format: 'csv', body: '<title>,<author>\na,b\n' }],
	['a tag in a cell', { format: 'csv', body: '<b>Name</b>;x\n' }],
	['a brace', { format: 'csv', body: '{id},name\n1,a\n' }],
	['JSON in a cell', { format: 'csv', body: '{"a":1},name\n1,a\n' }],
	['quoted JSON in a cell', { format: 'csv', body: '"{""a"":1}",name\n1,a\n' }],
	['a bracket', { format: 'csv', body: '[Region],[Sales]\nNorth,5\n' }],
	['a row of numbers in brackets', { format: 'csv', body: '[1,2]\n' }],
	['UTF-16', { format: 'csv', body: Buffer.from('\ufeffa,b\n1,2\n', 'utf16le') }],
	[
		'UTF-16, the other way',
		{ format: 'csv', body: Buffer.from('\ufeffa,b\n', 'utf16le').swap16() },
	],
	['a PDF behind a byte order mark', { format: 'pdf', body: '\ufeff%PDF-1.7' }],
	['a PDF behind blank lines', { format: 'pdf', body: `${'\r\n'.repeat(70)}%PDF-1.7` }],
	['a PDF behind junk', { format: 'pdf', body: `${'junk '.repeat(200)}%PDF-1.7` }],
	[
		'a PDF that is said to be a page',
		{ format: 'pdf', body: '%PDF-1.7', headers: { 'content-type': 'text/html' } },
	],
	[
		'a workbook',
		{ format: 'xlsx', body: zip('[Content_Types].xml', '_rels/.rels', 'xl/workbook.xml') },
	],
	[
		'a workbook that begins with its parts',
		{ format: 'xlsx', body: zip('xl/workbook.xml', '[Content_Types].xml') },
	],
	[
		'one that begins with its relations',
		{ format: 'xlsx', body: zip('_rels/.rels', 'docProps/app.xml', 'xl\\workbook.xml') },
	],
	[
		'one that begins with a large picture',
		{
			format: 'xlsx',
			body: Buffer.concat([
				zip('docProps/thumbnail.jpeg').subarray(0, 50),
				Buffer.alloc(100_000),
				zip('xl/workbook.xml'),
			]),
		},
	],
	['a PNG without a format', { format: '', body: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1') }],
];

test('A right file is stored complete', async () => {
	const files = right.map(([, served]) => ({ headers: { 'content-type': csv }, ...served }));
	const { outcome } = await download(files);
	for (const [index, [what, { body }]] of right.entries()) {
		const item = outcome.items[index];
		expect([what, item?.json.error]).toEqual([what, undefined]);
		expect(await fileOf(item)).toEqual(Buffer.from(body));
	}
}, 30_000);

test.each([0, 100, 290, 5_000])(
	'A wrong file is shown cut, and without the key after %i characters',
	async (length) => {
		const body = 'x'.repeat(length);
		const { outcome, server } = await download([{ format: 'pdf', body, repeatsKey: true }]);
		expectClean(outcome, server);
		const text = textOf(outcome.items[0]?.json);
		expect(text).toMatch(/It begins with "x*(…|\[API key\]x*)/);
		expect(text).not.toContain('secret');
		expect(text.length).toBeLessThan(600);
	},
);

test.each([8, 64, 65, 1_000])(
	'A file of %i kB is stored complete, with the right hash',
	async (size) => {
		const body = Buffer.alloc(size * 1_024, 'a,b\n');
		const { outcome } = await download([{ format: 'csv', body, headers: { 'content-type': csv } }]);
		const [item] = outcome.items;
		expect(item?.json.file).toMatchObject({
			size: body.length,
			sha256: createHash('sha256').update(body).digest('hex'),
		});
		expect((await fileOf(item)).equals(body)).toBe(true);
	},
);

test('A full disk is reported as such, and the file is read only once', async () => {
	const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
		code: 'ENOSPC',
		syscall: 'write',
	});
	store.mockRejectedValueOnce(full).mockRejectedValueOnce(full);
	const large = 'a,b\n'.repeat(100_000);
	const { outcome, server } = await download([
		{ format: 'csv', body: 'a,b\n' },
		{ format: 'csv', body: large },
	]);
	for (const { json: item } of outcome.items) {
		expect(textOf(item)).toBe(
			'n8n could not store the file: its disk is full Free some space where n8n stores binary data.',
		);
	}
	expect(server.requests.filter(({ path }) => path.endsWith('/file'))).toHaveLength(2);
});

test.each(['create', 'download'])('%s keeps the files that the item has', async (operation) => {
	const served = { format: 'csv', body: 'a,b\n', headers: { 'content-type': csv } };
	const { outcome } = await download([served, served], { binaryPropertyName: 'second' }, operation);
	expect(outcome.items.map(({ binary }) => Object.keys(binary ?? {}))).toEqual([
		['first', 'second'],
		['first', 'second'],
	]);
	expect(outcome.items[1]?.binary?.first?.fileName).toBe('first.txt');
});

test.each([
	['Revenue 11/25/2026.pdf', undefined, 'Revenue 11-25-2026.pdf'],
	['a\\b', undefined, 'a-b.pdf'],
	['report.xlsx', undefined, 'report.xlsx.pdf'],
	['', 'attachment; filename="../Q4 11/25.pdf"', '..-Q4 11-25.pdf'],
	['', 'attachment; filename=Q4 Revenue.pdf', 'Q4 Revenue.pdf'],
	['', 'attachment; filename="Q4.xlsx"', 'Q4.xlsx.pdf'],
	// The day in New York, n8n's default time zone
	['', undefined, 'Sales 11-25 2026-11-25.pdf'],
	['..', undefined, 'Sales 11-25 2026-11-25.pdf'],
])("File Name '%s' and header %s: '%s'", async (fileName, disposition, expected) => {
	const headers = { ...(disposition && { 'content-disposition': disposition }) };
	const { outcome } = await download([{ format: 'pdf', body: '%PDF-1.7', headers }], { fileName });
	const [item] = outcome.items;
	expect(item?.binary?.data?.fileName).toBe(expected);
	expect(item?.json.file).toMatchObject({ fileName: expected });
});
