import type { IDataObject, OnError } from 'n8n-workflow';
import { runNode } from '../engine.mts';
import { locator, useSandbox } from '../support.mts';
import { expectClean, operations, textOf, working } from './cases.mts';
import { content, json, refusal, startServer } from './faultyServer.mts';

const broken = 'Vizdom failed with status 500 Internal Server Error: Broken';

async function updateFive(onError?: OnError) {
	const server = await startServer((request) => {
		if (request.path.endsWith('/item_1')) return refusal(404, 'No such dashboard');
		if (request.path.endsWith('/item_3')) return refusal(500, 'Broken');
		return working(request);
	});
	const { node, parameters } = operations.update;
	const outcome = await runNode({
		node,
		parameters,
		credential: server.credential,
		input: [0, 1, 2, 3, 4].map((index) => ({ json: { id: `item_${index}` } })),
		onError,
	}).finally(server.close);
	return { outcome, server };
}

const updated = (index: number) => ({
	json: { id: `item_${index}`, name: 'New' },
	pairedItem: { item: index },
});

describe('Five items, of which two fail differently', () => {
	test('each have an outcome with Continue', async () => {
		const { outcome, server } = await updateFive('continueRegularOutput');
		expect(outcome.error).toBeUndefined();
		expect(outcome.items).toEqual([
			updated(0),
			{
				json: {
					error: 'No such dashboard',
					details: {
						description:
							"Check the parameter 'Dashboard', which is 'item_1': choose one from the list, or find the ID with Vizdom Dashboard: Get Many.",
						httpCode: '404',
						code: 'code_404',
					},
				},
				pairedItem: { item: 1 },
			},
			updated(2),
			{
				json: {
					error: broken,
					details: {
						description:
							'The change may have been made anyway: check in Vizdom before you run this again.',
						httpCode: '500',
						code: 'code_500',
					},
				},
				pairedItem: { item: 3 },
			},
			updated(4),
		]);
		expect(server.sent()).toEqual({ PATCH: 5 });
		expectClean(outcome, server);
	});

	test('are separated by the error output, each with its input', async () => {
		const { outcome, server } = await updateFive('continueErrorOutput');
		expect(outcome.error).toBeUndefined();
		expect(outcome.items).toEqual([updated(0), updated(2), updated(4)]);
		expect(
			outcome.errorItems.map(({ json: item, pairedItem }) => [item.id, item.error, pairedItem]),
		).toEqual([
			['item_1', 'No such dashboard', { item: 1 }],
			['item_3', broken, { item: 3 }],
		]);
		expect(server.sent()).toEqual({ PATCH: 5 });
		expectClean(outcome, server);
	});

	test('fail the node with one of the two errors, and no request is sent twice', async () => {
		const { outcome, server } = await updateFive();
		expect(['No such dashboard', broken]).toContain(outcome.error?.message);
		expect(outcome.items).toEqual([]);
		const paths = server.requests.map(({ path }) => path);
		expect(new Set(paths).size).toBe(paths.length);
	});
});

describe('An export', () => {
	const create = {
		node: 'vizdomExport',
		parameters: {
			operation: 'create',
			dashboardId: locator('dash_abc123'),
			format: 'csv',
			options: { timeout: 2 },
		},
	};

	test.each([
		['without a body', content(201, '')],
		['with null for data', json(201, { data: null })],
		['without an id', json(201, { data: { status: 'queued' } })],
	])('that is started %s fails with a clear error, and is started once', async (_, reply) => {
		const server = await startServer(() => reply);
		const outcome = await runNode({
			...create,
			credential: server.credential,
			onError: 'continueRegularOutput',
		}).finally(server.close);
		expect(server.sent().POST).toBe(1);
		expect(outcome.items).toHaveLength(1);
		expect(textOf(outcome.items[0]?.json)).toMatch(/^\S.* .*\./);
		expectClean(outcome, server);
	});

	test('whose state is null fails with a clear error', async () => {
		const server = await startServer(({ method }) =>
			method === 'POST' ? json(201, { data: { id: 'exp_1' } }) : json(200, { data: null }),
		);
		const outcome = await runNode({
			...create,
			credential: server.credential,
			onError: 'continueRegularOutput',
		}).finally(server.close);
		expect(server.sent().POST).toBe(1);
		expect(outcome.items).toHaveLength(1);
		expect(textOf(outcome.items[0]?.json)).toMatch(/^\S.* .*\./);
		expectClean(outcome, server);
	});
});

describe('In the sandbox', () => {
	const setup = useSandbox();

	const fault = (method: string, drop: 'before' | 'during' | 'after') =>
		void setup.sandbox.faults.push({ method, drop, times: 1 });

	const sent = () => setup.sandbox.requests.map(({ method }) => method);

	test('a dashboard whose deletion succeeded without a response is deleted', async () => {
		fault('DELETE', 'after');
		const [first, second] = setup.sandbox.store.dashboards.all;
		const { items, error } = await runNode({
			...operations.delete,
			credential: setup.credential(),
			input: [{ json: { id: first?.id } }, { json: { id: second?.id } }],
		});
		expect(error).toBeUndefined();
		expect(items).toEqual([
			{ json: { deleted: true }, pairedItem: { item: 0 } },
			{ json: { deleted: true }, pairedItem: { item: 1 } },
		]);
		expect(sent()).toEqual(['DELETE', 'DELETE', 'DELETE']);
		expect(setup.sandbox.store.dashboards.size).toBe(278);
	}, 20_000);

	test('a dashboard that is not there cannot be deleted', async () => {
		const { error } = await runNode({
			...operations.delete,
			credential: setup.credential(),
			input: [{ json: { id: 'dash_nowhere' } }],
		});
		expect(error?.httpCode).toBe('404');
		expect(sent()).toEqual(['DELETE']);
	});

	test.each(['before', 'during', 'after'] as const)(
		'a POST whose connection breaks off %s the work is sent once, and its result searched for',
		async (drop) => {
			fault('POST', drop);
			const { users } = setup.sandbox.store;
			const before = users.size;
			const { items } = await runNode({
				...operations.invite,
				credential: setup.credential(),
				input: [{ json: { id: 'ada' } }, { json: { id: 'ben' } }],
				onError: 'continueRegularOutput',
			});
			expect(sent().filter((method) => method === 'POST')).toHaveLength(2);
			expect(users.size).toBe(before + (drop === 'before' ? 1 : 2));
			if (drop === 'before')
				expect(textOf(items[0]?.json)).toMatch(/broke off.*was not found in Vizdom\.$/);
			else expect(items[0]?.json.id).toBe(users.all.at(-2)?.id);
			expect(items[1]).toEqual({
				json: expect.objectContaining({ email: 'ben@example.com' }),
				pairedItem: { item: 1 },
			});
		},
		30_000,
	);

	test('an export is started once if two failures interrupt the waiting', async () => {
		setup.sandbox.settings.exportDurationMs = 300;
		const failures: Array<{ method: string } & IDataObject> = [
			{ method: 'GET', status: 503, times: 1 },
			{ method: 'GET', drop: 'before', skip: 1, times: 1 },
		];
		setup.sandbox.faults.push(...failures);
		const { items, error } = await runNode({
			node: 'vizdomExport',
			parameters: { operation: 'create', dashboardId: locator('dash_abc123'), format: 'csv' },
			credential: setup.credential(),
		});
		expect(error).toBeUndefined();
		expect(items[0]?.json.status).toBe('completed');
		expect(items[0]?.binary?.data?.mimeType).toBe('text/csv');
		expect(sent().filter((method) => method === 'POST')).toHaveLength(1);
	}, 30_000);
});
