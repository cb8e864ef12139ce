import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { parse } from 'yaml';
import type {
	Dashboard,
	Export,
	ExportFormat,
	User,
} from '../../nodes/shared/vizdom/vizdom-api.d.ts';
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

	it('allows each role its operations', async () => {
		const editor = client(sandbox.keys.editor);
		expect((await viewer().get('/users')).status).toBe(200);
		expect(outcome(await viewer().post('/dashboards', {}))).toEqual([403, 'forbidden']);
		expect((await editor.post('/dashboards', { name: 'A' })).status).toBe(201);
		expect(outcome(await editor.post('/users/invite', {}))).toEqual([403, 'forbidden']);
	});
});

describe('lists', () => {
	it('pages through every dashboard once, in creation order', async () => {
		const pages = await Promise.all(
			[0, 100, 200].map(async (offset) => await admin().get(`/dashboards?offset=${offset}`)),
		);
		const all = pages.flatMap(({ data }) => data.data as Dashboard[]);
		expect(all[0]).toMatchObject({ id: 'dash_abc123', name: 'Q4 Revenue Overview' });
		expect(new Set(all.map(({ id }) => id)).size).toBe(280);
		expect(new Set(all.map(({ name }) => name)).size).toBe(280);
		const created = all.map(({ created_at }) => created_at);
		expect(created).toEqual(created.toSorted());
	});

	it.each(['limit=0', 'limit=', 'offset=-1', 'page=2'])('refuses %s', async (query) => {
		const response = await admin().get(`/dashboards?${query}`);
		expect(outcome(response)).toEqual([422, 'validation_failed']);
		expect(response.data.error.details[0].field).toBe(query.split('=')[0]);
	});
});

const json = 'application/json';

it.each([
	['broken JSON', 400, Buffer.from('{'), json],
	['no body', 400, undefined, json],
	['a form', 400, 'name=A', 'application/x-www-form-urlencoded'],
	['more than 1 MB', 400, JSON.stringify('x'.repeat(1_100_000)), json],
	['a missing field', 400, { description: 'A' }, json],
	['an empty name', 422, { name: '  ' }, json],
	['an unknown field', 422, { name: 'A', colour: 'red' }, json],
	['a list', 422, ['A'], json],
])('refuses %s with %d', async (_what, status, body, type) => {
	const response = await admin().post('/dashboards', body, { headers: { 'Content-Type': type } });
	expect(response.status).toBe(status);
});

describe('records', () => {
	it('are created, changed and deleted', async () => {
		const { data: created } = await admin().post('/dashboards', { name: 'A', description: 'B' });
		const url = `/dashboards/${created.data.id}`;
		expect(Date.now() - Date.parse(created.data.created_at)).toBeLessThan(3000);
		await admin().patch(url, { name: 'C' });
		expect((await viewer().get(url)).data.data).toMatchObject({ name: 'C', description: 'B' });
		expect(await admin().delete(url)).toMatchObject({ status: 204, data: '' });
		expect(outcome(await viewer().get(url))).toEqual([404, 'not_found']);
	});

	it('have each e-mail address once', async () => {
		const invite = async (email: string) =>
			await admin().post('/users/invite', { email, role: 'viewer' });
		expect((await invite('new@example.com')).data.data).toMatchObject({ status: 'invited' });
		expect((await invite('NEW@example.com')).data.error.details[0].field).toBe('email');
	});

	it.each([
		['PUT', '/dashboards', 404],
		['DELETE', '/dashboards/', 404],
		['GET', '/Dashboards', 404],
		['GET', '/dashboards/..%2Fusers', 404],
		['GET', '/dashboards/%E0%A4%A', 400],
	])('answers %s %s with %d', async (method, url, status) => {
		await admin().request({ method, url });
		expect(sandbox.requests).toMatchObject([{ method, path: `/v1${url}`, status }]);
	});
});

it('limits the rate per key, and applies a changed limit at once', async () => {
	const status = async (http = admin()) => (await http.get('/users')).status;
	Object.assign(sandbox.settings, { rateLimit: 1, retryAfter: 'seconds' });
	expect([await status(), await status(), await status(viewer())]).toEqual([200, 429, 200]);
	expect(Number((await admin().get('/users')).headers['retry-after'])).toBeGreaterThan(50);
	sandbox.settings.rateLimit = 10;
	expect(await status()).toBe(200);
});

describe('faults', () => {
	it('answer matching requests as set, as often as set', async () => {
		sandbox.faults.push(
			{ method: 'get', path: '/dashboards$', skip: 1, times: 1, status: 502, body: 'A' },
			{ path: '/dashboards$', times: 1, delayMs: 100, body: { data: [] } },
			{ path: '/users', status: 503, headers: { 'Retry-After': '7' } },
		);
		const list = async () => await admin().get('/dashboards');
		const start = performance.now();
		expect((await list()).data).toEqual({ data: [] });
		expect(performance.now() - start).toBeGreaterThan(95);
		expect(await list()).toMatchObject({ status: 502, data: 'A' });
		expect((await list()).status).toBe(200);
		const response = await admin().get('/users');
		expect(outcome(response)).toEqual([503, 'internal_error']);
		expect(response.headers['retry-after']).toBe('7');
	});
});

describe('exports', () => {
	const start = async (format: ExportFormat) =>
		(await viewer().post('/exports', { dashboard_id: 'dash_abc123', format })).data.data as Export;
	const download = async (url: string | null, http = viewer()) =>
		await http.get(String(url), { responseType: 'arraybuffer' });

	it('go from queued through processing to completed', async () => {
		sandbox.settings.exportDurationMs = 60_000;
		const { id, ...queued } = await start('pdf');
		expect(queued).toMatchObject({ status: 'queued', progress: 0, download_url: null });
		const job = sandbox.store.exports.find(id) as { createdAt: number };
		for (const expected of [
			{ status: 'processing', progress: 50 },
			{ status: 'completed', progress: 100, error: null },
		]) {
			job.createdAt -= 30_000;
			expect((await viewer().get(`/exports/${id}`)).data.data).toMatchObject(expected);
		}
	});

	it('have links to other hosts, which need a token', async () => {
		sandbox.settings.downloadOrigin = 'http://files.test';
		const link = String((await start('csv')).download_url);
		const local = link.replace(sandbox.settings.downloadOrigin, sandbox.origin);
		expect((await download(local, client())).status).toBe(200);
		expect((await download(`${local}x`, client())).status).toBe(401);
	});

	it.each(['pdf', 'png', 'csv', 'xlsx'] as const)('have a %s file of any size', async (format) => {
		const { download_url } = await start(format);
		const { data: file } = await download(download_url);
		sandbox.settings.exportFileBytes = 1_000_001;
		const { data: swollen } = await download(download_url);
		expect(swollen).toHaveLength(1_000_001);
		expect(swollen.subarray(0, file.length).equals(file)).toBe(true);
	});

	it('never keep a large file in memory', async () => {
		sandbox.settings.exportFileBytes = 4_000_000_000;
		const { download_url } = await start('csv');
		const before = process.memoryUsage.rss();
		const { data } = await viewer().get(String(download_url), { responseType: 'stream' });
		await sleep(200);
		expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000);
		data.on('error', () => {}).destroy();
	});
});

describe('the OpenAPI file', () => {
	type Marked = Record<string, { $ref?: string; 'x-source'?: string; examples?: unknown[] }>;
	interface Operation {
		parameters?: Array<Marked[string]>;
		requestBody?: { content: Record<string, { schema: { $ref: string } }> };
		responses: Marked;
	}
	const { paths, components } = parse(readFileSync(SPECIFICATION, 'utf8')) as {
		paths: Record<string, Record<string, Operation>>;
		components: Record<'schemas' | 'parameters' | 'responses', Marked>;
	};
	const operations = Object.entries(paths).flatMap(([route, methods]) =>
		Object.entries(methods).map(([method, operation]) => ({ route, method, ...operation })),
	);

	/** The first example of the body's schema. */
	const exampleBody = ({ requestBody }: Operation): unknown => {
		const reference = requestBody?.content['application/json']?.schema.$ref ?? '';
		return components.schemas[basename(reference)]?.examples?.[0];
	};

	it.each(operations)('matches what $method $route answers', async (operation) => {
		const { route, method, responses } = operation;
		const { dashboards, dataSources, users, exports } = sandbox.store;
		const collections = { dashboards, 'data-sources': dataSources, users, exports };
		const { all } = collections[route.split('/')[1] as keyof typeof collections];
		// Not the owner; and only the latest exports have a working link.
		const url = route.replace('{id}', all.at(-1)?.id ?? '');
		const data = exampleBody(operation);
		const { status } = await admin().request({ method, url, data });
		expect(String(status)).toBe(Object.keys(responses)[0]);
		sandbox.settings.rateLimit = 0;
		expect((await admin().request({ method, url, data })).status).toBe(429);
	});

	it('turns a response that does not match it into a 500', async () => {
		delete (sandbox.store.dashboards.all[0] as Partial<Dashboard>).name;
		const response = await admin().get('/dashboards/dash_abc123');
		expect(outcome(response)).toEqual([500, 'internal_error']);
		expect(response.data.error.message).toContain("'name'");
	});

	it('marks everything as documented or assumed', () => {
		const inline = operations
			.flatMap(({ parameters = [], responses }) => [...parameters, ...Object.values(responses)])
			.filter(({ $ref }) => $ref === undefined);
		const shared = Object.values(components).flatMap((group) => Object.values(group));
		for (const entry of [...operations, ...inline, ...shared]) {
			expect(entry).toMatchObject({ 'x-source': expect.stringMatching(/^(documented|assumed)$/) });
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
		[
			{ settings: { rateLimit: 1, latency: 1 } },
			"settings: Unrecognized key(s) in object: 'latency'",
		],
		[{ settings: { rateLimit: 1 }, faults: [{ path: '(' }] }, 'faults.0.path: Must be'],
		[[], 'body: Expected object'],
		[{ records: { dashboards: 1e9 } }, 'records.dashboards: Number must be less than'],
		[{ records: { users: 0 } }, 'records.users: Number must be greater than'],
		[{ settings: { latencyMs: 2 ** 31 } }, 'settings.latencyMs: Number must be less than'],
		[{ settings: { exportDurationMs: 1e300 } }, 'settings.exportDurationMs: Number must be less'],
		[{ settings: { exportFileBytes: 1e15 } }, 'settings.exportFileBytes: Number must be less'],
		[{ faults: [{ delayMs: 2 ** 31 }] }, 'faults.0.delayMs: Number must be less than'],
		[{ faults: Array(101).fill({}) }, 'faults: Array must contain at most 100'],
		[{ settings: { exportFailure: 'x'.repeat(110_000) } }, 'request entity too large'],
	])('refuses %.80j', async (body, message) => {
		const response = await http().patch('/sandbox', body);
		expect(response.data.error?.message).toContain(message);
		expect(sandbox.settings.rateLimit).toBe(1000);
	});
});

describe('outside input', () => {
	const get = async (path: string, headers: Record<string, string>) =>
		await axios.get(`${sandbox.origin}${path}`, {
			headers: { Authorization: `Bearer ${sandbox.keys.admin}`, ...headers },
			validateStatus: () => true,
			proxy: false,
		});
	const port = () => new URL(sandbox.origin).port;

	it.each(['/v1/dashboards', '/sandbox', '/sandbox/requests', '/', '/elsewhere'])(
		'is refused at %s if a web page sent it',
		async (path) => {
			const names = ['evil.example', `evil.example:${port()}`, `localhost.evil.example:${port()}`];
			const addresses = [`10.0.0.1:${port()}`, `0.0.0.0:${port()}`, `127.0.0.1:${port()}:1`];
			for (const Host of [...names, ...addresses, `a@127.0.0.1:${port()}`, '127.0.0.1.']) {
				expect([Host, (await get(path, { Host })).status]).toEqual([Host, 421]);
			}
			for (const Origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
				expect([Origin, (await get(path, { Origin })).status]).toEqual([Origin, 403]);
			}
			expect(sandbox.requests).toEqual([]);
		},
	);

	it('does not change it if a web page sent it', async () => {
		const headers = { Host: `evil.example:${port()}` };
		const settings = { latencyMs: 1 };
		const http = client(undefined, sandbox.origin);
		const changed = await http.patch('/sandbox', { settings }, { headers });
		expect([changed.status, sandbox.settings.latencyMs]).toEqual([421, 0]);
		const Origin = 'https://evil.example';
		expect((await http.post('/sandbox/reset', '', { headers: { Origin } })).status).toBe(403);
	});

	it.each(['localhost', 'LocalHost', '127.0.0.1', '[::1]'])('is accepted at %s', async (name) => {
		const Host = `${name}:${port()}`;
		expect((await get('/v1/dashboards', { Host })).status).toBe(200);
		expect((await get('/sandbox', { Host, Origin: `http://${Host}` })).status).toBe(200);
	});

	it('is recorded without keys', async () => {
		const key = 'a-real-key-of-somebody';
		await client(key).post(`/users/${key}?key=${key}`, { note: `my ${key}` });
		await get('/v1/dashboards', { Authorization: key });
		await get(`/v1/users?key=${sandbox.keys.viewer}`, {});
		await client(key).post('/users', `${'x'.repeat(9_990)}${key}`);
		const { data } = await client(undefined, sandbox.origin).get('/sandbox/requests');
		expect(data).toHaveLength(4);
		expect(data[0].headers.authorization).toBe('Bearer [API key]');
		expect(data[0].body).toEqual({ note: 'my [API key]' });
		const texts = [data, sandbox.requests].map((requests) => JSON.stringify(requests));
		expect(texts.filter((text) => /a-real|vizdom-sandbox/.test(text))).toEqual([]);
	});

	it('is recorded in part if it is long', async () => {
		await admin().post('/dashboards', { name: 'x'.repeat(900_000) });
		expect(String(sandbox.requests[0]?.body).length).toBeLessThan(20_000);
	});

	it.each([
		['headers', '/v1/dashboards', { 'x-long': 'x'.repeat(20_000) }],
		['address', `/v1/dashboards?x=${'x'.repeat(20_000)}`, {}],
	])('is refused with a %s of 20 kB', async (_what, path, headers) => {
		expect((await get(path, headers)).status).toBe(431);
	});

	it('cannot steer a terminal that shows it', async () => {
		await get('/sandbox-\u009b31m', { 'User-Agent': '\u009b31m' });
		await admin().post('/dashboards', { name: '\u001b[31m\u009b31m\u007f' });
		const http = client(undefined, sandbox.origin);
		const { data: shown } = await http.get('/sandbox/requests', { transformResponse: [] });
		expect(shown).not.toMatch(/\p{Cc}/u);
		expect(JSON.parse(shown)[1].body.name).toBe('\u001b[31m\u009b31m\u007f');
	});
});
