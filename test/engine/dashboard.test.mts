import { runNode } from './engine.mts';
import { locator, requestLines, useSandbox } from './support.mts';

const setup = useSandbox();

const node = 'vizdomDashboard';

function ids(count: number): string[] {
	return setup.sandbox.store.dashboards.all.slice(0, count).map(({ id }) => id);
}

test('Create sends a POST for each item, and nothing for fields that are not set', async () => {
	const { items, error } = await runNode({
		node,
		credential: setup.credential(),
		parameters: {
			operation: 'create',
			name: '={{ $json.name }}',
			description: '={{ $json.about }}',
		},
		input: [{ json: { name: 'North', about: 'Sales' } }, { json: { name: 'South', about: '' } }],
	});
	expect(error).toBeUndefined();
	expect(setup.sandbox.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
		['POST', '/v1/dashboards', { name: 'North', description: 'Sales' }],
		['POST', '/v1/dashboards', { name: 'South' }],
	]);
	expect(items).toEqual([
		{
			json: expect.objectContaining({ id: expect.stringMatching(/^dash_/), name: 'North' }),
			pairedItem: { item: 0 },
		},
		{
			json: expect.objectContaining({ id: expect.stringMatching(/^dash_/), name: 'South' }),
			pairedItem: { item: 1 },
		},
	]);
	await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'create', name: 7 },
	});
	expect(setup.sandbox.requests.at(-1)?.body).toEqual({ name: '7' });
});

test('Get reads each dashboard, by ID and by URL', async () => {
	const [first, second] = ids(2);
	const byId = await runNode({
		node,
		credential: setup.credential('viewer'),
		parameters: { operation: 'get', dashboardId: locator('={{ $json.id }}') },
		input: [{ json: { id: second } }, { json: { id: first } }],
	});
	expect(byId.items.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual([
		[second, { item: 0 }],
		[first, { item: 1 }],
	]);
	const url = `https://app.vizdom.ai/acme-2/dashboards/${first}/edit?tab=1#top`;
	const byUrl = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'get', dashboardId: locator(url, 'url') },
	});
	expect(byUrl.items[0]?.json.id).toBe(first);
	expect(requestLines(setup.sandbox)).toEqual([
		`GET /v1/dashboards/${second}`,
		`GET /v1/dashboards/${first}`,
		`GET /v1/dashboards/${first}`,
	]);
});

test('Get Many returns as many as Limit says, for each item', async () => {
	const { items } = await runNode({
		node,
		credential: setup.credential('viewer'),
		parameters: { operation: 'getAll', returnAll: false, limit: '={{ $json.limit }}' },
		input: [{ json: { limit: 120 } }, { json: { limit: 3 } }],
	});
	expect(items.map(({ json }) => json.id)).toEqual([...ids(120), ...ids(3)]);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual([
		...Array<unknown>(120).fill({ item: 0 }),
		...Array<unknown>(3).fill({ item: 1 }),
	]);
	expect(setup.sandbox.requests).toHaveLength(3);
});

test('Get Many returns all, with no more requests than the total needs', async () => {
	setup.sandbox.store.resize('dashboards', 250);
	const { items } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'getAll', returnAll: true },
		input: [{ json: {} }, { json: {} }],
	});
	expect(items.map(({ json }) => json.id)).toEqual([...ids(250), ...ids(250)]);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual([
		...Array<unknown>(250).fill({ item: 0 }),
		...Array<unknown>(250).fill({ item: 1 }),
	]);
	expect(setup.sandbox.requests).toHaveLength(6);
});

test('A limit above the total returns all', async () => {
	setup.sandbox.store.resize('dashboards', 30);
	const { items } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'getAll', returnAll: false, limit: 5000 },
	});
	expect(items).toHaveLength(30);
	expect(setup.sandbox.requests).toHaveLength(1);
});

test('An empty list gives no item and no failure', async () => {
	setup.sandbox.store.resize('dashboards', 0);
	const { items, error } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'getAll', returnAll: true },
		input: [{ json: {} }, { json: {} }],
	});
	expect(error).toBeUndefined();
	expect(items).toEqual([]);
});

test('Update sends only the fields that were added', async () => {
	const [first, second] = ids(2);
	const { items } = await runNode({
		node,
		credential: setup.credential('editor'),
		parameters: {
			operation: 'update',
			dashboardId: locator('={{ $json.id }}'),
			updateFields: { name: '={{ $json.name }}' },
		},
		input: [{ json: { id: first, name: 'A' } }, { json: { id: second, name: 'B' } }],
	});
	expect(setup.sandbox.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
		['PATCH', `/v1/dashboards/${first}`, { name: 'A' }],
		['PATCH', `/v1/dashboards/${second}`, { name: 'B' }],
	]);
	expect(items.map(({ json, pairedItem }) => [json.id, json.name, pairedItem])).toEqual([
		[first, 'A', { item: 0 }],
		[second, 'B', { item: 1 }],
	]);
});

test('Delete answers {"deleted": true} for each item', async () => {
	const [first, second] = ids(2);
	const { items } = await runNode({
		node,
		credential: setup.credential('editor'),
		parameters: { operation: 'delete', dashboardId: locator('={{ $json.id }}') },
		input: [{ json: { id: first } }, { json: { id: second } }],
	});
	expect(items).toEqual([
		{ json: { deleted: true }, pairedItem: { item: 0 } },
		{ json: { deleted: true }, pairedItem: { item: 1 } },
	]);
	expect(requestLines(setup.sandbox)).toEqual([
		`DELETE /v1/dashboards/${first}`,
		`DELETE /v1/dashboards/${second}`,
	]);
	expect(ids(2)).not.toContain(first);
});
