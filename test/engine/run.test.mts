import { runNode } from './engine.mts';
import { locator, useSandbox } from './support.mts';

const setup = useSandbox();

const invite = { operation: 'invite', email: '={{ $json.email }}', role: 'viewer' };

function people(count: number): Array<{ json: { email: string } }> {
	return Array.from({ length: count }, (_, index) => ({
		json: { email: `person${index}@example.com` },
	}));
}

test('One item that cannot be used fails the run before any other is sent', async () => {
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

test('Once Vizdom refuses one, those that wait are not sent, and the error is of that one', async () => {
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

test('Under Continue the others are sent', async () => {
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

test('Retry On Fail runs all items again, also those that the failed run did not send', async () => {
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
