import { searchList } from './engine.mts';
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
	['vizdomExport', 'searchExports', /^(PDF|PNG|CSV|XLSX) of dash_/],
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
