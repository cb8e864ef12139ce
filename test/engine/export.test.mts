import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runNode, startNode } from './engine.mts';
import { locator, useSandbox } from './support.mts';

const setup = useSandbox();

const node = 'vizdomExport';
const dashboardId = locator('={{ $json.id }}');

function dashboards(count: number): Array<{ json: { id: string } }> {
	return setup.sandbox.store.dashboards.all.slice(0, count).map(({ id }) => ({ json: { id } }));
}

beforeEach(() => {
	setup.sandbox.settings.exportDurationMs = 500;
});

test.each([
	['pdf', 'application/pdf', '%PDF-'],
	['png', 'image/png', '\x89PNG\r\n'],
	['csv', 'text/csv', ''],
	['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'PK\x03\x04'],
])('Create waits for each %s and downloads it', async (format, mimeType, start) => {
	const { items, error } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', dashboardId, format },
		input: dashboards(2),
	});
	expect(error).toBeUndefined();
	expect(items.map(({ json, pairedItem }) => [json.dashboard_id, json.status, pairedItem])).toEqual(
		dashboards(2).map(({ json }, item) => [json.id, 'completed', { item }]),
	);
	for (const { binary } of items) {
		expect(binary?.data).toMatchObject({
			mimeType,
			fileName: expect.stringMatching(new RegExp(`\\.${format}$`)),
		});
		const file = Buffer.from(binary?.data?.data ?? '', 'base64').toString('latin1');
		expect(file.startsWith(start)).toBe(true);
	}
	expect(setup.sandbox.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
});

test('Create returns at once where it is not to wait', async () => {
	const { items } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', dashboardId, format: 'pdf', waitForCompletion: false },
		input: dashboards(2),
	});
	expect(items.map(({ json, binary }) => [json.status, binary])).toEqual([
		['queued', undefined],
		['queued', undefined],
	]);
	expect(setup.sandbox.requests.map(({ method, body }) => [method, body])).toEqual(
		dashboards(2).map(({ json }) => ['POST', { dashboard_id: json.id, format: 'pdf' }]),
	);
});

test('Create leaves the file where Download File is off', async () => {
	const { items } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', dashboardId, format: 'csv', downloadFile: false },
		input: dashboards(1),
	});
	expect(items[0]?.json).toMatchObject({ status: 'completed', download_url: expect.any(String) });
	expect(items[0]?.binary).toBeUndefined();
});

test('Options name the file and its field', async () => {
	const options = { fileName: '={{ $json.id }} weekly.csv', binaryPropertyName: 'report' };
	const { items } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', dashboardId, format: 'csv', options },
		input: dashboards(2),
	});
	expect(items.map(({ binary }) => binary?.report?.fileName)).toEqual(
		dashboards(2).map(({ json }) => `${json.id} weekly.csv`),
	);
});

test('Get, Get Many and Download', async () => {
	const started = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', dashboardId, format: 'csv', waitForCompletion: false },
		input: dashboards(2),
	});
	const input = started.items.map(({ json }) => ({ json: { id: String(json.id) } }));
	const exportId = locator('={{ $json.id }}');

	const got = await runNode({
		node,
		credential: setup.credential('viewer'),
		parameters: { operation: 'get', exportId },
		input,
	});
	expect(got.items.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual(
		input.map(({ json }, item) => [json.id, { item }]),
	);

	const listed = await runNode({
		node,
		credential: setup.credential('viewer'),
		parameters: { operation: 'getAll', returnAll: true },
		input,
	});
	expect(listed.items).toHaveLength(2 * setup.sandbox.store.exports.size);

	const downloaded = await runNode({
		node,
		credential: setup.credential('viewer'),
		parameters: { operation: 'download', exportId },
		input,
	});
	expect(
		downloaded.items.map(({ json, binary, pairedItem }) => [
			json.id,
			binary?.data?.mimeType,
			pairedItem,
		]),
	).toEqual(input.map(({ json }, item) => [json.id, 'text/csv', { item }]));
});

test('An export that fails says why, and the other items keep theirs', async () => {
	const first = startNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', dashboardId, format: 'csv' },
		input: dashboards(1),
	});
	await first.outcome;
	setup.sandbox.settings.exportFailure = 'The data source did not answer';
	const { items } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', dashboardId, format: 'csv' },
		input: dashboards(2),
		onError: 'continueRegularOutput',
	});
	expect(items.map(({ json, pairedItem }) => [json.error, pairedItem])).toEqual([
		['The export failed: The data source did not answer', { item: 0 }],
		['The export failed: The data source did not answer', { item: 1 }],
	]);
});

test('Timeout ends the waiting and names the export', async () => {
	setup.sandbox.settings.exportDurationMs = 60_000;
	const { error } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', dashboardId, format: 'csv', options: { timeout: 1 } },
		input: dashboards(1),
	});
	const { id } = setup.sandbox.store.exports.all.at(-1) ?? {};
	expect(error?.message).toMatch(new RegExp(`^The export '${id}' is still (queued|processing)`));
	expect(error?.description).toContain('Download');
});

test('A download on another host gets no key, nor does a host that it redirects to', async () => {
	const seen: IncomingHttpHeaders[] = [];
	const elsewhere = createServer((request, response) => {
		seen.push(request.headers);
		if (request.url?.includes('moved')) response.end('a,b\n1,2\n');
		else response.writeHead(302, { location: '/moved' }).end();
	});
	await new Promise<void>((listening) => elsewhere.listen(0, '127.0.0.1', listening));
	const { port } = elsewhere.address() as AddressInfo;
	setup.sandbox.settings.downloadOrigin = `http://127.0.0.1:${port}`;
	const { items, error } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', dashboardId, format: 'csv' },
		input: dashboards(2),
	}).finally(() => elsewhere.close());
	expect(error).toBeUndefined();
	expect(items.map(({ binary }) => binary?.data?.data)).toEqual(
		Array<string>(2).fill(Buffer.from('a,b\n1,2\n').toString('base64')),
	);
	expect(seen).toHaveLength(4);
	for (const headers of seen) expect(headers).not.toHaveProperty('authorization');
});

test('A link relative to the API works, and gets the key', async () => {
	setup.sandbox.settings.downloadUrl = 'relative';
	const { items } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', dashboardId, format: 'csv' },
		input: dashboards(1),
	});
	expect(items[0]?.binary?.data?.mimeType).toBe('text/csv');
	expect(setup.sandbox.requests.at(-1)?.headers.authorization).toContain('Bearer ');
});

test('A download that is refused says what Vizdom said', async () => {
	setup.sandbox.settings.exportLinkLifetimeMs = 0;
	const { error } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', dashboardId, format: 'csv' },
		input: dashboards(1),
	});
	expect(error?.httpCode).toBe('403');
	expect(error?.message).toMatch(/expired/);
});
