import type { IDataObject } from 'n8n-workflow';
import { runNode } from './engine.mts';
import type { NodeRun } from './engine.mts';
import { json, startServer } from './faults/faultyServer.mts';
import type { Arrived } from './faults/faultyServer.mts';
import { locator } from './support.mts';

/** The result of Get Many with these records, and how many requests it takes. */
async function getMany(
	node: string,
	records: IDataObject[],
	parameters: IDataObject,
	run: Partial<NodeRun> = {},
) {
	const server = await startServer(pagesOf(records));
	const { items, error } = await runNode({
		node,
		credential: { ...server.credential, requestsPerMinute: 1_000_000 },
		parameters: { operation: 'getAll', returnAll: true, ...parameters },
		...run,
	}).finally(server.close);
	const { length: requests } = server.requests;
	return { items, ids: items.map(({ json: { id } }) => id), error, requests };
}

function pagesOf(records: IDataObject[]) {
	return ({ path }: Arrived) => {
		const { searchParams } = new URL(path, 'http://127.0.0.1');
		const offset = Number(searchParams.get('offset') ?? 0);
		const data = records.slice(offset, offset + Number(searchParams.get('limit') ?? 50));
		return json(200, { data, meta: { total: records.length } });
	};
}

/** Many exports, a minute apart, the newest last; every tenth has failed. */
function manyExports(count: number): IDataObject[] {
	return Array.from({ length: count }, (_, index) => ({
		id: `exp_${index}`,
		dashboard_id: `dash_${index % 2}`,
		format: index % 3 === 0 ? 'CSV' : 'pdf',
		status: index % 10 === 0 ? 'error' : 'done',
		created_at: new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString(),
	}));
}

test.each([
	['vizdomDashboard', { name: 'REVENUE' }, ['1', '2']],
	['vizdomDashboard', { name: 'sales' }, ['2']],
	['vizdomDataSource', { type: 'PostgreSQL' }, ['1', '2']],
	['vizdomDataSource', { type: 'Google Sheets' }, ['3']],
	['vizdomDataSource', { type: 'postgresql', status: 'Connected' }, ['1']],
	['vizdomUser', { role: 'viewer' }, ['1', '2']],
	['vizdomUser', { status: 'invited' }, ['2']],
	['vizdomUser', { role: 'admin', status: 'invited' }, []],
	['vizdomExport', { dashboardId: locator('dash_1') }, ['1', '2']],
	['vizdomExport', { dashboardId: locator('dash_1'), format: 'csv' }, ['2']],
	['vizdomExport', { status: 'completed' }, ['1', '2']],
	['vizdomExport', { status: 'failed' }, ['3']],
])('%s with the filters %j', async (node, filters, ids) => {
	const records = [
		{
			...{ id: '1', name: 'Revenue', type: 'postgresql', role: 'viewer', status: 'done' },
			...{ dashboard_id: 'dash_1', format: 'pdf' },
		},
		{
			...{ id: '2', name: 'Sales revenue', type: 'POSTGRESQL', role: 'Viewer', status: 'ready' },
			...{ dashboard_id: 'dash_1', format: 'CSV' },
		},
		{
			...{ id: '3', name: null, type: 'google_sheets', role: 'admin', status: 'ERROR' },
			...{ dashboard_id: 'dash_2', format: 'csv' },
		},
	];
	const [first, second] = records;
	if (node === 'vizdomDataSource' && first) first.status = 'connected';
	if (node === 'vizdomUser' && second) second.status = 'pending';
	const found = await getMany(node, records, { filters });
	expect(found.error).toBeUndefined();
	expect(found.ids).toEqual(ids);
});

test('Limit applies after the filters', async () => {
	const records = manyExports(300);
	const parameters = { returnAll: false, limit: 3, filters: { status: 'failed' } };
	expect((await getMany('vizdomExport', records, parameters)).ids).toEqual([
		'exp_0',
		'exp_10',
		'exp_20',
	]);
	const newest = { ...parameters, options: { newestFirst: true } };
	expect((await getMany('vizdomExport', records, newest)).ids).toEqual([
		'exp_290',
		'exp_280',
		'exp_270',
	]);
});

test.each([
	['no filter', {}],
	['empty collections', { filters: {}, options: {} }],
	['Newest First turned off', { options: { newestFirst: false } }],
])('With %s, no more is read than the limit', async (_, parameters) => {
	const limited = { returnAll: false, limit: 5, ...parameters };
	const { ids, requests } = await getMany('vizdomExport', manyExports(300), limited);
	expect(ids).toEqual(['exp_0', 'exp_1', 'exp_2', 'exp_3', 'exp_4']);
	expect(requests).toBe(1);
});

test('Newest First sorts the whole list, records without a date last', async () => {
	const records = manyExports(250);
	records.splice(7, 0, { id: 'undated' });
	const parameters = { options: { newestFirst: true } };
	const { ids } = await getMany('vizdomExport', records, parameters);
	const dated = manyExports(250).map(({ id }) => id);
	expect(ids).toEqual([...dated.reverse(), 'undated']);
});

test('20,000 exports are read once for all items, each with its own filters', async () => {
	const { items, requests } = await getMany(
		'vizdomExport',
		manyExports(20_000),
		{
			...{ filters: { status: '={{ $json.status }}' } },
			...{ options: { newestFirst: '={{ $json.newestFirst }}' } },
		},
		{
			input: [
				{ json: { status: 'failed', newestFirst: 'no' } },
				{ json: { status: 'ERROR', newestFirst: true } },
			],
		},
	);
	const of = (item: number) =>
		items.filter(({ pairedItem }) => (pairedItem as { item: number }).item === item);
	const failed = of(0).map((item) => item.json);
	expect(failed).toHaveLength(2_000);
	expect(of(1).map((item) => item.json)).toEqual([...failed].reverse());
	// A workflow's change to one item must not affect another.
	expect(of(1).at(-1)?.json).not.toBe(failed[0]);
	expect(requests).toBeLessThan(215);
});

test.each([
	['vizdomDashboard', 'Name', { name: '={{ $json.missing }}' }],
	['vizdomDashboard', 'Name', { name: '  ' }],
	['vizdomDataSource', 'Type', { type: '={{ null }}' }],
	['vizdomUser', 'Status', { status: '' }],
	['vizdomUser', 'Role', { role: '={{ $json.missing }}' }],
	['vizdomExport', 'Format', { format: 'docx' }],
	['vizdomExport', 'Dashboard', { dashboardId: locator('={{ $json.missing }}') }],
])('%s: an empty filter by %s is an error: %j', async (node, name, filters) => {
	const { error, items, requests } = await getMany(node, manyExports(3), { filters });
	expect(items).toEqual([]);
	expect(error?.message).toMatch(new RegExp(`^The (filter|parameter) '${name}' (is|must be) `));
	expect(requests).toBe(0);
});

test('The error of an empty filter names it and says what to do', async () => {
	const filters = { name: '={{ $json.missing }}' };
	const { error } = await getMany('vizdomDashboard', manyExports(3), { filters });
	expect(error?.message).toBe("The filter 'Name' is empty");
	expect(error?.description).toMatch(/remove the filter.*expression/);
});

test('Newest First must be on or off', async () => {
	const parameters = { options: { newestFirst: 'perhaps' } };
	const { error, requests } = await getMany('vizdomExport', manyExports(3), parameters);
	expect(error?.message).toBe(
		"The parameter 'Newest First' must be true or false, but is 'perhaps'",
	);
	expect(requests).toBe(0);
});

test('The size limit applies to the records that would come out', async () => {
	const records = manyExports(100_050);
	const many = await getMany('vizdomExport', records, { options: { newestFirst: true } });
	expect(many.error?.message).toBe(
		'The list has at least 100050 records, more than n8n takes from one node at once',
	);
	const limited = { returnAll: false, limit: 1, options: { newestFirst: true } };
	expect((await getMany('vizdomExport', records, limited)).ids).toEqual(['exp_100049']);
}, 120_000);
