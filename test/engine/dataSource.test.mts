import { runNode } from './engine.mts';
import { locator, requestLines, useSandbox } from './support.mts';

const setup = useSandbox();

const node = 'vizdomDataSource';

function ids(count: number): string[] {
	return setup.sandbox.store.dataSources.all.slice(0, count).map(({ id }) => id);
}

test('Create takes Config as text and as an object', async () => {
	const { items, error } = await runNode({
		node,
		credential: setup.credential('editor'),
		parameters: {
			operation: 'create',
			name: '={{ $json.name }}',
			type: 'postgresql',
			config: '={{ $json.config }}',
		},
		input: [
			{ json: { name: 'A', config: '{"host": "a.example.com"}' } },
			{ json: { name: 'B', config: { host: 'b.example.com' } } },
		],
	});
	expect(error).toBeUndefined();
	expect(setup.sandbox.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
		[
			'POST',
			'/v1/data-sources',
			{ name: 'A', type: 'postgresql', config: { host: 'a.example.com' } },
		],
		[
			'POST',
			'/v1/data-sources',
			{ name: 'B', type: 'postgresql', config: { host: 'b.example.com' } },
		],
	]);
	expect(items.map(({ json, pairedItem }) => [json.name, pairedItem])).toEqual([
		['A', { item: 0 }],
		['B', { item: 1 }],
	]);
});

test('Get, Get Many, Update and Delete', async () => {
	const [first, second] = ids(2);
	const input = [{ json: { id: first } }, { json: { id: second } }];
	const dataSourceId = locator('={{ $json.id }}');
	const credential = setup.credential('editor');

	const got = await runNode({
		node,
		credential,
		input,
		parameters: { operation: 'get', dataSourceId },
	});
	expect(got.items.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual([
		[first, { item: 0 }],
		[second, { item: 1 }],
	]);

	const list = await runNode({
		node,
		credential,
		input,
		parameters: { operation: 'getAll', limit: 5 },
	});
	expect(list.items.map(({ json }) => json.id)).toEqual([...ids(5), ...ids(5)]);

	const updateFields = { name: 'Renamed', config: '{"host": "c.example.com"}' };
	const updated = await runNode({
		node,
		credential,
		input,
		parameters: { operation: 'update', dataSourceId, updateFields },
	});
	expect(updated.items.map(({ json }) => json.name)).toEqual(['Renamed', 'Renamed']);
	expect(setup.sandbox.requests.at(-1)?.body).toEqual({
		name: 'Renamed',
		config: { host: 'c.example.com' },
	});

	const deleted = await runNode({
		node,
		credential,
		input,
		parameters: { operation: 'delete', dataSourceId },
	});
	expect(deleted.items).toEqual([
		{ json: { deleted: true }, pairedItem: { item: 0 } },
		{ json: { deleted: true }, pairedItem: { item: 1 } },
	]);
	expect(requestLines(setup.sandbox)).toEqual([
		`GET /v1/data-sources/${first}`,
		`GET /v1/data-sources/${second}`,
		'GET /v1/data-sources?limit=5&offset=0',
		'GET /v1/data-sources?limit=5&offset=0',
		`PATCH /v1/data-sources/${first}`,
		`PATCH /v1/data-sources/${second}`,
		`DELETE /v1/data-sources/${first}`,
		`DELETE /v1/data-sources/${second}`,
	]);
});
