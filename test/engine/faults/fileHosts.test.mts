import { runNode } from '../engine.mts';
import type { Outcome } from '../engine.mts';
import { locator } from '../support.mts';
import { textOf } from './cases.mts';
import { content, json, refusal, startServer } from './faultyServer.mts';
import type { Arrived, FaultyServer, Reply } from './faultyServer.mts';

const csv = content(200, 'a,b\n1,2\n', {
	'content-type': 'text/csv',
	'content-disposition': 'attachment; filename=a.csv',
});

/** An API whose exports are all completed, with their files at a link. */
async function startApi(link: (id: string) => string, file: Reply = csv): Promise<FaultyServer> {
	return await startServer(({ path }) => {
		if (path.includes('/file')) return file;
		const id = path.split('/').at(-1) ?? '';
		const finished = { dashboard_id: 'dash_1', format: 'csv', status: 'completed' };
		return json(200, { data: { id, ...finished, download_url: link(id) } });
	});
}

async function download(api: FaultyServer, items: number, more = {}): Promise<Outcome> {
	return await runNode({
		node: 'vizdomExport',
		parameters: { operation: 'download', exportId: locator('={{ $json.id }}') },
		credential: { ...api.credential, ...more },
		input: Array.from({ length: items }, (_, index) => ({ json: { id: `exp_${index}` } })),
		onError: 'continueRegularOutput',
	});
}

function files({ items }: Outcome): number {
	return items.filter(({ binary }) => binary?.data).length;
}

/** A file whose body stays open for a while, and how many are open at once. */
function slowFile() {
	const open = { now: 0, most: 0 };
	const reply: Reply = (response) => {
		open.most = Math.max(open.most, ++open.now);
		response.writeHead(200, {
			'content-type': 'text/csv',
			'content-disposition': 'attachment; filename=a.csv',
		});
		response.write('a,b\n');
		setTimeout(() => {
			open.now--;
			response.end('1,2\n');
		}, 100);
	};
	return { open, reply };
}

test('No more than 16 slow files at another host are open at once', async () => {
	const { open, reply } = slowFile();
	const host = await startServer(() => reply);
	const api = await startApi((id) => `${host.origin}/${id}`);
	const outcome = await download(api, 100);
	host.close();
	api.close();
	expect(files(outcome)).toBe(100);
	expect(open.most).toBe(16);
	expect(open.now).toBe(0);
}, 30_000);

test("Nor are more at the API's own host", async () => {
	const { open, reply } = slowFile();
	const api = await startApi((id) => `/v1/exports/${id}/file`, reply);
	const outcome = await download(api, 60);
	api.close();
	expect(files(outcome)).toBe(60);
	expect(open.most).toBeLessThanOrEqual(16);
}, 30_000);

test('Files at another host do not count toward Requests per Minute', async () => {
	const host = await startServer(() => csv);
	const api = await startApi((id) => `${host.origin}/${id}`);
	const startedAt = performance.now();
	const outcome = await download(api, 20, { requestsPerMinute: 22 });
	host.close();
	api.close();
	expect(files(outcome)).toBe(20);
	expect(performance.now() - startedAt).toBeLessThan(20_000);
}, 30_000);

test("A host that refuses one credential's files does not delay another's", async () => {
	const isRefused = ({ path }: Arrived) => path.startsWith('/refused');
	const host = await startServer((request) =>
		isRefused(request) ? refusal(429, 'Slow down', { 'retry-after': '3600' }) : csv,
	);
	const refused = await startApi((id) => `${host.origin}/refused/${id}`);
	const served = await startApi((id) => `${host.origin}/served/${id}`);
	const startedAt = performance.now();
	const [failing, working] = await Promise.all([download(refused, 5), download(served, 20)]);
	for (const server of [host, refused, served]) server.close();
	expect(files(working)).toBe(20);
	expect(files(failing)).toBe(0);
	for (const { json: item } of failing.items) expect(textOf(item)).toContain('3600 seconds');
	expect(performance.now() - startedAt).toBeLessThan(20_000);
}, 30_000);

test('A key that was dropped on the way to another host does not come back', async () => {
	const api = await startServer(({ path }) => {
		if (path === '/v1/file-after-all') return csv;
		const download_url = `${host.origin}/file`;
		const finished = { dashboard_id: 'dash_1', format: 'csv', status: 'completed', download_url };
		return json(200, { data: { id: 'exp_0', ...finished } });
	});
	const host = await startServer(() =>
		content(302, '', { location: `${api.origin}/v1/file-after-all` }),
	);
	const outcome = await download(api, 1);
	host.close();
	api.close();
	expect(files(outcome)).toBe(1);
	const [last] = api.requests.filter(({ path }) => path === '/v1/file-after-all');
	expect(last?.headers.authorization).toBeUndefined();
	expect(host.requests[0]?.headers.authorization).toBeUndefined();
});
