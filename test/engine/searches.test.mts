import type { IDataObject } from 'n8n-workflow';
import { searchList } from './engine.mts';
import { json, startServer } from './faults/faultyServer.mts';
import { useSandbox } from './support.mts';

const setup = useSandbox();

test('The list of dashboards grows as the user scrolls, to its end', async () => {
	const seen: unknown[] = [];
	let token: string | undefined;
	do {
		const page = await searchList(
			'vizdomDashboard',
			'searchDashboards',
			setup.credential('viewer'),
			undefined,
			token,
		);
		seen.push(...page.results.map(({ value }) => value));
		token = page.paginationToken as string | undefined;
	} while (token !== undefined);
	const { dashboards } = setup.sandbox.store;
	expect(seen).toEqual(dashboards.all.map(({ id }) => id));
	expect(setup.sandbox.requests).toHaveLength(Math.ceil(dashboards.size / 100));
});

test('A search finds names whatever their case, also on the last page, and IDs', async () => {
	const { dashboards } = setup.sandbox.store;
	const last = dashboards.all.at(-1);
	for (const filter of [last?.name.toUpperCase(), last?.id]) {
		const { results } = await searchList(
			'vizdomExport',
			'searchDashboards',
			setup.credential(),
			filter,
		);
		expect(results).toContainEqual({ name: last?.name, value: last?.id });
	}
});

test('A search that finds nothing ends', async () => {
	const nothing = await searchList(
		'vizdomDashboard',
		'searchDashboards',
		setup.credential(),
		'no dashboard is called this',
	);
	expect(nothing).toEqual({ results: [], paginationToken: undefined });
});

test.each([
	['vizdomDataSource', 'searchDataSources', /\(.+\)$/],
	['vizdomUser', 'searchUsers', /@example\.com \((admin|editor|viewer)\)$/],
	[
		'vizdomExport',
		'searchExports',
		/^[A-Z].*, (PDF|PNG|CSV|XLSX), \d+ [A-Z][a-z]{2} \d\d:\d\d, (completed|failed)/,
	],
])('%s lists by name with %s', async (node, method, name) => {
	const { results } = await searchList(node, method, setup.credential());
	expect(results.length).toBeGreaterThan(0);
	for (const row of results) expect(row.name).toMatch(name);
});

test('A list that cannot be read says why', async () => {
	const credential = { ...setup.credential(), apiKey: 'wrong' };
	await expect(searchList('vizdomDashboard', 'searchDashboards', credential)).rejects.toMatchObject(
		{
			description: expect.stringContaining('API Key'),
		},
	);
});

const nodes: Record<string, string> = {
	searchDataSources: 'vizdomDataSource',
	searchExports: 'vizdomExport',
	searchUsers: 'vizdomUser',
};

/** One call of a search, on a server with these records. */
async function searched(search: string, records: IDataObject[], filter?: string) {
	const server = await startServer(({ path }) => {
		const { searchParams } = new URL(path, 'http://127.0.0.1');
		const offset = Number(searchParams.get('offset') ?? 0);
		const data = records.slice(offset, offset + Number(searchParams.get('limit') ?? 50));
		return json(200, { data, meta: { total: records.length } });
	});
	const node = nodes[search] ?? 'vizdomDashboard';
	const found = searchList(node, search, server.credential, filter);
	return { ...(await found.finally(server.close)), requests: server.requests.length };
}

function named(...names: unknown[]): IDataObject[] {
	return names.map((name, index) => ({ id: `dash_${index}`, name }) as IDataObject);
}

test('A name far behind in a long list is found by one call, and a common one in one request', async () => {
	const names = Array.from({ length: 2_500 }, (_, index) => `Board ${index}`);
	const rare = await searched('searchDashboards', named(...names, 'Needle'), 'needle');
	expect(rare).toEqual({
		results: [{ name: 'Needle', value: 'dash_2500' }],
		paginationToken: undefined,
		requests: 26,
	});
	const common = await searched('searchDashboards', named(...names), 'board');
	expect(common.requests).toBe(1);
	expect(common.paginationToken).toEqual(expect.any(String));
});

test.each([
	['Übersicht', 'U\u0308bersicht'],
	['U\u0308bersicht', 'ÜBER'],
	['Straße', 'STRASSE'],
	['North  America', 'north america'],
	['North\u00a0America', ' North   America '],
	['Rev\u00adenue', 'revenue'],
])('%j is found as %j', async (name, filter) => {
	const { results } = await searched('searchDashboards', named('Other', name), filter);
	expect(results).toEqual([{ name, value: 'dash_1' }]);
});

test.each([[null], [undefined], [''], [' \u200b'], [{ first: 'A' }]])(
	'A record with the name %j shows its ID, and is found by it',
	async (name) => {
		const { results } = await searched('searchDashboards', named('Other', name), 'DASH_1');
		expect(results).toEqual([{ name: 'dash_1', value: 'dash_1' }]);
	},
);

test('A record without an ID cannot be chosen', async () => {
	const records = [
		{ name: 'A' },
		{ id: null, name: 'B' },
		{ id: '', name: 'C' },
		{ id: 7, name: 'D' },
	];
	const { results } = await searched('searchDashboards', records);
	expect(results).toEqual([{ name: 'D', value: 7 }]);
});

test.each([
	['searchDashboards', {}, '1'],
	['searchDataSources', { name: null, type: 'mysql' }, '1 (mysql)'],
	['searchDataSources', { name: 'Warehouse' }, 'Warehouse'],
	['searchUsers', { name: '', email: 'a@example.com', role: null }, 'a@example.com'],
	['searchUsers', { role: 'admin' }, '1 (admin)'],
	['searchExports', {}, '1'],
	['searchExports', { format: 'pdf', dashboard_id: null, status: 'queued' }, 'PDF, queued'],
	['searchExports', { dashboard_id: 'dash_1', created_at: 1e300 }, 'dash_1'],
])('%s shows what there is of %j', async (search, fields, name) => {
	const { results } = await searched(search, [{ id: '1', ...fields } as IDataObject]);
	expect(results).toEqual([{ name, value: '1' }]);
});

test('A search in a list without an end gives up, and says so', async () => {
	const server = await startServer(({ path }) => {
		const offset = new URL(path, 'http://127.0.0.1').searchParams.get('offset') ?? 0;
		return json(200, { data: [{ id: `dash_${offset}` }], meta: { total: 1_000_000 } });
	});
	const credential = { ...server.credential, requestsPerMinute: 100_000 };
	const found = searchList('vizdomDashboard', 'searchDashboards', credential, 'needle');
	await expect(found.finally(server.close)).rejects.toMatchObject({
		message: "Nothing matches 'needle' so far",
		description: "The list is too long to search. Choose 'By ID' and enter the ID.",
	});
	expect(server.requests.length).toBeGreaterThanOrEqual(300);
	expect(server.requests.length).toBeLessThan(310);
});
