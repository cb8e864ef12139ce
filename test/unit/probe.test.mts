import { readFileSync, statSync } from 'node:fs';
import { execa } from 'execa';
import { probe, type Finding } from '../probe/probe.mts';
import { Server } from '../probe/server.mts';
import { startSandbox, type Sandbox } from '../sandbox/server.mts';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ settings: { exportDurationMs: 0 } });
});
beforeEach(() => sandbox.reset());
afterAll(async () => await sandbox.close());

const server = () => new Server(sandbox.baseUrl, sandbox.keys.admin);

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

const deviations: Array<[what: string, seen: string, plant: (http: Server['http']) => unknown]> = [
	[
		'Paging parameters',
		'per_page, page (pages from 1)',
		({ interceptors }) =>
			interceptors.request.use((config) => {
				const { per_page: limit, page } = (config.params ?? {}) as Record<string, number>;
				return { ...config, params: { limit, offset: page && limit && (page - 1) * limit } };
			}),
	],
	['Largest page', '200, 25 of 280 came', () => (sandbox.settings.maxPageSize = 25)],
	[
		'Path of the data sources',
		'GET /datasources: 12 of 12',
		({ interceptors }) =>
			interceptors.request.use(({ url = '', ...config }) => {
				const moved = url.replace('/data-sources', '/none');
				return { ...config, url: moved.replace('/datasources', '/data-sources') };
			}),
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
];

test('names nothing in the honest sandbox, and leaves no dashboard behind', async () => {
	const { size } = sandbox.store.dashboards;
	const findings = await probe(server(), true);
	expect(only(findings, 'differs')).toEqual([]);
	expect(only(findings, 'unknown')).toMatchObject([{ what: 'Other operations' }]);
	for (const { where } of findings) expectToExist(where);
	expect(sandbox.store.dashboards.size).toBe(size);
});

test.each([
	...deviations.map((one) => [one[0], [one]] as const),
	['all five', deviations] as const,
])('names exactly what was planted: %s', async (_, planted) => {
	const deviating = server();
	for (const [, , plant] of planted) plant(deviating.http);
	const differing = only(await probe(deviating), 'differs').map(({ what, seen }) => [what, seen]);
	expect(differing.sort()).toEqual(planted.map(([what, seen]) => [what, seen]).sort());
	expect(sandbox.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('deletes its dashboard even if it cannot go on', async () => {
	const { size } = sandbox.store.dashboards;
	sandbox.faults.push({ method: 'POST', path: '^/v1/exports$', status: 429 });
	await expect(probe(server(), true)).rejects.toThrow('429');
	expect(sandbox.store.dashboards.size).toBe(size);
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
	expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 2, 1, 2]);
	const text = runs.map(({ all }) => all).join('\n');
	expect(text).toContain('x-ratelimit-key: ***');
	expect(text).not.toContain(key);
}, 90_000);
