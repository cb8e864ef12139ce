import type { IDataObject } from 'n8n-workflow';
import { runNode } from './engine.mts';
import { content, json, startServer } from './faults/faultyServer.mts';
import { locator, requestLines, useSandbox } from './support.mts';

const setup = useSandbox();

const node = 'vizdomUser';

function viewers(count: number): string[] {
	return setup.sandbox.store.users.all
		.filter(({ role }) => role === 'viewer')
		.slice(0, count)
		.map(({ id }) => id);
}

test("Invite sends each item's address and role, in any spelling of the role", async () => {
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

describe('A user given by e-mail address', () => {
	const list = 'GET /v1/users?limit=100&offset=0';
	const people = () => setup.sandbox.store.users.all.slice(1, 4);

	async function byEmail(
		operation: string,
		values: unknown[],
		{ userId = locator('={{ $json.value }}', 'email') as unknown, settings = {} } = {},
	) {
		return await runNode({
			node,
			credential: setup.credential(),
			parameters: {
				operation,
				userId,
				...(operation === 'update' && { role: 'editor' }),
			} as IDataObject,
			input: values.map((value) => ({ json: { value } as IDataObject })),
			settings,
		});
	}

	test.each([
		['get', 'GET'],
		['update', 'PATCH'],
		['delete', 'DELETE'],
	])('%s: the list is read once for all items', async (operation, method) => {
		const [one, two, three] = people();
		const { items, error } = await byEmail(operation, [
			one?.email,
			` ${two?.email.toUpperCase()} `,
			`Three <${three?.email}>`,
		]);
		expect(error).toBeUndefined();
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2].map((item) => ({ item })));
		const [first, ...others] = requestLines(setup.sandbox);
		expect(first).toBe(list);
		const lines = [one, two, three].map((user) => `${method} /v1/users/${user?.id}`);
		expect(others.sort()).toEqual(lines.sort());
	});

	test.each([
		['By ID', locator('={{ $json.value }}', 'id')],
		['From List', locator('={{ $json.value }}', 'list')],
		['as an expression', '={{ $json.value }}'],
	])('%s, an address works, too, and an ID stays an ID', async (_, userId) => {
		const [one, two] = people();
		const { items } = await byEmail('get', [one?.email, two?.id], { userId });
		expect(items.map(({ json }) => json.id)).toEqual([one?.id, two?.id]);
		expect(requestLines(setup.sandbox).filter((line) => line === list)).toHaveLength(1);
	});

	test('IDs alone never read the list', async () => {
		const userId = locator('={{ $json.value }}');
		await byEmail('get', [...people().map(({ id }) => id), 'no@address'], { userId });
		expect(requestLines(setup.sandbox)).not.toContain(list);
	});

	describe('on servers that differ', () => {
		/** Deletes a user on a server that has this one. */
		async function deleted(user: IDataObject, address: string) {
			const server = await startServer(({ method }) =>
				method === 'DELETE' ? content(204, '') : json(200, { data: [user], meta: { total: 1 } }),
			);
			const { error } = await runNode({
				node,
				credential: server.credential,
				parameters: { operation: 'delete', userId: locator(address) },
			}).finally(server.close);
			return { error, lines: server.requests.map(({ method, path }) => `${method} ${path}`) };
		}

		test.each([
			['ada@example.com', { email: 'ada@work.example.com' }],
			['auth0|ada@example.com', { email: 'ada@example.com' }],
			['ada@example.com', {}],
		])('the address may be the ID: %s, of %j', async (id, fields) => {
			const { lines } = await deleted({ id, ...fields }, id);
			expect(lines).toEqual([list, `DELETE /v1/users/${encodeURIComponent(id)}`]);
		});

		test.each([undefined, null, ''])('a user whose ID is %j cannot be given', async (id) => {
			const { error, lines } = await deleted({ id, email: 'ada@example.com' }, 'ada@example.com');
			expect(error?.message).toMatch(/^No user has the e-mail address/);
			expect(lines).toEqual([list]);
		});
	});

	test('An unknown address fails only its item, and the error says so', async () => {
		const [one] = people();
		const { items } = await byEmail('delete', ['nobody@example.com', one?.email], {
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items.map(({ json }) => json)).toEqual([
			{
				error: "No user has the e-mail address 'nobody@example.com'",
				details: { description: 'Check the address, or choose the user from the list.' },
			},
			{ deleted: true },
		]);
		expect(requestLines(setup.sandbox)).toEqual([list, `DELETE /v1/users/${one?.id}`]);
	});

	test('An address of two users is refused, not guessed', async () => {
		const [one, two] = people();
		if (one && two) two.email = one.email.toUpperCase();
		const { error } = await byEmail('delete', [one?.email]);
		expect(error).toMatchObject({
			message: `2 users have the e-mail address '${one?.email}'`,
			description: `Enter the ID of the one you mean: ${one?.id}, ${two?.id}.`,
		});
		expect(requestLines(setup.sandbox)).toEqual([list]);
	});

	test.each([['user_abc123'], ['nathan@'], ['a@example.com, b@example.com'], [''], [null]])(
		'%j is refused as an address without a request',
		async (value) => {
			const { error } = await byEmail('delete', [people()[0]?.email, value]);
			expect(error?.message).toMatch(
				/^The parameter 'User' (is empty|must be an e-mail address, but is )/,
			);
			expect(setup.sandbox.requests).toEqual([]);
		},
	);

	test('Retry On Fail reads the list again, and changes no user twice', async () => {
		const [one] = people();
		await byEmail('update', ['nobody@example.com', one?.email], {
			settings: {
				...{ retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
				onError: 'continueRegularOutput',
			},
		});
		expect(requestLines(setup.sandbox)).toEqual([list, `PATCH /v1/users/${one?.id}`, list]);
	});
});
