import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileOf, runNode, startNode } from './engine.mts';
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
	for (const item of items) {
		expect(item.binary?.data).toMatchObject({
			id: expect.stringMatching(/^filesystem-v2:/),
			mimeType,
			fileName: expect.stringMatching(new RegExp(`\\.${format}$`)),
		});
		const file = (await fileOf(item)).toString('latin1');
		expect(file.startsWith(start)).toBe(true);
	}
	expect(setup.sandbox.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
});

test('Create returns at once without Wait for Completion', async () => {
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

test('Create adds no file without Download File', async () => {
	const { items } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', dashboardId, format: 'csv', downloadFile: false },
		input: dashboards(1),
	});
	expect(items[0]?.json).toMatchObject({ status: 'completed', download_url: expect.any(String) });
	expect(items[0]?.binary).toBeUndefined();
});

test('Options set the names of the file and its field', async () => {
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

test('A failed export says why, and the other items keep theirs', async () => {
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
		[
			expect.stringMatching(/^The export 'exp_\w+' failed: The data source did not answer$/),
			{ item: 0 },
		],
		[
			expect.stringMatching(/^The export 'exp_\w+' failed: The data source did not answer$/),
			{ item: 1 },
		],
	]);
});

test('Timeout ends the start, too, and the error says that it may have been made', async () => {
	const stalled = { method: 'POST', path: '/exports', delayMs: 2_000, drop: 'before' } as const;
	setup.sandbox.faults.push(stalled);
	const { error } = await runNode({
		node: 'vizdomExport',
		parameters: { operation: 'create', dashboardId, format: 'csv', options: { timeout: 1 } },
		credential: setup.credential(),
		input: [{ json: { id: setup.sandbox.store.dashboards.all[0]?.id } }],
	});
	expect(error?.message).toBe("The export was not started within 1 second ('Timeout')");
	expect(error?.description).toContain('may have been started anyway');
});

test('Timeout ends the waiting, and the error says how to go on; nothing is started twice', async () => {
	setup.sandbox.settings.exportDurationMs = 60_000;
	const { items } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', dashboardId, format: 'csv', options: { timeout: 2 } },
		input: dashboards(2),
		onError: 'continueRegularOutput',
	});
	const started = setup.sandbox.store.exports.all.slice(-2).map(({ id }) => id);
	expect(items.map(({ json, pairedItem }) => [json.error, json.details, pairedItem])).toEqual(
		started.map((id, item) => [
			`The export '${id}' was not done within 2 seconds ('Timeout'): it is queued`,
			{ description: expect.stringContaining(`the operation Download and the ID '${id}'`) },
			{ item },
		]),
	);
	expect(setup.sandbox.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
});

test('Download waits in the same way for an export that is not ready', async () => {
	setup.sandbox.settings.exportDurationMs = 1_500;
	const started = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', dashboardId, format: 'csv', waitForCompletion: false },
		input: dashboards(2),
	});
	const { items } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'download', exportId: locator('={{ $json.id }}') },
		input: started.items.map(({ json }) => ({ json: { id: String(json.id) } })),
	});
	expect(items.map(({ json, binary }) => [json.status, binary?.data?.mimeType])).toEqual([
		['completed', 'text/csv'],
		['completed', 'text/csv'],
	]);
});

test('Download of an export that does not exist says so at once', async () => {
	const { error } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'download', exportId: locator('exp_nowhere') },
	});
	expect(error?.message).toBe("Export with ID 'exp_nowhere' does not exist.");
	expect(setup.sandbox.requests).toHaveLength(1);
});

test("The JSON has the file's size and SHA-256, the same for an unchanged dashboard", async () => {
	const input = [...dashboards(1), ...dashboards(1)];
	const { items } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', dashboardId, format: 'pdf' },
		input,
	});
	for (const item of items) {
		const file = await fileOf(item);
		expect(item.json.file).toEqual({
			fileName: 'Q4 Revenue Overview.pdf',
			mimeType: 'application/pdf',
			size: file.length,
			sha256: createHash('sha256').update(file).digest('hex'),
		});
	}
	expect(items[0]?.json.file).toEqual(items[1]?.json.file);
});

describe('reading the status', () => {
	const statusPath = '/exports/exp_[a-z0-9]+$';

	test.each([
		['a 404 soon after the start', { status: 404, times: 2 }],
		['a 503 that outlasts its repetitions', { status: 503, times: 4 }],
		['a response that breaks off', { drop: 'during' as const, times: 1 }],
	])(
		'survives %s',
		async (_, fault) => {
			setup.sandbox.faults.push({ method: 'GET', path: statusPath, ...fault });
			const { items, error } = await runNode({
				node,
				credential: setup.credential(),
				parameters: { operation: 'create', dashboardId, format: 'csv' },
				input: dashboards(1),
			});
			expect(error).toBeUndefined();
			expect(items[0]?.json.status).toBe('completed');
			expect(setup.sandbox.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
		},
		60_000,
	);

	test('ends if the key is refused', async () => {
		setup.sandbox.faults.push({ method: 'GET', path: statusPath, status: 401 });
		const { error } = await runNode({
			node,
			credential: setup.credential(),
			parameters: { operation: 'create', dashboardId, format: 'csv' },
			input: dashboards(1),
		});
		expect(error?.httpCode).toBe('401');
	});

	test('begins after 1 s, then waits 50% longer each time', async () => {
		setup.sandbox.settings.exportDurationMs = 3_000;
		await runNode({
			node,
			credential: setup.credential(),
			parameters: { operation: 'create', dashboardId, format: 'csv', downloadFile: false },
			input: dashboards(1),
		});
		const times = setup.sandbox.requests.map(({ at }) => at);
		const waits = times.slice(1).map((at, index) => at - (times[index] ?? 0));
		// Waits take longer on a busy machine, and timers may end a little early.
		const shortest = [1_000, 1_500, 2_250].map((wait) => wait - 20);
		expect(waits.map((wait, index) => wait >= (shortest[index] ?? Infinity))).toEqual([
			true,
			true,
			true,
		]);
	}, 20_000);

	test('respects Retry-After', async () => {
		setup.sandbox.settings.exportDurationMs = 1_500;
		setup.sandbox.faults.push({ method: 'GET', path: statusPath, headers: { 'retry-after': '3' } });
		await runNode({
			node,
			credential: setup.credential(),
			parameters: { operation: 'create', dashboardId, format: 'csv', downloadFile: false },
			input: dashboards(1),
		});
		const [, first, second] = setup.sandbox.requests.map(({ at }) => at);
		expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(2_900);
	}, 10_000);
});

describe('the file is checked', () => {
	test.each([
		['pdf', '<html>Sign in</html>', 'not a PDF'],
		['png', 'GIF89a', 'not a PNG'],
		['xlsx', '', 'not an Excel workbook'],
		['csv', '{"error": {"message": "late"}}', 'not a CSV file'],
		['csv', '%PDF-1.7', 'not a CSV file'],
	])('a wrong %s: %s', async (format, body, message) => {
		setup.sandbox.faults.push({ path: '/file$', status: 200, body });
		const { items } = await runNode({
			node,
			credential: setup.credential(),
			parameters: { operation: 'create', dashboardId, format },
			input: dashboards(1),
			onError: 'continueRegularOutput',
		});
		expect(items[0]?.json.error).toContain(message);
		expect(items[0]?.binary).toBeUndefined();
	});

	test('a file that breaks off is downloaded again, complete', async () => {
		setup.sandbox.faults.push({ path: '/file$', drop: 'during', times: 1 });
		const { items, error } = await runNode({
			node,
			credential: setup.credential(),
			parameters: { operation: 'create', dashboardId, format: 'pdf' },
			input: dashboards(1),
		});
		expect(error).toBeUndefined();
		const file = (await fileOf(items[0])).toString('latin1');
		expect(file.trimEnd().endsWith('%%EOF')).toBe(true);
	}, 10_000);
});

test('An expired link is replaced with a new one', async () => {
	const { exports } = setup.sandbox.store;
	const old = exports.all.filter(
		({ failure, createdAt }) => !failure && createdAt < Date.now() - 86_400_000,
	);
	const { items, error } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'download', exportId: locator('={{ $json.id }}') },
		input: old.slice(0, 2).map(({ id }) => ({ json: { id } })),
	});
	expect(error).toBeUndefined();
	expect(items).toHaveLength(2);
	setup.sandbox.reset();
	setup.sandbox.faults.push({ path: '/file$', status: 403, times: 1 });
	const refusedOnce = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', dashboardId, format: 'csv' },
		input: dashboards(1),
	});
	expect(refusedOnce.error).toBeUndefined();
	expect(setup.sandbox.requests.filter(({ path }) => path.endsWith('/file'))).toHaveLength(2);
});

test('Without a name in the response, the file is named after dashboard and date', async () => {
	const elsewhere = createServer((_, response) => response.end('a,b\n1,2\n'));
	await new Promise<void>((listening) => elsewhere.listen(0, '127.0.0.1', listening));
	const { port } = elsewhere.address() as AddressInfo;
	setup.sandbox.settings.downloadOrigin = `http://127.0.0.1:${port}`;
	const { items } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', dashboardId, format: 'csv' },
		input: dashboards(1),
	}).finally(() => elsewhere.close());
	const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'America/New_York' });
	expect(items[0]?.binary?.data?.fileName).toBe(`Q4 Revenue Overview ${today}.csv`);
});

test('Stopping the execution ends the waiting at once', async () => {
	setup.sandbox.settings.exportDurationMs = 60_000;
	const { outcome, stop } = startNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', dashboardId, format: 'csv' },
		input: dashboards(3),
	});
	await new Promise((resolve) => setTimeout(resolve, 1_500));
	const before = performance.now();
	stop();
	await outcome.catch(() => undefined);
	expect(performance.now() - before).toBeLessThan(2_000);
	const { length } = setup.sandbox.requests;
	await new Promise((resolve) => setTimeout(resolve, 2_500));
	expect(setup.sandbox.requests).toHaveLength(length);
}, 10_000);

test('A download from another host gets no key, nor does a host that it redirects to', async () => {
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
	expect(items).toHaveLength(2);
	for (const item of items) expect((await fileOf(item)).toString()).toBe('a,b\n1,2\n');
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

test("A refused download has Vizdom's message", async () => {
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
