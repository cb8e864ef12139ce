import axios, { type AxiosResponse, type Method } from 'axios';
import { wantedDialect } from '../n8n/dialect.mts';
import { dialectNames, type DialectName } from '../sandbox/dialects.mts';
import { startSandbox, type Sandbox } from '../sandbox/server.mts';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ settings: { exportDurationMs: 0 } });
});
beforeEach(() => sandbox.reset());
afterAll(async () => await sandbox.close());

type Json = Record<string, unknown>;

/** Such as `'GET /users?page=2'`, below the Base URL; or a whole address. */
async function send(request: string, data?: Json, key = sandbox.keys.admin) {
	const [method, url] = request.split(' ') as [Method, string];
	return await axios.request({
		...{ method, url, data, baseURL: sandbox.baseUrl, proxy: false },
		headers: { Authorization: `Bearer ${key}` },
		validateStatus: () => true,
	});
}

function speak(dialect: DialectName): void {
	sandbox.settings.dialect = dialect;
}

const ids = ({ data }: AxiosResponse) => (data.data as Json[]).map(({ id }) => id);
const outcome = ({ status, data }: AxiosResponse) => [status, data.error?.message];

/** The records' places in the whole list. */
function places(response: AxiosResponse): number[] {
	const { all } = sandbox.store.dashboards;
	return ids(response).map((id) => all.findIndex((dashboard) => dashboard.id === id));
}

/** A value in a response, such as that of `meta.next_cursor`. */
function at(body: unknown, place: string): unknown {
	return place.split('.').reduce((value, name) => (value as Json | undefined)?.[name], body);
}

describe('a page', () => {
	it.each<[DialectName, string, first: number, count: number, meta: Json]>([
		['page-number', '', 0, 20, { page: 1, per_page: 20 }],
		['page-number', 'page=2', 20, 20, { page: 2, per_page: 20 }],
		['page-number', 'page=2&per_page=500&limit=5&offset=3', 100, 100, { page: 2, per_page: 100 }],
		['page-number', 'page=99', -1, 0, { page: 99, per_page: 20 }],
		['page-number-no-hints', 'page=28&offset=1', 270, 10, {}],
		['page-number-strict', 'page=14&per_page=20', 260, 20, { page: 14, per_page: 20 }],
		[
			'page-and-page-size',
			'page=2&page_size=100',
			100,
			100,
			{ page: 2, page_size: 100, total_pages: 3 },
		],
		['page-and-limit', 'page=3&limit=7&offset=1', 14, 7, {}],
		['page-and-camel-size', 'page=6', 250, 30, { hasMore: false }],
		['page-from-zero', 'page=1&size=30', 30, 30, { number: 1, size: 30, totalPages: 10 }],
		['page-alone', 'page=2&limit=5', 20, 20, {}],
		['page-alone-from-zero', 'page=2', 50, 25, {}],
		['page-nested', 'page[number]=2&page[size]=90', 90, 90, { last_page: 4 }],
		['page-camel', 'pageNumber=2', 10, 10, { pageNumber: 2, pageSize: 10 }],
		['limit-offset-strict', 'offset=7&limit=3', 7, 3, {}],
		['skip-limit', 'skip=7&limit=3&offset=1', 7, 3, {}],
		['skip-take', 'skip=7', 7, 50, {}],
		['start-count', 'start=277', 277, 3, { count: 3, has_more: false }],
		['at-most-50', 'limit=100', 0, 50, {}],
		['at-most-50-refused', 'limit=50&offset=1&page=7', 1, 50, {}],
		['fixed-25', 'limit=100&offset=30', 30, 25, {}],
		['members', 'limit=3&offset=4&page=9', 4, 3, {}],
	])('of %s for ?%s', async (dialect, query, first, count, meta) => {
		speak(dialect);
		const response = await send(`GET /dashboards?${query}`);
		const expected = Array.from({ length: count }, (_, index) => first + index);
		expect(places(response)).toEqual(expected);
		expect(response.data.meta).toEqual({ total: 280, ...meta });
		expect(sandbox.requests[0]).toMatchObject({ path: '/v1/dashboards', status: 200 });
	});

	it('is no larger than the sandbox allows', async () => {
		sandbox.settings.maxPageSize = 15;
		speak('page-number');
		expect(places(await send('GET /dashboards?page=2'))[0]).toBe(15);
	});

	it.each<[DialectName, string, status: number, field: string]>([
		['page-number', 'page=0', 422, 'page'],
		['page-number', 'page=1.5', 422, 'page'],
		['page-number', 'per_page=0', 422, 'per_page'],
		['page-number-strict', 'page=1&limit=5', 400, 'limit'],
		['limit-offset-strict', 'page=1', 400, 'page'],
		['limit-offset-strict', 'limit=101', 400, 'limit'],
		['skip-limit-strict', 'offset=1', 422, 'offset'],
		['cursor-strict', 'page=1', 422, 'page'],
		['cursor', 'cursor=bnVsbA', 422, 'cursor'],
		['at-most-50-refused', 'limit=51', 422, 'limit'],
		['members', 'limit=101', 422, 'limit'],
	])('of %s is refused for ?%s with %d', async (dialect, query, status, field) => {
		speak(dialect);
		const response = await send(`GET /dashboards?${query}`);
		expect(response.status).toBe(status);
		expect(response.data.error.details[0].field).toBe(field);
	});
});

describe('the next page', () => {
	it.each<[DialectName, place: string, end: unknown, request: (next: string) => string]>([
		['cursor', 'meta.next_cursor', null, (next) => `/dashboards?limit=100&cursor=${next}`],
		['cursor-of-offset', 'meta.next_cursor', undefined, (next) => `/dashboards?cursor=${next}`],
		['page-token', 'meta.next_page_token', '', (next) => `/dashboards?page_token=${next}`],
		['next-link', 'links.next', null, (next) => next],
		['cursor-link', 'links.next', null, (next) => next],
		['next-path', 'meta.next', null, (next) => `${sandbox.origin}${next}`],
	])('of %s is in %s', async (dialect, place, end, request) => {
		speak(dialect);
		const seen: number[] = [];
		for (let url = '/dashboards'; url; ) {
			const response = await send(`GET ${url}`);
			seen.push(...places(response));
			const next = at(response.data, place);
			if (!next) expect(next).toBe(end);
			url = next ? request(String(next)) : '';
		}
		expect(seen).toEqual(Array.from({ length: 280 }, (_, index) => index));
	});

	it.each<[DialectName, number]>([
		['cursor', 20],
		['cursor-of-offset', 26],
	])('of %s begins with record %d after a deletion', async (dialect, first) => {
		speak(dialect);
		const { data } = await send('GET /dashboards');
		const expected = sandbox.store.dashboards.all[first]?.id;
		await send(`DELETE /dashboards/${data.data.at(-1).id}`);
		const next = await send(`GET /dashboards?cursor=${data.meta.next_cursor}`);
		expect(ids(next)[0]).toBe(expected);
	});
});

const NOT_FOUND = [404, 'Not Found'];
const NOT_ALLOWED = [405, 'Method Not Allowed'];
const INVITATION = { email: 'new@example.com', role: 'viewer' };

describe('a path', () => {
	it.each<[DialectName, known: string, unknown: string]>([
		['datasources', 'GET /datasources', 'GET /data-sources'],
		['underscored-data-sources', 'GET /data_sources', 'GET /data-sources/ds_1'],
		['connections', 'GET /connections', 'GET /datasources'],
		['members', 'GET /members', 'GET /users'],
		['members', 'POST /members/invite', 'POST /users/invite'],
		['members-invitations', 'POST /members/invitations', 'POST /invitations'],
		['invitations', 'POST /invitations', 'GET /invitations/'],
		['export-jobs', 'GET /export-jobs', 'GET /exports'],
		['dashboard-exports', 'GET /dashboard-exports', 'GET /Exports'],
		['file-without-field', 'GET /exports', 'GET /exports/exp_1/file'],
		['start-below-dashboard-404', 'GET /exports', 'POST /exports'],
	])('of %s: there is %s, but no %s', async (dialect, known, unknown) => {
		speak(dialect);
		const body = known.startsWith('POST') ? INVITATION : undefined;
		expect((await send(known, body)).status).toBeLessThan(300);
		expect(outcome(await send(unknown, body))).toEqual(NOT_FOUND);
	});

	it.each<[DialectName, request: string, allow: string]>([
		['put', 'PATCH /dashboards/dash_abc123', 'GET, PUT, DELETE'],
		['start-below-dashboard', 'POST /exports', 'GET'],
		['invitations', 'GET /invitations', 'POST'],
		['users-invitations', 'POST /users/invite', 'GET, PATCH, DELETE'],
		['page-number', 'PUT /dashboards', 'GET, POST'],
	])('of %s refuses %s, and allows %s', async (dialect, request, allow) => {
		speak(dialect);
		const response = await send(request, {});
		expect(outcome(response)).toEqual(NOT_ALLOWED);
		expect(response.headers.allow).toBe(allow);
	});

	it('contains the record', async () => {
		speak('members');
		const [owner, user] = sandbox.store.users.all;
		expect((await send(`GET /members/${user?.id}`)).data.data).toEqual(user);
		expect((await send(`DELETE /members/${user?.id}`)).status).toBe(204);
		expect((await send(`DELETE /members/${owner?.id}`)).status).toBe(403);
		expect(outcome(await send('GET /members/user_x'))[1]).toContain("'user_x'");
	});
});

describe('PUT', () => {
	const DASHBOARD = '/dashboards/dash_abc123';

	it('replaces: missing fields are lost, or refused if required', async () => {
		speak('put');
		const { data: read } = await send(`GET ${DASHBOARD}`);
		const whole = await send(`PUT ${DASHBOARD}`, { ...read.data, name: 'A' });
		expect(whole.data.data).toMatchObject({ name: 'A', description: read.data.description });
		const part = await send(`PUT ${DASHBOARD}`, { name: 'B' });
		expect(part.data.data).toMatchObject({ name: 'B', description: '' });
		expect(outcome(await send(`PUT ${DASHBOARD}`, { description: 'C' }))).toEqual([
			...[400, 'Bad request: name is required.'],
		]);
		const user = sandbox.store.users.all[1];
		expect((await send(`PUT /users/${user?.id}`, { role: 'viewer' })).status).toBe(400);
		expect((await send(`PUT /users/${user?.id}`, { ...user, role: 'viewer' })).status).toBe(200);
	});

	it('may refuse fields that cannot be set, and needs the usual role', async () => {
		speak('put-strict');
		const { data } = await send(`GET ${DASHBOARD}`);
		expect((await send(`PUT ${DASHBOARD}`, data.data)).status).toBe(422);
		expect((await send(`PUT ${DASHBOARD}`, {}, sandbox.keys.viewer)).status).toBe(403);
		expect((await send(`PUT ${DASHBOARD}`, { name: 'A', description: 'B' })).status).toBe(200);
	});
});

describe('the status', () => {
	const start = { dashboard_id: 'dash_abc123', format: 'csv' };

	it.each<[DialectName, created: number, started: number, deleted: number]>([
		['assumed', 201, 201, 204],
		['created-200', 200, 200, 204],
		['accepted-202', 201, 202, 202],
		['shows-deleted', 201, 201, 200],
	])('of %s: %d for a creation, %d for an export, %d for a deletion', async (dialect, ...all) => {
		speak(dialect);
		const created = await send('POST /dashboards', { name: 'A' });
		const started = await send('POST /exports', start);
		const { status, data } = await send(`DELETE /dashboards/${created.data.data.id}`);
		expect([created.status, started.status, status]).toEqual(all);
		expect(data).toEqual(dialect === 'shows-deleted' ? created.data : '');
		expect((await send(`DELETE /dashboards/${created.data.data.id}`)).status).toBe(404);
	});
});

describe('an export', () => {
	const start = { dashboard_id: 'dash_abc123', format: 'csv' };

	it.each<DialectName>(['export-at-once', 'export-at-once-without-id'])(
		'of %s is complete in the response to its start',
		async (dialect) => {
			sandbox.settings.exportDurationMs = 60_000;
			speak(dialect);
			const { data } = (await send('POST /exports', start)).data;
			expect(data.status).toBe('completed');
			expect('id' in data).toBe(dialect === 'export-at-once');
			expect((await send(`GET ${data.download_url}`)).status).toBe(200);
		},
	);

	it.each<DialectName>(['start-below-dashboard', 'mixed-cursor'])(
		'of %s is started below its dashboard',
		async (dialect) => {
			speak(dialect);
			const [dashboard] = (await send('GET /dashboards')).data.data as Json[];
			const { status, data } = await send(`POST /dashboards/${dashboard?.id}/exports`, {
				format: 'pdf',
			});
			expect([status, data.data.dashboard_id]).toEqual([201, dashboard?.id]);
			expect((await send('POST /dashboards/%E0%A4%A/exports', start)).status).toBeGreaterThan(403);
		},
	);

	it.each<[DialectName, queued: string, processing: string, completed: string, failed: string]>([
		['upper-case-states', 'PENDING', 'RUNNING', 'DONE', 'ERROR'],
		['ready-states', 'in_progress', 'in_progress', 'ready', 'cancelled'],
		['unknown-states', 'waiting_for_worker', 'rendering', 'completed', 'failed'],
	])('of %s is %s, %s, %s or %s', async (dialect, ...states) => {
		speak(dialect);
		sandbox.settings.exportDurationMs = 60_000;
		const { id } = (await send('POST /exports', start)).data.data;
		const job = sandbox.store.exports.find(id)!;
		const state = async () => (await send(`GET /exports/${id}`)).data.data.status as string;
		const seen = [await state()];
		for (const failure of [null, null, 'A reason']) {
			Object.assign(job, { createdAt: job.createdAt - 30_000, failure });
			seen.push(await state());
		}
		expect(seen).toEqual(states);
	});

	it.each<[DialectName, place: string, pattern: RegExp, base: () => string]>([
		['file-in-url', 'url', /^http/, () => ''],
		['file-in-file-url', 'file_url', /^http/, () => ''],
		['file-nested', 'file.url', /^http/, () => ''],
		['file-in-links', 'links.download', /^http/, () => ''],
		['file-path', 'path', /^\/v1\/exports\/exp_\w+\/file$/, () => sandbox.origin],
		['file-below-base', 'download_url', /^\/exports\/exp_\w+\/file$/, () => sandbox.baseUrl],
		['file-without-field', 'id', /^exp_/, () => `${sandbox.baseUrl}/exports/`],
		['export-jobs', 'download_url', /\/v1\/export-jobs\/exp_\w+\/file\?/, () => ''],
		['numeric-ids', 'download_url', /\/v1\/exports\/\d+\/file\?/, () => ''],
	])('of %s has its file at %s', async (dialect, place, pattern, base) => {
		const { id } = (await send('POST /exports', start)).data.data as { id: string };
		speak(dialect);
		const path = dialect === 'export-jobs' ? '/export-jobs' : '/exports';
		const record = (await send(`GET ${path}`)).data.data.at(-1) as Json;
		const address = String(at(record, place));
		expect(address).toMatch(pattern);
		if (place !== 'download_url') expect(record).not.toHaveProperty('download_url');
		const end = dialect === 'file-without-field' ? '/download' : '';
		const file = await send(`GET ${base()}${address}${end}`);
		expect(file.status).toBe(200);
		expect(file.data).toContain('Q4 Revenue Overview');
		expect(sandbox.store.exports.all.at(-1)?.id).toBe(id);
	});

	it('opens with the token of a link, too', async () => {
		sandbox.settings.downloadOrigin = sandbox.origin;
		speak('numeric-ids');
		const link = (await send('GET /exports')).data.data.at(-1).download_url as string;
		expect((await send(`GET ${link}`, undefined, 'wrong')).status).toBe(200);
		expect((await send(`GET ${link}x`, undefined, 'wrong')).status).toBe(401);
	});
});

describe('a value', () => {
	it('that identifies is a number for numeric-ids', async () => {
		speak('numeric-ids');
		const [{ id }] = (await send('GET /dashboards')).data.data as [{ id: number }];
		expect(id).toBe(parseInt('abc123', 36));
		expect((await send(`GET /dashboards/${id}`)).data.data.id).toBe(id);
		expect((await send('GET /dashboards/dash_abc123')).status).toBe(422);
		expect(outcome(await send('GET /dashboards/7'))[1]).toContain("'7'");
		const start = async (dashboard_id: unknown) =>
			await send('POST /exports', { dashboard_id, format: 'csv' });
		expect((await start(id)).data.data.dashboard_id).toBe(id);
		expect((await start(String(id))).status).toBe(422);
		expect((await start(undefined)).status).toBe(400);
	});

	it.each<[DialectName, unknown]>([
		['assumed', '2026-01-15T09:00:00Z'],
		['epoch-seconds', 1_768_467_600],
		['epoch-milliseconds', 1_768_467_600_000],
		['spaced-times', '2026-01-15 09:00:00'],
		['offset-times', '2026-01-15T11:00:00+02:00'],
	])('that is a time for %s is %j', async (dialect, time) => {
		speak(dialect);
		expect((await send('GET /dashboards')).data.data[0].created_at).toBe(time);
		expect((await send('GET /exports')).data.data[2].expires_at).toBeNull();
	});

	it('that counts records is text for total-as-text', async () => {
		speak('total-as-text');
		expect((await send('GET /users')).data.meta).toEqual({ total: '40' });
	});
});

describe('a dialect', () => {
	it.each(dialectNames)('%s answers the documented request', async (dialect) => {
		speak(dialect);
		const { status, data } = await send('GET /dashboards');
		expect(status).toBe(200);
		expect(Number(data.meta.total)).toBe(280);
		expect(data.data[0]).toMatchObject({ name: 'Q4 Revenue Overview', visualization_count: 8 });
	});

	it('is chosen by name while the sandbox runs', async () => {
		const choose = async (dialect: string) =>
			await send(`PATCH ${sandbox.origin}/sandbox`, { settings: { dialect } });
		expect((await choose('page-number')).data.settings.dialect).toBe('page-number');
		expect((await send('GET /dashboards')).data.data).toHaveLength(20);
		expect((await choose('page')).data.error.message).toContain("'page-number'");
		await choose('assumed');
		expect((await send('GET /dashboards')).data.data).toHaveLength(100);
		expect((await send('GET /dashboards?page=1')).status).toBe(422);
	});

	it('changes nothing about keys, rates, roles, faults and the log', async () => {
		speak('mixed-page-number');
		expect((await send('PATCH /users/x', {}, 'wrong')).status).toBe(401);
		const { viewer } = sandbox.keys;
		expect((await send('POST /members/invite', INVITATION, viewer)).status).toBe(403);
		sandbox.faults.push({ path: '/members$', status: 503 });
		expect((await send('GET /members?page=2')).status).toBe(503);
		sandbox.settings.rateLimit = 0;
		expect((await send('GET /nothing')).status).toBe(429);
		expect(sandbox.requests).toMatchObject([
			{ method: 'PATCH', path: '/v1/users/x', body: {}, status: 401 },
			{ method: 'POST', path: '/v1/members/invite', body: INVITATION, status: 403 },
			{ method: 'GET', path: '/v1/members', query: { page: '2' }, status: 503 },
			{ method: 'GET', path: '/v1/nothing', status: 429 },
		]);
	});

	it('is set in the environment, and an unknown name lists all', () => {
		expect(wantedDialect({})).toBe('assumed');
		expect(wantedDialect({ SANDBOX_DIALECT: 'cursor' })).toBe('cursor');
		expect(() => wantedDialect({ SANDBOX_DIALECT: 'x' })).toThrow(/=x is not [^]+ {2}page-number /);
	});
});
