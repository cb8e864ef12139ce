import type { IDataObject } from 'n8n-workflow';
import { searchList } from './engine.mts';
import { json, startServer } from './faults/faultyServer.mts';
import { useSandbox } from './support.mts';

const setup = useSandbox();

test('The list of dashboards grows to its end as the user scrolls', async () => {
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

test('A search finds names in any letter case, also on the last page, and IDs', async () => {
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

/** One call of a search, on a server with these records and named dashboards. */
async function searched(
	search: string,
	records: IDataObject[],
	filter?: string,
	{ dashboards = [] as IDataObject[], operation = 'get' } = {},
) {
	const server = await startServer(({ path }) => {
		const { pathname, searchParams } = new URL(path, 'http://127.0.0.1');
		const isSecond = search === 'searchExports' && pathname.endsWith('/dashboards');
		const all = isSecond ? dashboards : records;
		const offset = Number(searchParams.get('offset') ?? 0);
		const data = all.slice(offset, offset + Number(searchParams.get('limit') ?? 50));
		return json(200, { data, meta: { total: all.length } });
	});
	const node = nodes[search] ?? 'vizdomDashboard';
	const found = searchList(node, search, server.credential, filter, undefined, { operation });
	return { ...(await found.finally(server.close)), requests: server.requests.length };
}

function named(...names: unknown[]): IDataObject[] {
	return names.map((name, index) => ({ id: `dash_${index}`, name }) as IDataObject);
}

test('One call finds a name at the end of a long list, and one request a common name', async () => {
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
	['searchExports', { format: 'csv', created_at: 'soon', state: 'READY' }, 'CSV, READY'],
	[
		'searchExports',
		{ format: 'csv', created_at: '2024-01-15T17:05:00Z' },
		'CSV, 15 Jan 2024 12:05',
	],
])('%s shows what %j has', async (search, fields, name) => {
	const { results } = await searched(search, [{ id: '1', ...fields } as IDataObject]);
	expect(results).toEqual([{ name, value: '1' }]);
});

test('A search in an endless list gives up, and says so', async () => {
	const server = await startServer(({ path }) => {
		const offset = new URL(path, 'http://127.0.0.1').searchParams.get('offset') ?? 0;
		return json(200, { data: [{ id: `dash_${offset}` }], meta: { total: 1_000_000 } });
	});
	const credential = { ...server.credential, requestsPerMinute: 100_000 };
	const found = searchList('vizdomDashboard', 'searchDashboards', credential, 'needle');
	await expect(found.finally(server.close)).rejects.toMatchObject({
		message: "The list is too long to search for 'needle'",
		description: "Choose 'By ID' and enter the ID.",
	});
	expect(server.requests.length).toBeGreaterThanOrEqual(300);
	expect(server.requests.length).toBeLessThan(310);
});

describe('The exports to choose from', () => {
	/** Oldest first, a day apart. */
	function exports(...fields: IDataObject[]): IDataObject[] {
		return fields.map((one, index) => ({
			...{ id: `exp_${index}`, dashboard_id: 'dash_0', format: 'pdf', status: 'completed' },
			created_at: `2024-11-${String(index + 1).padStart(2, '0')}T12:00:00Z`,
			...one,
		}));
	}

	const namesOf = ({ results }: { results: Array<{ name: string }> }) =>
		results.map(({ name }) => name);

	test('come newest first, with the names of their dashboards', async () => {
		const records = exports(
			{},
			{ dashboard_id: 'dash_1', format: 'CSV' },
			{ dashboard_id: 'gone' },
		);
		const dashboards = named('Revenue', 'Costs');
		const found = await searched('searchExports', records, undefined, { dashboards });
		expect(found).toMatchObject({
			results: [
				{ name: 'gone, PDF, 3 Nov 2024 07:00, completed', value: 'exp_2' },
				{ name: 'Costs, CSV, 2 Nov 2024 08:00, completed', value: 'exp_1' },
				{ name: 'Revenue, PDF, 1 Nov 2024 08:00, completed', value: 'exp_0' },
			],
			requests: 2,
		});
		const costs = await searched('searchExports', records, 'costs', { dashboards });
		expect(costs.results.map(({ value }) => value)).toEqual(['exp_1']);
	});

	test('show their IDs if they look the same', async () => {
		const created_at = '2024-11-01T12:00:00Z';
		const records = exports({ created_at }, { created_at }, { created_at, format: 'png' });
		expect(namesOf(await searched('searchExports', records)).sort()).toEqual([
			'dash_0, PNG, 1 Nov 2024 08:00, completed',
			'exp_0, dash_0, PDF, 1 Nov 2024 08:00, completed',
			'exp_1, dash_0, PDF, 1 Nov 2024 08:00, completed',
		]);
	});

	const states = ['completed', 'queued', 'rendering', 'failed', 'ERROR', 'cancelled', undefined];

	test.each([
		['download', [6, 2, 1, 0]],
		['get', [6, 5, 4, 3, 2, 1, 0]],
	])('under the operation %s are %j', async (operation, indexes) => {
		const records = exports(...states.map((status) => ({ status })));
		const found = await searched('searchExports', records, undefined, { operation });
		expect(found.results.map(({ value }) => value)).toEqual(indexes.map((one) => `exp_${one}`));
	});

	test.each([
		['cannot be read', json(403, { error: { message: 'Not for you' } })],
		['do not come', () => {}],
	])('show the IDs of dashboards whose names %s', async (_, reply) => {
		const server = await startServer(({ path }) =>
			path.includes('/dashboards') ? reply : json(200, { data: exports({}), meta: { total: 1 } }),
		);
		const found = searchList('vizdomExport', 'searchExports', server.credential);
		expect(namesOf(await found.finally(server.close))).toEqual([
			'dash_0, PDF, 1 Nov 2024 08:00, completed',
		]);
	});

	test("come in the server's order, part by part, if there are very many", async () => {
		const records = exports(...Array.from({ length: 2_500 }, () => ({ created_at: null })));
		const { results, paginationToken, requests } = await searched('searchExports', records);
		expect(results.map(({ value }) => value)).toEqual(records.slice(0, 100).map(({ id }) => id));
		expect(paginationToken).toEqual(expect.any(String));
		expect(requests).toBeLessThan(5);
		const rare = await searched('searchExports', records, 'exp_2499');
		expect(rare.results.map(({ value }) => value)).toEqual(['exp_2499']);
	});
});

test.each([
	['searchDashboards', { name: 'Sales' }, { name: ' sales' }, ['1, Sales', '2, sales']],
	[
		'searchDataSources',
		{ name: 'A', type: 'mysql' },
		{ name: 'A', type: 'csv' },
		['A (mysql)', 'A (csv)'],
	],
	[
		'searchUsers',
		{ email: 'a@example.com' },
		{ email: 'A@example.com' },
		['1, a@example.com', '2, A@example.com'],
	],
])('%s adds the ID to rows that look the same', async (search, one, other, names) => {
	const { results } = await searched(search, [
		{ id: '1', ...one },
		{ id: '2', ...other },
	]);
	expect(results.map(({ name }) => name)).toEqual(names);
});
