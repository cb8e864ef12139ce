import { runNode } from './engine.mts';
import { locator, useSandbox } from './support.mts';

const setup = useSandbox();

const invite = { operation: 'invite', email: '={{ $json.email }}', role: 'viewer' };

function people(count: number): Array<{ json: { email: string } }> {
	return Array.from({ length: count }, (_, index) => ({
		json: { email: `person${index}@example.com` },
	}));
}

test('One unusable item fails the run before any other is sent', async () => {
	const input = people(100);
	input[70] = { json: { email: 'nobody' } };
	const { error, items } = await runNode({
		node: 'vizdomUser',
		parameters: invite,
		credential: setup.credential(),
		input,
	});
	expect(error?.message).toContain("'nobody'");
	expect(error?.context?.itemIndex).toBe(70);
	expect(items).toEqual([]);
	expect(setup.sandbox.requests).toEqual([]);
});

test('Once Vizdom refuses one, the waiting items are not sent, and its error is shown', async () => {
	const input = people(200);
	input[3] = input[2] as (typeof input)[number];
	setup.sandbox.settings.latencyMs = 20;
	const { error } = await runNode({
		node: 'vizdomUser',
		parameters: invite,
		credential: setup.credential(),
		input,
	});
	expect(error?.httpCode).toBe('422');
	expect([2, 3]).toContain(error?.context?.itemIndex);
	expect(setup.sandbox.requests.length).toBeLessThan(60);
});

test('With Continue, the others are sent', async () => {
	const input = people(100);
	input[70] = { json: { email: 'nobody' } };
	const { items } = await runNode({
		node: 'vizdomUser',
		parameters: invite,
		credential: setup.credential(),
		input,
		onError: 'continueRegularOutput',
	});
	expect(items).toHaveLength(100);
	expect(items.filter(({ json }) => json.error)).toHaveLength(1);
	expect(setup.sandbox.requests).toHaveLength(99);
});

test('Retry On Fail runs all items, including those that the failed run did not send', async () => {
	setup.sandbox.faults.push({ times: 1, status: 422 });
	const input = setup.sandbox.store.dashboards.all.slice(0, 50).map(({ id }) => ({ json: { id } }));
	const { error, items } = await runNode({
		node: 'vizdomDashboard',
		parameters: { operation: 'get', dashboardId: locator('={{ $json.id }}') },
		credential: setup.credential(),
		input,
		settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
	});
	expect(error).toBeUndefined();
	expect(items.map(({ json }) => json.id)).toEqual(input.map(({ json }) => json.id));
});

describe('Retry On Fail', () => {
	const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };

	test('with Continue sends only those again that did not succeed', async () => {
		const input = [{ json: { email: 'nobody' } }, ...people(3)];
		const { items } = await runNode({
			node: 'vizdomUser',
			parameters: invite,
			credential: setup.credential(),
			input,
			onError: 'continueRegularOutput',
			settings,
		});
		expect(items.map(({ json, pairedItem }) => [json.email ?? json.error, pairedItem])).toEqual([
			["The parameter 'Email' must be an e-mail address, but is 'nobody'", { item: 0 }],
			...input.slice(1).map(({ json }, index) => [json.email, { item: index + 1 }]),
		]);
		expect(setup.sandbox.requests).toHaveLength(3);
	});

	test.each([
		['the connection is lost', { drop: 'after' as const }],
		['it meets 500', { status: 500 }],
		['a proxy has waited in vain (524)', { status: 524 }],
	])('does not send an update again that may have been made: %s', async (_, fault) => {
		setup.sandbox.faults.push({ method: 'PATCH', times: 1, ...fault });
		const { error } = await runNode({
			node: 'vizdomDashboard',
			parameters: {
				operation: 'update',
				dashboardId: locator(setup.sandbox.store.dashboards.all[0]?.id),
				updateFields: { name: 'New' },
			},
			credential: setup.credential(),
			settings,
		});
		expect(error?.description).toContain('The change may have been made anyway');
		expect(setup.sandbox.requests).toHaveLength(1);
	});

	test('continues waiting for the export that was started', async () => {
		setup.sandbox.settings.exportDurationMs = 3_000;
		const { items, error } = await runNode({
			node: 'vizdomExport',
			parameters: {
				operation: 'create',
				dashboardId: locator('dash_abc123'),
				format: 'csv',
				options: { timeout: 2 },
			},
			credential: setup.credential(),
			settings,
		});
		expect(error).toBeUndefined();
		expect(items[0]?.json.status).toBe('completed');
		expect(setup.sandbox.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
	}, 20_000);
});

test('An expression that cannot be evaluated fails the run before any item is sent', async () => {
	const { error } = await runNode({
		node: 'vizdomUser',
		parameters: {
			...invite,
			email: '={{ $json.email.length > 20 ? $("Nowhere").item : $json.email }}',
		},
		credential: setup.credential(),
		input: [...people(5), { json: { email: 'a-very-long-address@example.com' } }],
	});
	expect(error).toBeDefined();
	await new Promise((resolve) => setTimeout(resolve, 300));
	expect(setup.sandbox.requests).toEqual([]);
});

test('Execute Once runs only the first item', async () => {
	const { error, items } = await runNode({
		node: 'vizdomUser',
		parameters: invite,
		credential: setup.credential(),
		input: people(5),
		settings: { executeOnce: true },
	});
	expect(error).toBeUndefined();
	expect(items.map(({ json }) => json.email)).toEqual(['person0@example.com']);
});

test('Items that n8n batches are all sent', async () => {
	const { items } = await runNode({
		node: 'vizdomUser',
		parameters: {
			...invite,
			requestOptions: { batching: { batch: { batchSize: 2, batchInterval: 50 } } },
		},
		credential: setup.credential(),
		input: people(5),
	});
	expect(items).toHaveLength(5);
});
