import { runNode } from './engine.mts';
import { locator, requestLines, useSandbox } from './support.mts';

const setup = useSandbox();

const node = 'vizdomUser';

function viewers(count: number): string[] {
	return setup.sandbox.store.users.all
		.filter(({ role }) => role === 'viewer')
		.slice(0, count)
		.map(({ id }) => id);
}

test('Invite sends address and role of each item, however the role is written', async () => {
	const { items, error } = await runNode({
		node,
		credential: setup.credential(),
		parameters: { operation: 'invite', email: '={{ $json.email }}', role: '={{ $json.role }}' },
		input: [
			{ json: { email: 'ada@example.com', role: 'viewer' } },
			{ json: { email: ' grace@example.com ', role: 'Editor' } },
		],
	});
	expect(error).toBeUndefined();
	expect(setup.sandbox.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
		['POST', '/v1/users/invite', { email: 'ada@example.com', role: 'viewer' }],
		['POST', '/v1/users/invite', { email: 'grace@example.com', role: 'editor' }],
	]);
	expect(items.map(({ json, pairedItem }) => [json.email, json.status, pairedItem])).toEqual([
		['ada@example.com', 'invited', { item: 0 }],
		['grace@example.com', 'invited', { item: 1 }],
	]);
});

test('Get, Get Many, Update and Delete', async () => {
	const [first, second] = viewers(2);
	const input = [{ json: { id: first } }, { json: { id: second } }];
	const userId = locator('={{ $json.id }}');
	const credential = setup.credential('admin');

	const got = await runNode({ node, credential, input, parameters: { operation: 'get', userId } });
	expect(got.items.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual([
		[first, { item: 0 }],
		[second, { item: 1 }],
	]);

	const list = await runNode({
		node,
		credential,
		input,
		parameters: { operation: 'getAll', returnAll: true },
	});
	expect(list.items).toHaveLength(2 * setup.sandbox.store.users.size);

	const updated = await runNode({
		node,
		credential,
		input,
		parameters: { operation: 'update', userId, role: 'editor' },
	});
	expect(updated.items.map(({ json, pairedItem }) => [json.role, pairedItem])).toEqual([
		['editor', { item: 0 }],
		['editor', { item: 1 }],
	]);

	const deleted = await runNode({
		node,
		credential,
		input,
		parameters: { operation: 'delete', userId },
	});
	expect(deleted.items).toEqual([
		{ json: { deleted: true }, pairedItem: { item: 0 } },
		{ json: { deleted: true }, pairedItem: { item: 1 } },
	]);
	expect(requestLines(setup.sandbox)).toEqual([
		`GET /v1/users/${first}`,
		`GET /v1/users/${second}`,
		'GET /v1/users?limit=100&offset=0',
		'GET /v1/users?limit=100&offset=0',
		`PATCH /v1/users/${first}`,
		`PATCH /v1/users/${second}`,
		`DELETE /v1/users/${first}`,
		`DELETE /v1/users/${second}`,
	]);
});
