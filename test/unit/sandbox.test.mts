import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { parse } from 'yaml';
import type { Dashboard, Export, ExportFormat, User } from '../../nodes/shared/vizdom-api.d.ts';
import { SPECIFICATION } from '../sandbox/openapi.mts';
import { startSandbox, type Sandbox } from '../sandbox/server.mts';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ settings: { exportDurationMs: 0 } });
});
beforeEach(() => sandbox.reset());
afterAll(async () => await sandbox.close());

function client(key?: string, baseURL = sandbox.baseUrl): AxiosInstance {
	const headers = key === undefined ? {} : { Authorization: `Bearer ${key}` };
	return axios.create({ baseURL, headers, validateStatus: () => true, proxy: false });
}
const admin = () => client(sandbox.keys.admin);
const editor = () => client(sandbox.keys.editor);
const viewer = () => client(sandbox.keys.viewer);

const outcome = ({ status, data }: AxiosResponse) => [status, data?.error?.code];

describe('key and role', () => {
	it.each([undefined, 'wrong'])('refuses the key %s before anything else', async (key) => {
		const response = await client(key).post('/no/such/path?a=b', 'not json');
		expect(outcome(response)).toEqual([401, 'unauthorized']);
		expect(sandbox.requests).toMatchObject([
			{ method: 'POST', path: '/v1/no/such/path', query: { a: 'b' }, body: 'not json' },
		]);
	});

	it('follows the roles', async () => {
		const invitation = { email: 'a@example.com', role: 'viewer' };
		expect((await viewer().get('/users')).status).toBe(200);
		expect(outcome(await viewer().post('/dashboards', {}))).toEqual([403, 'forbidden']);
		expect((await editor().post('/dashboards', { name: 'A' })).status).toBe(201);
		const response = await editor().post('/users/invite', invitation);
		expect(outcome(response)).toEqual([403, 'forbidden']);
		expect(response.data.error.message).toContain('Admin');
	});
});

describe('lists', () => {
	it('pages through every dashboard once, in creation order', async () => {
		const pages = await Promise.all(
			[0, 100, 200].map(async (offset) => await admin().get(`/dashboards?offset=${offset}`)),
		);
		const all = pages.flatMap(({ data }) => data.data as Dashboard[]);
		expect(all[0]).toMatchObject({ id: 'dash_abc123', name: 'Q4 Revenue Overview' });
		for (const field of ['id', 'name'] as const) {
			expect(new Set(all.map((dashboard) => dashboard[field])).size).toBe(280);
		}
		const created = all.map(({ created_at }) => created_at);
		expect(created).toEqual([...created].sort());
	});

	it('serves smaller pages than asked for when set so, of up to 100,000 records', async () => {
		sandbox.settings.maxPageSize = 30;
		sandbox.store.resize('dashboards', 100_000);
		const { data } = await admin().get('/dashboards?limit=100&offset=99960');
		expect([data.data.length, data.meta.total]).toEqual([30, 100_000]);
	});

	it.each(['limit=0', 'limit=101', 'limit=x', 'limit=', 'offset=-1', 'page=2'])(
		'refuses %s',
		async (query) => {
			const response = await admin().get(`/dashboards?${query}`);
			expect(outcome(response)).toEqual([422, 'validation_failed']);
			expect(response.data.error.details[0].field).toBe(query.split('=')[0]);
		},
	);
});

describe('bodies', () => {
	it.each([
		['broken JSON', Buffer.from('{'), 'application/json'],
		['no body', undefined, 'application/json'],
		['a form', 'name=A', 'application/x-www-form-urlencoded'],
		['more than 1 MB', JSON.stringify('x'.repeat(1_100_000)), 'application/json'],
		['a missing field', { description: 'A' }, 'application/json'],
	])('answers 400 to %s', async (_what, body, type) => {
		const headers = { 'Content-Type': type };
		const response = await admin().post('/dashboards', body, { headers });
		expect(outcome(response)).toEqual([400, 'bad_request']);
	});

	it.each([
		[{ name: '  ' }, ['name']],
		[{ name: 1, colour: 'red' }, ['colour', 'name']],
		[['A'], ['body']],
	])('answers 422 to %j', async (body, fields) => {
		const response = await admin().post('/dashboards', body);
		expect(outcome(response)).toEqual([422, 'validation_failed']);
		const { details } = response.data.error as { details: Array<{ field: string }> };
		expect(details.map(({ field }) => field).sort()).toEqual(fields);
	});
});

describe('records', () => {
	it('are created, changed and deleted', async () => {
		const { data: created } = await editor().post('/dashboards', { name: 'A', description: 'B' });
		const url = `/dashboards/${created.data.id}`;
		expect(Date.now() - Date.parse(created.data.created_at)).toBeLessThan(3000);
		await editor().patch(url, { name: 'C' });
		expect((await viewer().get(url)).data.data).toMatchObject({ name: 'C', description: 'B' });
		const deleted = await editor().delete(url);
		expect([deleted.status, deleted.data]).toEqual([204, '']);
		expect(outcome(await viewer().get(url))).toEqual([404, 'not_found']);
	});

	it('never show the config of a data source', async () => {
		const body = { name: 'A', type: 'postgresql', config: { password: 'secret' } };
		const { data: created } = await editor().post('/data-sources', body);
		const { config } = body;
		const { data: changed } = await editor().patch(`/data-sources/${created.data.id}`, { config });
		expect(JSON.stringify([created, changed])).not.toContain('secret');
	});

	it('has each e-mail address once, and always its owner', async () => {
		const invite = async (email: string) =>
			await admin().post('/users/invite', { email, role: 'viewer' });
		const { data: invited } = await invite('new@example.com');
		expect(invited.data).toMatchObject({ name: null, status: 'invited' });
		expect((await invite('NEW@example.com')).data.error.details[0].field).toBe('email');
		const owner = `/users/${sandbox.store.users.all[0]?.id}`;
		expect(outcome(await admin().patch(owner, { role: 'viewer' }))).toEqual([403, 'forbidden']);
		expect(outcome(await admin().delete(owner))).toEqual([403, 'forbidden']);
	});

	it.each([
		['GET', '/nothing', 404],
		['PUT', '/dashboards', 404],
		['HEAD', '/dashboards', 404],
		['DELETE', '/dashboards/', 404],
		['GET', '/Dashboards', 404],
		['GET', '/dashboards/..%2Fusers', 404],
		['GET', '/dashboards/%E0%A4%A', 400],
	])('answers %s %s with %d', async (method, url, status) => {
		await admin().request({ method, url });
		expect(sandbox.requests).toMatchObject([{ method, path: `/v1${url}`, status }]);
	});

	it('are the same again after a reset', async () => {
		const before = (await admin().get('/users')).data;
		await admin().delete(`/users/${before.data[5].id}`);
		sandbox.reset();
		expect((await admin().get('/users')).data).toEqual(before);
	});
});

describe('rate limit', () => {
	const statuses = async (count: number, http = admin()) => {
		const found = [];
		for (let index = 0; index < count; index++) found.push((await http.get('/users')).status);
		return found;
	};

	it('counts per key and window, and follows a changed limit at once', async () => {
		Object.assign(sandbox.settings, { rateLimit: 2, rateWindowMs: 1_000 });
		expect(await statuses(3)).toEqual([200, 200, 429]);
		expect(await statuses(1, viewer())).toEqual([200]);
		await sleep(1_050);
		expect(await statuses(3)).toEqual([200, 200, 429]);
		sandbox.settings.rateLimit = 10;
		expect(await statuses(1)).toEqual([200]);
	});

	it.each([
		['none', (header: unknown) => header === undefined],
		['seconds', (header: unknown) => Number(header) > 50],
		['date', (header: unknown) => Date.parse(String(header)) - Date.now() > 50_000],
	] as const)('sends Retry-After as %s', async (retryAfter, isRight) => {
		Object.assign(sandbox.settings, { rateLimit: 0, retryAfter });
		const response = await admin().get('/users');
		expect(outcome(response)).toEqual([429, 'rate_limited']);
		expect(isRight(response.headers['retry-after'])).toBe(true);
	});
});

describe('faults', () => {
	const list = async () => await admin().get('/dashboards');
	const create = async () => await admin().post('/dashboards', { name: 'A' });

	it('answer as set, on matching requests, as often as set', async () => {
		const headers = { 'Retry-After': '7' };
		sandbox.faults.push(
			{ method: 'get', path: '/dashboards$', skip: 1, times: 1, status: 502, headers, body: 'A' },
			{ path: '/dashboards$', times: 1, body: { data: [] } },
			{ path: '/users', status: 503 },
		);
		expect((await list()).data).toEqual({ data: [] });
		expect(await list()).toMatchObject({ status: 502, data: 'A', headers: { 'retry-after': '7' } });
		expect([(await list()).status, (await create()).status]).toEqual([200, 201]);
		expect(outcome(await admin().get('/users'))).toEqual([503, 'internal_error']);
	});

	it.each([
		['before', 280],
		['after', 281],
	] as const)('drop the connection %s the work', async (drop, size) => {
		sandbox.faults.push({ drop });
		await expect(create()).rejects.toMatchObject({ code: 'ECONNRESET' });
		expect(sandbox.store.dashboards.size).toBe(size);
		expect(sandbox.requests.at(-1)?.status).toBe(0);
	});

	it('drop the connection in the middle of the response', async () => {
		sandbox.faults.push({ drop: 'during' });
		const { data, headers } = await admin().get('/dashboards', { responseType: 'stream' });
		let received = 0;
		const readAll = async () => {
			for await (const chunk of data) received += chunk.length;
		};
		await expect(readAll()).rejects.toThrow('aborted');
		expect(received).toBeGreaterThan(0);
		expect(received).toBeLessThan(Number(headers['content-length']));
	});

	it('stall, beside the latency of every response', async () => {
		sandbox.settings.latencyMs = 60;
		sandbox.faults.push({ delayMs: 60 });
		const start = performance.now();
		expect((await list()).status).toBe(200);
		expect(performance.now() - start).toBeGreaterThan(110);
	});
});

describe('exports', () => {
	const start = async (format: ExportFormat) =>
		(await viewer().post('/exports', { dashboard_id: 'dash_abc123', format })).data.data as Export;
	const read = async (id: string) => (await viewer().get(`/exports/${id}`)).data.data as Export;
	const download = async (url: string | null, http = viewer()) =>
		await http.get(String(url), { responseType: 'arraybuffer' });

	it('go from queued over processing to completed', async () => {
		sandbox.settings.exportDurationMs = 60_000;
		const { id, ...queued } = await start('pdf');
		expect(queued).toMatchObject({ status: 'queued', progress: 0, download_url: null });
		const job = sandbox.store.exports.find(id) as { createdAt: number };
		job.createdAt -= 30_000;
		expect(await read(id)).toMatchObject({ status: 'processing', progress: 50 });
		expect((await download(`/exports/${id}/file`)).status).toBe(404);
		job.createdAt -= 30_000;
		expect(await read(id)).toMatchObject({ status: 'completed', progress: 100, error: null });
	});

	it('fail with the set reason', async () => {
		sandbox.settings.exportFailure = 'No data.';
		const failed = { status: 'failed', error: 'No data.', download_url: null };
		expect(await start('pdf')).toMatchObject(failed);
	});

	it('have links of every kind, which expire', async () => {
		sandbox.settings.downloadUrl = 'relative';
		const { id, download_url: relative } = await start('csv');
		expect(relative).toMatch(new RegExp(`^/v1/exports/${id}/file\\?expires=\\d+$`));
		expect((await download(sandbox.origin + relative, client())).status).toBe(401);
		const foreign = { downloadUrl: 'absolute', downloadOrigin: 'http://files.test' } as const;
		Object.assign(sandbox.settings, foreign);
		const link = String((await read(id)).download_url);
		const local = link.replace(foreign.downloadOrigin, sandbox.origin);
		expect((await download(local, client())).status).toBe(200);
		expect((await download(`${local}x`, client())).status).toBe(401);
		expect((await download(local.replace(/expires=\d+/, 'expires=1'))).status).toBe(403);
	});

	it.each([
		['pdf', '%PDF-', 'application/pdf'],
		['png', '\x89PNG\r\n\x1a\n', 'image/png'],
		['csv', 'Dashboard,Month,', 'text/csv; charset=utf-8'],
		['xlsx', 'PK\x03\x04', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
	] as const)('have a %s file, of any size', async (format, beginning, type) => {
		const { download_url } = await start(format);
		const { data, headers } = await download(download_url);
		expect(data.toString('latin1')).toMatch(new RegExp(`^${beginning}`));
		expect(headers).toMatchObject({
			'content-type': type,
			'content-disposition': `attachment; filename="Q4 Revenue Overview.${format}"`,
		});
		sandbox.settings.exportFileBytes = 1_000_001;
		const { data: swollen } = await download(download_url);
		expect(swollen).toHaveLength(1_000_001);
		expect(swollen.subarray(0, data.length).equals(data)).toBe(true);
		sandbox.settings.exportFileBytes = 5;
		expect((await download(download_url)).data.equals(data.subarray(0, 5))).toBe(true);
	});

	it('never hold a large file in memory, and survive that its reader leaves', async () => {
		sandbox.settings.exportFileBytes = 4_000_000_000;
		const { download_url } = await start('csv');
		const before = process.memoryUsage.rss();
		const { data } = await viewer().get(String(download_url), { responseType: 'stream' });
		await sleep(200);
		expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000);
		data.on('error', () => {}).destroy();
		await sleep(500);
		expect(sandbox.requests.at(-1)).toMatchObject({ status: 0, endedAt: expect.any(Number) });
	});

	it('change with the dashboard', async () => {
		const before = await download((await start('csv')).download_url);
		await admin().patch('/dashboards/dash_abc123', { description: 'Changed' });
		const after = await download((await start('csv')).download_url);
		expect(after.data.equals(before.data)).toBe(false);
	});
});

describe('the OpenAPI file', () => {
	interface Marked {
		$ref?: string;
		'x-source'?: string;
	}
	interface Operation extends Marked {
		operationId: string;
		parameters?: Marked[];
		responses: Record<string, Marked>;
	}
	interface Specification {
		paths: Record<string, Record<string, Operation>>;
		components: Record<'schemas' | 'parameters' | 'responses', Record<string, Marked>>;
	}
	const { paths, components } = parse(readFileSync(SPECIFICATION, 'utf8')) as Specification;
	const operations = Object.entries(paths).flatMap(([route, methods]) =>
		Object.entries(methods).map(([method, operation]) => ({ route, method, ...operation })),
	);

	const BODIES: Record<string, unknown> = {
		createDashboard: { name: 'A' },
		updateDashboard: { name: 'B' },
		createDataSource: { name: 'A', type: 'mysql', config: {} },
		updateDataSource: { name: 'B' },
		inviteUser: { email: 'a@example.com', role: 'viewer' },
		updateUser: { role: 'editor' },
		createExport: { dashboard_id: 'dash_abc123', format: 'csv' },
	};

	it.each(operations)('matches what $method $route answers', async (operation) => {
		const { route, method, operationId, responses } = operation;
		const { dashboards, dataSources, users, exports } = sandbox.store;
		const collections = { dashboards, 'data-sources': dataSources, users, exports };
		const collection = collections[route.split('/')[1] as keyof typeof collections];
		// The link of the last export still works.
		const url = route.replace(
			'{id}',
			collection.all.at(route.endsWith('/file') ? -1 : 4)?.id ?? '',
		);
		const data = BODIES[operationId];
		const { status } = await admin().request({ method, url, data });
		expect(String(status)).toBe(Object.keys(responses)[0]);
		sandbox.settings.rateLimit = 0;
		expect((await admin().request({ method, url, data })).status).toBe(429);
	});

	it('makes a response that does not match it a 500', async () => {
		delete (sandbox.store.dashboards.all[0] as Partial<Dashboard>).name;
		const response = await admin().get('/dashboards/dash_abc123');
		expect(outcome(response)).toEqual([500, 'internal_error']);
		expect(response.data.error.message).toContain("'name'");
	});

	it('marks everything as documented or assumed', () => {
		const inline = operations
			.flatMap(({ parameters = [], responses }) => [...parameters, ...Object.values(responses)])
			.filter(({ $ref }) => $ref === undefined);
		const shared = Object.values(components.schemas)
			.concat(Object.values(components.parameters))
			.concat(Object.values(components.responses));
		for (const entry of [...operations, ...inline, ...shared]) {
			expect(entry['x-source']).toMatch(/^(documented|assumed)$/);
		}
	});
});

describe('control', () => {
	const http = () => client(undefined, sandbox.origin);

	it('changes settings, faults and the number of records of a running sandbox', async () => {
		const { status, data } = await http().patch('/sandbox', {
			settings: { latencyMs: 1 },
			faults: [{ path: '/users', status: 500 }],
			records: { dashboards: 3, dataSources: 20 },
		});
		expect(status).toBe(200);
		expect(data.counts).toMatchObject({ dashboards: 3, dataSources: 20, users: 40 });
		expect(sandbox.settings).toMatchObject({ latencyMs: 1, rateLimit: 1000 });
		expect((await admin().get('/users')).status).toBe(500);
		expect((await http().get('/sandbox/requests')).data).toHaveLength(1);
		await http().post('/sandbox/reset');
		expect((await http().get('/sandbox')).data.faults).toEqual([]);
	});

	it('lets an invited person accept', async () => {
		const invited = sandbox.store.users.all.find(({ status }) => status === 'invited') as User;
		const { data } = await http().post(`/sandbox/users/${invited.id}/accept`, { name: 'A B' });
		expect(data).toMatchObject({ id: invited.id, name: 'A B', status: 'active' });
		expect((await http().post('/sandbox/users/nobody/accept')).status).toBe(400);
	});

	it.each([
		[{ settings: { latency: 1 } }, "settings: Unrecognized key(s) in object: 'latency'"],
		[{ settings: { latencyMs: -1, rateLimit: 1 } }, 'settings.latencyMs: Number must be'],
		[{ faults: [{ path: '(' }] }, 'faults.0.path: Must be a regular expression'],
		[[], 'body: Expected object'],
	])('refuses %j', async (body, message) => {
		const response = await http().patch('/sandbox', body);
		expect(response.status).toBe(400);
		expect(response.data.error.message).toContain(message);
		expect(sandbox.settings.rateLimit).toBe(1000);
	});
});
