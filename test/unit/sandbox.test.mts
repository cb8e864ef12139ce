import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inflateRawSync } from 'node:zlib';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { parse } from 'yaml';
import type { Dashboard, Export, ExportFormat, User } from '../../nodes/shared/vizdom-api.d.ts';
import { limiters, type LimiterKind } from '../sandbox/limiters.mts';
import { SPECIFICATION } from '../sandbox/openapi.mts';
import { startSandbox, type Sandbox } from '../sandbox/server.mts';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ settings: { exportDurationMs: 0 } });
});
beforeEach(() => sandbox.reset());
afterAll(async () => await sandbox.close());

function client(key?: string): AxiosInstance {
	return axios.create({
		baseURL: sandbox.baseUrl,
		headers: key === undefined ? {} : { Authorization: `Bearer ${key}` },
		validateStatus: () => true,
		proxy: false,
	});
}
const admin = () => client(sandbox.keys.admin);
const editor = () => client(sandbox.keys.editor);
const viewer = () => client(sandbox.keys.viewer);

const outcome = ({ status, data }: AxiosResponse) => [status, data?.error?.code];

describe('key and role', () => {
	it.each([undefined, 'wrong'])(
		'refuses the key %s, before looking at anything else',
		async (key) => {
			const response = await client(key).post('/no/such/path', 'not json');
			expect(outcome(response)).toEqual([401, 'unauthorized']);
		},
	);

	it('records a refused request with its header and body', async () => {
		await client('wrong').post('/dashboards?limit=1', { name: 'A' });
		expect(sandbox.requests).toEqual([
			expect.objectContaining({
				method: 'POST',
				path: '/v1/dashboards',
				query: { limit: '1' },
				headers: expect.objectContaining({ authorization: 'Bearer wrong' }),
				body: { name: 'A' },
				status: 401,
			}),
		]);
	});

	it('lets viewers read but not write, and names the role needed', async () => {
		expect((await viewer().get('/users')).status).toBe(200);
		const response = await viewer().post('/dashboards', {});
		expect(outcome(response)).toEqual([403, 'forbidden']);
		expect(response.data.error.message).toContain('Editor');
	});

	it('lets editors write dashboards and data sources, but not manage users', async () => {
		expect((await editor().post('/dashboards', { name: 'A' })).status).toBe(201);
		const sources = await editor().post('/data-sources', { name: 'A', type: 'mysql' });
		expect(sources.status).toBe(201);
		const invite = await editor().post('/users/invite', { email: 'a@example.com', role: 'viewer' });
		expect(outcome(invite)).toEqual([403, 'forbidden']);
		expect(invite.data.error.message).toContain('Admin');
	});
});

describe('lists', () => {
	it('starts with the dashboard of the introduction page', async () => {
		const { data } = await admin().get('/dashboards', { params: { limit: 1 } });
		expect(data).toEqual({
			data: [
				{
					id: 'dash_abc123',
					name: 'Q4 Revenue Overview',
					description: 'Executive summary of Q4 revenue metrics',
					created_at: '2026-01-15T09:00:00Z',
					updated_at: '2026-03-22T14:30:00Z',
					visualization_count: 8,
				},
			],
			meta: { total: 280 },
		});
	});

	it('pages through every dashboard once, in creation order', async () => {
		const pages = await Promise.all(
			[0, 100, 200].map(async (offset) => await admin().get(`/dashboards?offset=${offset}`)),
		);
		const all = pages.flatMap(({ data }) => data.data as Dashboard[]);
		expect(all).toHaveLength(280);
		expect(new Set(all.map(({ id }) => id)).size).toBe(280);
		expect(new Set(all.map(({ name }) => name)).size).toBe(280);
		const created = all.map(({ created_at }) => created_at);
		expect(created).toEqual([...created].sort());
	});

	it('serves smaller pages than asked for when set so', async () => {
		sandbox.settings.maxPageSize = 30;
		const { data } = await admin().get('/dashboards?limit=100');
		expect(data.data).toHaveLength(30);
		expect(data.meta.total).toBe(280);
	});

	it('holds 100,000 dashboards with distinct ids, and serves the last page', async () => {
		sandbox.store.resize('dashboards', 100_000);
		const { data } = await admin().get('/dashboards?limit=100&offset=99950');
		expect(data.data).toHaveLength(50);
		expect(data.meta.total).toBe(100_000);
		const end = Date.parse(data.data[49].created_at);
		expect(end).toBeLessThan(Date.UTC(2026, 6, 1));
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
	const post = async (body: unknown, type = 'application/json') =>
		await admin().post('/dashboards', body, { headers: { 'Content-Type': type } });

	it('answers 400 to what cannot be read, and to missing fields', async () => {
		for (const response of [
			await post(Buffer.from('{')),
			await post(undefined),
			await post('name=A', 'application/x-www-form-urlencoded'),
			await post(Buffer.alloc(1_100_000, 'x')),
			await post({ description: 'A' }),
		]) {
			expect(outcome(response)).toEqual([400, 'bad_request']);
		}
		const missing = await post({ description: 'A' });
		expect(missing.data.error.details).toEqual([{ field: 'name', message: 'is required' }]);
	});

	it.each([
		[{ name: '' }, 'name'],
		[{ name: '  ' }, 'name'],
		[{ name: 1 }, 'name'],
		[{ name: 'A', colour: 'red' }, 'colour'],
		[['A'], 'body'],
	])('answers 422 to %j', async (body, field) => {
		const response = await post(body);
		expect(outcome(response)).toEqual([422, 'validation_failed']);
		expect(response.data.error.details[0].field).toBe(field);
	});

	it('wants at least one field in an update', async () => {
		expect((await admin().patch('/dashboards/dash_abc123', {})).status).toBe(422);
	});

	it('checks e-mail and role of an invitation', async () => {
		const { data } = await admin().post('/users/invite', { email: 'a@', role: 'owner' });
		expect(data.error.details).toEqual([
			{ field: 'email', message: 'must be an e-mail address' },
			{ field: 'role', message: 'must be one of admin, editor, viewer' },
		]);
	});
});

describe('records', () => {
	it('creates, changes and deletes a dashboard', async () => {
		const { data: created } = await editor().post('/dashboards', { name: 'A', description: 'B' });
		const url = `/dashboards/${created.data.id}`;
		expect(Date.now() - Date.parse(created.data.created_at)).toBeLessThan(3000);
		const changed = await editor().patch(url, { name: 'C' });
		expect(changed.data.data).toMatchObject({ name: 'C', description: 'B' });
		expect((await viewer().get(url)).data.data.name).toBe('C');
		const deleted = await editor().delete(url);
		expect([deleted.status, deleted.data]).toEqual([204, '']);
		expect((await viewer().get(url)).data.error).toEqual({
			code: 'not_found',
			message: `Dashboard with ID '${created.data.id}' does not exist.`,
		});
	});

	it('creates, changes and deletes a data source, and never shows its config', async () => {
		const body = { name: 'A', type: 'postgresql', config: { password: 'secret' } };
		const { data: created } = await editor().post('/data-sources', body);
		expect(JSON.stringify(created)).not.toContain('secret');
		const url = `/data-sources/${created.data.id}`;
		const changed = await editor().patch(url, { config: { host: 'a' } });
		expect(changed.data.data.name).toBe('A');
		expect(sandbox.store.configOf(created.data.id)).toEqual({ host: 'a' });
		expect((await editor().delete(url)).status).toBe(204);
		expect((await editor().delete(url)).status).toBe(404);
	});

	it('invites a user once, changes the role and removes the user', async () => {
		const invitation = { email: 'new@example.com', role: 'viewer' };
		const { data: invited } = await admin().post('/users/invite', invitation);
		expect(invited.data).toMatchObject({ ...invitation, name: null, status: 'invited' });
		const again = await admin().post('/users/invite', { ...invitation, email: 'NEW@example.com' });
		expect(again.data.error.details[0].field).toBe('email');
		const url = `/users/${invited.data.id}`;
		expect((await admin().patch(url, { role: 'editor' })).data.data.role).toBe('editor');
		sandbox.store.acceptInvitation(invited.data.id, 'New Person');
		expect((await admin().get(url)).data.data).toMatchObject({ status: 'active' });
		expect((await admin().delete(url)).status).toBe(204);
	});

	it('keeps the owner', async () => {
		const owner = sandbox.store.users.all[0] as User;
		const demoted = await admin().patch(`/users/${owner.id}`, { role: 'viewer' });
		expect(outcome(demoted)).toEqual([403, 'forbidden']);
		expect(outcome(await admin().delete(`/users/${owner.id}`))).toEqual([403, 'forbidden']);
	});

	it.each([
		['GET', '/nothing'],
		['PUT', '/dashboards'],
		['HEAD', '/dashboards'],
		['DELETE', '/dashboards/'],
		['GET', '/Dashboards'],
		['GET', '/dashboards/..%2Fusers'],
	])('answers 404 to %s %s', async (method, url) => {
		const response = await admin().request({ method, url });
		expect(response.status).toBe(404);
		if (method !== 'HEAD') expect(response.data.error.code).toBe('not_found');
		expect(sandbox.requests.at(-1)).toMatchObject({ path: `/v1${url}`, status: 404 });
	});

	it('answers 400 to an id that cannot be decoded', async () => {
		expect(outcome(await admin().get('/dashboards/%E0%A4%A'))).toEqual([400, 'bad_request']);
	});

	it('is the same again after a reset', async () => {
		const before = (await admin().get('/users')).data;
		await admin().delete(`/users/${before.data[5].id}`);
		sandbox.reset();
		expect((await admin().get('/users')).data).toEqual(before);
	});
});

describe('rate limit', () => {
	const statuses = async (count: number, http = admin()) => {
		const responses = [];
		for (let index = 0; index < count; index++) responses.push(await http.get('/users?limit=1'));
		return responses.map(({ status }) => status);
	};

	it('counts per key, follows a changed limit at once and names no time', async () => {
		sandbox.settings.rateLimit = 2;
		expect(await statuses(3)).toEqual([200, 200, 429]);
		expect(await statuses(1, viewer())).toEqual([200]);
		const refused = await admin().get('/users');
		expect(refused.data.error.code).toBe('rate_limited');
		expect(Object.keys(refused.headers).filter((name) => /retry|rate/i.test(name))).toEqual([]);
		sandbox.settings.rateLimit = 10;
		expect(await statuses(1)).toEqual([200]);
	});

	it('starts a new window after the set time', async () => {
		Object.assign(sandbox.settings, { rateLimit: 1, rateWindowMs: 1_000 });
		expect(await statuses(2)).toEqual([200, 429]);
		await sleep(1_050);
		expect(await statuses(2)).toEqual([200, 429]);
	});

	it.each(Object.keys(limiters) as LimiterKind[])('counts per key as a %s', async (rateLimiter) => {
		Object.assign(sandbox.settings, { rateLimit: 2, rateLimiter, retryAfter: 'seconds' });
		expect(await statuses(3)).toEqual([200, 200, 429]);
		expect(await statuses(1, viewer())).toEqual([200]);
		const wait = Number((await admin().get('/users')).headers['retry-after']);
		expect(wait).toBeGreaterThan(0);
		expect(wait).toBeLessThanOrEqual(60);
	});

	it('sends Retry-After as seconds or as a date when set so', async () => {
		Object.assign(sandbox.settings, { rateLimit: 0, retryAfter: 'seconds' });
		expect(Number((await admin().get('/users')).headers['retry-after'])).toBeGreaterThan(50);
		sandbox.settings.retryAfter = 'date';
		const date = Date.parse((await admin().get('/users')).headers['retry-after']);
		expect(date - Date.now()).toBeGreaterThan(50_000);
	});
});

describe('faults and latency', () => {
	const list = async () => await admin().get('/dashboards?limit=1');
	const create = async () => await admin().post('/dashboards', { name: 'A' });

	it('adds latency to every response', async () => {
		sandbox.settings.latencyMs = 120;
		const start = performance.now();
		await client().get('/users');
		expect(performance.now() - start).toBeGreaterThan(110);
	});

	it('answers with a status, headers and a body, on the matching path only', async () => {
		const headers = { 'Content-Type': 'text/html', 'Retry-After': '7' };
		const body = '<h1>Bad gateway</h1>';
		sandbox.faults.push({ method: 'get', path: '/dashboards$', status: 502, headers, body });
		const response = await list();
		expect([response.status, response.data]).toEqual([502, body]);
		expect(response.headers).toMatchObject({
			'content-type': expect.stringMatching('text/html'),
			'retry-after': '7',
		});
		expect((await create()).status).toBe(201);
		expect((await admin().get('/users')).status).toBe(200);
	});

	it('sends any JSON, and an error envelope where no body is given', async () => {
		sandbox.faults.push({ times: 1, body: { data: [], meta: { total: 7 } } }, { status: 503 });
		expect((await list()).data).toEqual({ data: [], meta: { total: 7 } });
		expect(outcome(await list())).toEqual([503, 'internal_error']);
	});

	it('skips the first matches and ends after the given times', async () => {
		sandbox.faults.push({ skip: 1, times: 2, status: 500 });
		const found = [await list(), await list(), await list(), await list()];
		expect(found.map(({ status }) => status)).toEqual([200, 500, 500, 200]);
	});

	it('drops the connection before the work', async () => {
		sandbox.faults.push({ drop: 'before' });
		await expect(create()).rejects.toMatchObject({ code: 'ECONNRESET' });
		expect(sandbox.store.dashboards.size).toBe(280);
		expect(sandbox.requests.at(-1)?.status).toBe(0);
	});

	it('drops the connection after the work', async () => {
		sandbox.faults.push({ drop: 'after' });
		await expect(create()).rejects.toMatchObject({ code: 'ECONNRESET' });
		expect(sandbox.store.dashboards.size).toBe(281);
	});

	it('drops the connection in the middle of the response', async () => {
		sandbox.faults.push({ drop: 'during' });
		const response = await admin().get('/dashboards', { responseType: 'stream' });
		let received = 0;
		const readAll = async () => {
			for await (const chunk of response.data) received += chunk.length;
		};
		await expect(readAll()).rejects.toThrow('aborted');
		expect(received).toBeGreaterThan(0);
		expect(received).toBeLessThan(Number(response.headers['content-length']));
	});

	it('stalls, then goes on', async () => {
		sandbox.faults.push({ delayMs: 100 });
		const start = performance.now();
		expect((await list()).status).toBe(200);
		expect(performance.now() - start).toBeGreaterThan(95);
	});
});

describe('exports', () => {
	const start = async (format: ExportFormat = 'pdf', dashboard_id = 'dash_abc123') =>
		(await viewer().post('/exports', { dashboard_id, format })).data.data as Export;
	const read = async (id: string) => (await viewer().get(`/exports/${id}`)).data.data as Export;
	const download = async (url: string | null, http = viewer()) =>
		await http.get(String(url), { responseType: 'arraybuffer', maxRedirects: 0 });
	const fileOf = async (format: ExportFormat) => {
		const response = await download((await start(format)).download_url);
		expect(response.headers['content-length']).toBe(String(response.data.length));
		expect(response.headers['content-disposition']).toBe(
			`attachment; filename="Q4 Revenue Overview.${format}"`,
		);
		return { type: String(response.headers['content-type']), content: response.data as Buffer };
	};

	it('goes from queued over processing to completed', async () => {
		sandbox.settings.exportDurationMs = 60_000;
		const queued = await start();
		expect(queued).toMatchObject({ status: 'queued', progress: 0, download_url: null });
		const job = sandbox.store.exports.find(queued.id) as { createdAt: number };
		job.createdAt -= 30_000;
		const processing = await read(queued.id);
		expect(processing.status).toBe('processing');
		expect(processing.progress).toBeGreaterThan(40);
		expect((await download(`/exports/${queued.id}/file`)).status).toBe(404);
		job.createdAt -= 30_000;
		const completed = await read(queued.id);
		expect(completed).toMatchObject({ status: 'completed', progress: 100, error: null });
		expect(completed.download_url).toContain(`${sandbox.baseUrl}/exports/${queued.id}/file?`);
		const lifetime = Date.parse(String(completed.expires_at)) - Date.now();
		expect(lifetime).toBeGreaterThan(14 * 60_000);
	});

	it('fails with the set reason', async () => {
		sandbox.settings.exportFailure = 'The chart did not load.';
		const failed = await start();
		expect(failed).toMatchObject({
			status: 'failed',
			error: 'The chart did not load.',
			download_url: null,
		});
	});

	it('answers 404 for an unknown dashboard', async () => {
		const body = { dashboard_id: 'nothing', format: 'pdf' };
		expect(outcome(await admin().post('/exports', body))).toEqual([404, 'not_found']);
	});

	it('gives relative links, or links with a token on another host', async () => {
		sandbox.settings.downloadUrl = 'relative';
		const { id, download_url: relative } = await start();
		expect(relative).toMatch(new RegExp(`^/v1/exports/${id}/file\\?expires=\\d+$`));
		expect((await download(sandbox.origin + relative, client())).status).toBe(401);
		Object.assign(sandbox.settings, {
			downloadUrl: 'absolute',
			downloadOrigin: 'http://files.test',
		});
		const foreign = String((await read(id)).download_url);
		expect(foreign).toMatch(/^http:\/\/files\.test\/v1\/exports\/.*&token=/);
		const local = foreign.replace('http://files.test', sandbox.origin);
		expect((await download(local, client())).status).toBe(200);
		expect((await download(`${local}x`, client())).status).toBe(401);
	});

	it('lets links expire', async () => {
		sandbox.settings.exportLinkLifetimeMs = 0;
		const { download_url } = await start('csv');
		const response = await viewer().get(String(download_url));
		expect(outcome(response)).toEqual([403, 'link_expired']);
	});

	it('renders a PDF', async () => {
		const { type, content } = await fileOf('pdf');
		expect(type).toBe('application/pdf');
		expect(content.subarray(0, 5).toString()).toBe('%PDF-');
		expect(content.toString('latin1').trimEnd().endsWith('%%EOF')).toBe(true);
	});

	it('renders a PNG', async () => {
		const { type, content } = await fileOf('png');
		expect(type).toBe('image/png');
		expect(content.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
		expect([content.readUInt32BE(16), content.readUInt32BE(20)]).toEqual([1600, 900]);
	});

	it('renders a CSV file', async () => {
		const { type, content } = await fileOf('csv');
		expect(type).toBe('text/csv; charset=utf-8');
		const lines = content.toString().trimEnd().split('\r\n');
		expect(lines).toHaveLength(13);
		expect(lines[1]).toMatch(/^Q4 Revenue Overview,2025-03,Revenue,\d+,\d+,-?\d+\.\d$/);
	});

	it('renders an XLSX file', async () => {
		const { type, content } = await fileOf('xlsx');
		expect(type).toContain('spreadsheetml');
		const sheet = unzip(content, 'xl/worksheets/sheet1.xml');
		expect(sheet).toContain('<sheetData>');
		expect(unzip(content, 'xl/sharedStrings.xml')).toContain('Q4 Revenue Overview');
	});

	it.each(['pdf', 'png', 'csv', 'xlsx'] as const)('swells a %s file to a size', async (format) => {
		const { content: rendered } = await fileOf(format);
		sandbox.settings.exportFileBytes = 1_000_001;
		const { content } = await fileOf(format);
		expect(content).toHaveLength(1_000_001);
		expect(content.subarray(0, rendered.length).equals(rendered)).toBe(true);
		expect((await fileOf(format)).content.equals(content)).toBe(true);
	});

	it('cuts a file to a size', async () => {
		sandbox.settings.exportFileBytes = 5;
		expect((await fileOf('pdf')).content.toString()).toBe('%PDF-');
	});

	it('never holds a large file in memory, and survives that its reader leaves', async () => {
		sandbox.settings.exportFileBytes = 4_000_000_000;
		const { download_url } = await start();
		const before = process.memoryUsage.rss();
		const { data, headers } = await viewer().get(String(download_url), { responseType: 'stream' });
		expect(headers['content-length']).toBe('4000000000');
		await sleep(200);
		expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000);
		data.on('error', () => {});
		data.destroy();
		await sleep(500);
		expect(sandbox.requests.at(-1)).toMatchObject({ status: 0, endedAt: expect.any(Number) });
		expect((await read((await start()).id)).status).toBe('completed');
	});

	it('renders a changed dashboard differently', async () => {
		const before = await fileOf('csv');
		const url = '/dashboards/dash_abc123';
		await admin().patch(url, { description: 'Changed' });
		expect((await fileOf('csv')).content.equals(before.content)).toBe(false);
	});
});

/** Reads one part of a zip file by its central directory. */
function unzip(zip: Buffer, name: string): string {
	let entry = zip.readUInt32LE(zip.length - 6);
	for (;;) {
		const [nameLength, extra, comment] = [28, 30, 32].map((at) => zip.readUInt16LE(entry + at));
		const end = entry + 46 + Number(nameLength);
		if (zip.toString('utf8', entry + 46, end) === name) break;
		entry = end + Number(extra) + Number(comment);
	}
	const local = zip.readUInt32LE(entry + 42);
	const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
	return inflateRawSync(zip.subarray(start, start + zip.readUInt32LE(entry + 20))).toString();
}

describe('the OpenAPI file', () => {
	interface Marked {
		'x-source'?: string;
	}
	interface Operation extends Marked {
		operationId: string;
		parameters?: Array<Marked & { $ref?: string }>;
		responses: Record<string, Marked & { $ref?: string }>;
	}
	interface Specification {
		paths: Record<string, Record<string, Operation>>;
		components: Record<'schemas' | 'parameters' | 'responses', Record<string, Marked>>;
	}
	const specification = parse(readFileSync(SPECIFICATION, 'utf8')) as Specification;
	const operations = Object.entries(specification.paths).flatMap(([route, methods]) =>
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

	function idFor(route: string): string {
		const { dashboards, dataSources, users, exports } = sandbox.store;
		const collections = { dashboards, 'data-sources': dataSources, users, exports };
		const name = route.split('/')[1] as keyof typeof collections;
		return collections[name].all[4]?.id ?? '';
	}

	it.each(operations)('matches what $method $route answers', async ({ route, method, ...rest }) => {
		const url = route.replace('{id}', route.endsWith('/file') ? freshExport() : idFor(route));
		const data = BODIES[rest.operationId];
		const { status } = await admin().request({ method, url, data });
		expect(String(status)).toBe(Object.keys(rest.responses)[0]);
		sandbox.settings.rateLimit = 0;
		expect((await admin().request({ method, url, data })).status).toBe(429);
	});

	function freshExport(): string {
		return sandbox.store.exports.all.at(-1)?.id ?? '';
	}

	it('makes a response that does not match it a 500', async () => {
		const dashboard = sandbox.store.dashboards.all[0] as Partial<Dashboard>;
		delete dashboard.name;
		const response = await admin().get('/dashboards/dash_abc123');
		expect(outcome(response)).toEqual([500, 'internal_error']);
		expect(response.data.error.message).toContain("'name'");
	});

	it('marks everything as documented or assumed', () => {
		const { schemas, parameters, responses } = specification.components;
		const inline = operations.flatMap((operation) =>
			[...(operation.parameters ?? []), ...Object.values(operation.responses)].filter(
				({ $ref }) => $ref === undefined,
			),
		);
		const marked = [schemas, parameters, responses].flatMap((group) => Object.values(group));
		for (const entry of [...operations, ...inline, ...marked]) {
			expect(entry['x-source']).toMatch(/^(documented|assumed)$/);
		}
	});
});

describe('control', () => {
	const http = () =>
		axios.create({ baseURL: sandbox.origin, validateStatus: () => true, proxy: false });

	it('says what it is', async () => {
		expect((await http().get('/')).data).toContain('Vizdom sandbox');
	});

	it('changes settings, faults and the number of records of a running sandbox', async () => {
		const { status, data } = await http().patch('/sandbox', {
			settings: { latencyMs: 1 },
			faults: [{ path: '/users', status: 500 }],
			records: { dashboards: 3, dataSources: 20 },
		});
		expect(status).toBe(200);
		expect(data.counts).toMatchObject({ dashboards: 3, dataSources: 20, users: 40 });
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
		[{ settings: { latency: 1 } }, 'settings has no "latency"'],
		[{ settings: { latencyMs: -1, rateLimit: 1 } }, 'settings.latencyMs must be a whole number'],
		[{ settings: { exportFileBytes: 1.5 } }, 'exportFileBytes must be a whole number, 0 or more'],
		[{ faults: [{ path: '(' }] }, 'faults[0].path must be a regular expression'],
		[{ records: { exports: 1 } }, 'records has no "exports"'],
		[[], 'The body must be an object'],
	])('refuses %j', async (body, message) => {
		const response = await http().patch('/sandbox', body);
		expect(response.status).toBe(400);
		expect(response.data.error.message).toContain(message);
		expect(sandbox.settings.rateLimit).toBe(1000);
	});

	it('names the port that is taken', async () => {
		const port = Number(new URL(sandbox.origin).port);
		await expect(startSandbox({ port })).rejects.toThrow(`Port ${port} is already in use`);
	});
});
