import { readFileSync, statSync } from 'node:fs';
import { execa } from 'execa';
import { Api } from '../probe/api.mts';
import { probe, type Finding } from '../probe/probe.mts';
import type { DialectName } from '../sandbox/dialects.mts';
import { startSandbox, type Sandbox } from '../sandbox/server.mts';

let sandbox: Sandbox;

// What is learned about a server applies to its origin, so each test has its own.
beforeEach(async () => {
	sandbox = await startSandbox({ settings: { exportDurationMs: 0 } });
});
afterEach(async () => await sandbox.close());

const api = () => new Api(sandbox.baseUrl, sandbox.keys.admin);

const only = (findings: Finding[], verdict: Finding['verdict']) =>
	findings.filter((finding) => finding.verdict === verdict);

/** Such as `nodes/shared/vizdom/facts.ts: user, users; nodes/VizdomUser`. */
function expectToExist(where: string): void {
	for (const place of where.split('; ')) {
		const [file = '', names = ''] = place.split(': ');
		const text = statSync(file).isFile() ? readFileSync(file, 'utf8') : '';
		for (const name of names.split(', ')) expect(text).toContain(name);
	}
}

/** The differences that a report finds in a dialect. */
const dialectReports: Array<[DialectName, Record<string, [seen: string, where: string]>]> = [
	['assumed', {}],
	['page-number', { 'Paging parameters': ['per_page, page (pages from 1)', 'assumedPaging'] }],
	['skip-limit-strict', { 'Paging parameters': ['limit, skip', 'assumedPaging'] }],
	['cursor', { 'Paging parameters': ['limit, cursor (a cursor)', 'assumedPaging'] }],
	[
		'page-alone',
		{
			'Paging parameters': ['no parameter for the size, page (pages from 1)', 'assumedPaging'],
			'Largest page': ['20 of 280 came', 'assumedPaging'],
		},
	],
	[
		'members',
		{
			'Path of the users': ['GET /members: 200', 'users, user'],
			'One user': ['GET /members/{id}: 200', 'users, user'],
		},
	],
	[
		'datasources',
		{
			'Path of the data sources': ['GET /datasources: 200', 'dataSources, dataSource'],
			'One data source': ['GET /datasources/{id}: 200', 'dataSources, dataSource'],
		},
	],
	['put', { 'Change a dashboard': ['PUT /dashboards/{id}: 200', 'updateMethods'] }],
	[
		'start-below-dashboard-404',
		{ 'Start an export': ['POST /dashboards/{id}/exports: 201', 'exports'] },
	],
	[
		'file-in-url',
		{
			'Fields of the exports': ['no download_url', 'Export'],
			'Where the file is': ['url, GET /exports/', 'fileFields'],
		},
	],
	[
		'upper-case-states',
		{
			"Words for an export's states": ['DONE, ERROR', 'exportStates'],
			'Fields of the exports': ['status must be equal to one of', 'Export'],
		},
	],
	[
		'numeric-ids',
		{
			'Fields of the dashboards': ['id must be string (', 'Dashboard'],
			'Fields of the data sources': ['id must be string (', 'DataSource'],
			'Fields of the users': ['id must be string (', 'User'],
			'Fields of the exports': ['id must be string (', 'Export'],
		},
	],
];

test.each(dialectReports)(
	'says what the nodes know about the dialect %s',
	async (name, expected) => {
		sandbox.settings.dialect = name;
		const { size } = sandbox.store.dashboards;
		const findings = await probe(api(), true);
		expect(only(findings, 'differs')).toEqual([]);
		expect(only(findings, 'unknown')).toEqual([]);
		const others = only(findings, 'other');
		expect(others.map(({ what }) => what).sort()).toEqual(Object.keys(expected).sort());
		for (const { what, seen, where } of others) {
			expect(seen).toContain(expected[what]?.[0]);
			expect(where).toContain(`: ${expected[what]?.[1]}`);
		}
		for (const { where, others } of findings) {
			expectToExist(where);
			if (others) expectToExist(others);
		}
		expect(sandbox.store.dashboards.size).toBe(size);
	},
);

const deviations: Array<[what: string, seen: string, plant: (http: Api['http']) => unknown]> = [
	[
		'Paging parameters',
		'the same 50 of 280 records, together with {"meta":{"total":280}}. Tried without success: ?page=2&skip=3',
		({ interceptors }) => interceptors.request.use((config) => ({ ...config, params: {} })),
	],
	[
		'Path of the users',
		'GET /team?limit=100&offset=0: 404',
		({ interceptors }) =>
			interceptors.request.use((config) => ({
				...config,
				url: config.url?.replace(/users$/, 'people'),
			})),
	],
	[
		'Error bodies',
		'404: no error in {title}, 401: no error in {title}',
		({ interceptors }) =>
			interceptors.response.use((got) => (got.status < 400 ? got : { ...got, data: { title: 1 } })),
	],
	[
		'Rate-limit headers',
		'x-ratelimit-limit: 600',
		({ interceptors }) =>
			interceptors.response.use((got) => ({ ...got, headers: { 'x-ratelimit-limit': '600' } })),
	],
	[
		'Envelope',
		'{items, meta}',
		({ interceptors }) =>
			interceptors.response.use((got) => {
				const { data, ...rest } = got.data as Record<string, unknown>;
				return Array.isArray(data) ? { ...got, data: { items: data, ...rest } } : got;
			}),
	],
];

test.each(deviations)('names unknown differences: %s', async (what, seen, plant) => {
	sandbox.settings.dialect = 'at-most-50';
	const deviating = api();
	plant(deviating.http);
	const findings = only(await probe(deviating), 'differs');
	const finding = findings.find((one) => one.what === what);
	expect(finding?.seen).toContain(seen);
	expect(sandbox.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('deletes its dashboard even if it cannot continue', async () => {
	const { size } = sandbox.store.dashboards;
	sandbox.faults.push({ method: 'POST', path: '^/v1/exports$', status: 401 });
	await expect(probe(api(), true)).rejects.toThrow('401');
	expect(sandbox.store.dashboards.size).toBe(size);
});

test('texts from a server are shown in one line, without control characters', async () => {
	const hostile = `a\u001b[31mb\u009b2Jc\nDiffers: 0\n\u202e`;
	const split = sandbox.keys.admin.replace('-', '-\u200b');
	const body = { error: { code: hostile, message: `${hostile}${split}` }, [hostile]: 1 };
	sandbox.faults.push({ path: '^/v1/dashboards/', status: 400, body });
	sandbox.faults.push({
		path: '^/v1/exports$',
		status: 200,
		body: { data: [{ id: 1, status: hostile }], meta: { total: 1 } },
	});
	const findings = await probe(api());
	const shown = findings.map(({ seen }) => seen).join('');
	expect(shown).toContain('abc Differs: 0');
	expect(shown).not.toMatch(/[\p{Cc}\p{Cf}]/u);
	expect(shown).not.toContain(sandbox.keys.admin);
	sandbox.faults.splice(0, Infinity, { status: 401, body });
	await expect(probe(api())).rejects.toThrow(
		/^The server refuses the key \(401\)[^\p{Cc}\p{Cf}]+$/u,
	);
});

test('the program exits with 0, 1 or 2, and never shows the key', async () => {
	const key = sandbox.keys.admin;
	const run = async (...given: string[]) => {
		const env = { VIZDOM_API_KEY: key, VIZDOM_BASE_URL: sandbox.baseUrl };
		const args = ['--import', 'tsx', 'test/probe/main.mts', ...given];
		return await execa('node', args, { env, all: true, reject: false });
	};
	const runs = [await run(), await run(key)];
	const echo = { headers: { 'X-RateLimit-Key': key }, body: { [key]: key } };
	sandbox.faults.push({ path: '^/v1/dashboards/', status: 404, ...echo });
	runs.push(await run());
	sandbox.faults.push({ status: 401, ...echo });
	runs.push(await run());
	sandbox.faults.length = 0;
	sandbox.settings.dialect = 'members';
	runs.push(await run());
	expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 2, 1, 2, 1]);
	const text = runs.map(({ all }) => all).join('\n');
	expect(text).toContain('to make it the first: nodes/shared/vizdom/facts.ts: users, user');
	expect(text).toContain('x-ratelimit-key: [API key]');
	expect(text).not.toContain(key);
}, 90_000);
