import type { IDataObject } from 'n8n-workflow';
import { runNode } from './engine.mts';
import type { Outcome } from './engine.mts';
import { locator, requestLines, useSandbox } from './support.mts';

const setup = useSandbox();

function items(...jsons: IDataObject[]): Array<{ json: IDataObject }> {
	return jsons.map((json) => ({ json }));
}

/** The error of each failed item. */
function problems({ items: all }: Outcome): unknown[] {
	return all.flatMap(({ json }) => (typeof json.error === 'string' ? [json.error] : []));
}

function bodies(): unknown[] {
	return setup.sandbox.requests.map(({ body }) => body);
}

describe('Switches', () => {
	beforeEach(() => {
		setup.sandbox.settings.exportDurationMs = 0;
	});

	const returnAll = '={{ $json.all }}';

	test('Whatever an expression gives, Return All is on, off or refused', async () => {
		const { size } = setup.sandbox.store.users;
		const outcome = await runNode({
			node: 'vizdomUser',
			credential: setup.credential(),
			parameters: { operation: 'getAll', returnAll, limit: '={{ 3 }}' },
			input: items(
				...['TRUE', 'yes', 1, true].map((all) => ({ all })),
				...['false', 0, 'No'].map((all) => ({ all })),
				...[{}, { all: '' }, { all: 'ja' }],
			),
			onError: 'continueRegularOutput',
		});
		const counts = Array.from({ length: 7 }, (_, index) => {
			const own = ({ pairedItem }: (typeof outcome.items)[number]) =>
				JSON.stringify(pairedItem) === JSON.stringify({ item: index });
			return outcome.items.filter(own).length;
		});
		expect(counts).toEqual([size, size, size, size, 3, 3, 3]);
		expect(problems(outcome)).toEqual([
			"The parameter 'Return All' must be true or false, but is empty",
			"The parameter 'Return All' must be true or false, but is empty",
			"The parameter 'Return All' must be true or false, but is 'ja'",
		]);
	});

	test.each(['false', 'FALSE', 0, '=false', "={{ 'no' }}", false])(
		'Limit applies if Return All is %j',
		async (value) => {
			const outcome = await runNode({
				node: 'vizdomDashboard',
				credential: setup.credential(),
				parameters: { operation: 'getAll', returnAll: value, limit: 3 },
			});
			expect(outcome.items).toHaveLength(3);
		},
	);

	test.each(['true', 'TRUE', 1, "={{ 'yes' }}", '=true', true])(
		'Nothing that depends on Wait for Completion is lost if it is %j',
		async (waitForCompletion) => {
			const [dashboard] = setup.sandbox.store.dashboards.all;
			const parameters = {
				operation: 'create',
				dashboardId: locator(dashboard?.id),
				format: 'csv',
				waitForCompletion,
			};
			const credential = setup.credential();
			const options = { fileName: 'mine.csv', binaryPropertyName: 'report' };
			const withFile = { ...parameters, downloadFile: waitForCompletion, options };
			const downloaded = await runNode({ node: 'vizdomExport', credential, parameters: withFile });
			expect(downloaded.items[0]?.binary?.report?.fileName).toBe('mine.csv');
			const withoutFile = { ...parameters, downloadFile: 'No' };
			const left = await runNode({ node: 'vizdomExport', credential, parameters: withoutFile });
			expect(left.items[0]?.json.status).toBe('completed');
			expect(left.items[0]?.binary).toBeUndefined();
		},
	);

	test('An empty Wait for Completion starts no export', async () => {
		const outcome = await runNode({
			node: 'vizdomExport',
			credential: setup.credential(),
			parameters: {
				operation: 'create',
				dashboardId: locator('dash_abc123'),
				format: 'csv',
				waitForCompletion: '={{ $json.wait }}',
			},
		});
		expect(outcome.error?.message).toBe(
			"The parameter 'Wait for Completion' must be true or false, but is empty",
		);
		expect(setup.sandbox.requests).toEqual([]);
	});

	test('A switch of another operation hides nothing of Download', async () => {
		const credential = setup.credential();
		const started = await runNode({
			node: 'vizdomExport',
			credential,
			parameters: {
				operation: 'create',
				dashboardId: locator('dash_abc123'),
				format: 'csv',
				downloadFile: false,
			},
		});
		const { items: downloaded } = await runNode({
			node: 'vizdomExport',
			credential,
			parameters: {
				operation: 'download',
				exportId: locator(started.items[0]?.json.id),
				downloadFile: false,
				options: { fileName: 'mine.csv' },
			},
		});
		expect(downloaded[0]?.binary?.data?.fileName).toBe('mine.csv');
	});
});

test('Dates are ISO texts', async () => {
	const { error } = await runNode({
		node: 'vizdomDashboard',
		credential: setup.credential(),
		parameters: {
			operation: 'create',
			name: '={{ DateTime.fromISO($json.day, { zone: "utc" }) }}',
			description: '={{ new Date($json.day) }}',
		},
		input: items({ day: '2026-01-15' }, { day: '2026-02-16T09:30:00Z' }),
	});
	expect(error).toBeUndefined();
	expect(bodies()).toEqual([
		{ name: '2026-01-15T00:00:00.000Z', description: '2026-01-15T00:00:00.000Z' },
		{ name: '2026-02-16T09:30:00.000Z', description: '2026-02-16T09:30:00.000Z' },
	]);
});

test('An invalid date is refused, and so is a number that has lost digits', async () => {
	const outcome = await runNode({
		node: 'vizdomDashboard',
		credential: setup.credential(),
		parameters: {
			operation: 'create',
			name: '={{ $json.day ? DateTime.fromISO($json.day) : $json.number }}',
		},
		input: items({ day: 'someday' }, { number: 7_615_917_337_495_251_231 }, { number: 0.1 }),
		onError: 'continueRegularOutput',
	});
	expect(problems(outcome)).toEqual([
		"The parameter 'Name' must be text, but is a list or an object",
		"The parameter 'Name' is 7615917337495251000, which has lost digits",
	]);
	expect(bodies()).toEqual([{ name: '0.1' }]);
});

test('E-mail addresses are sent bare, or refused', async () => {
	const outcome = await runNode({
		node: 'vizdomUser',
		credential: setup.credential(),
		parameters: { operation: 'invite', email: '={{ $json.email }}', role: '={{ $json.role }}' },
		input: items(
			{ email: 'ada\u200b@example.com', role: 'view\u00ader' },
			{ email: 'mailto:grace@example.com', role: 'viewer' },
			{ email: 'a@example.com;b@example.com', role: 'viewer' },
			{ email: 'Alan T. <alan@example.com>', role: 'viewer' },
		),
		onError: 'continueRegularOutput',
	});
	expect(bodies()).toEqual(
		['ada', 'grace', 'alan'].map((name) => ({ email: `${name}@example.com`, role: 'viewer' })),
	);
	expect(problems(outcome)).toEqual([
		"The parameter 'Email' must be an e-mail address, but is 'a@example.com;b@example.com'",
	]);
});

test('Numbers in Config arrive as written, or are refused', async () => {
	const outcome = await runNode({
		node: 'vizdomDataSource',
		credential: setup.credential(),
		parameters: { operation: 'create', name: 'A', type: 'mysql', config: '={{ $json.config }}' },
		input: items(
			{ config: '{"ratio": 0.1, "id": "7615917337495251231"}' },
			{ config: '{"pool": {"ids": [7615917337495251231]}}' },
			{ config: '{"max": 1e400}' },
			{ config: { max: { id: 7_615_917_337_495_251_231 } } },
		),
		onError: 'continueRegularOutput',
	});
	expect(bodies()).toEqual([
		{ name: 'A', type: 'mysql', config: { ratio: 0.1, id: '7615917337495251231' } },
	]);
	expect(problems(outcome)).toEqual(
		['at position 18', 'at position 8', 'max.id'].map(
			(place) => `The parameter 'Config' has a number that cannot be sent unchanged (${place})`,
		),
	);
});

describe('Web addresses', () => {
	const address = 'https://app.vizdom.ai/acme/dashboards/dash_abc123';

	test.each(['url', 'id'])('are read under %s', async (mode) => {
		const outcome = await runNode({
			node: 'vizdomDashboard',
			credential: setup.credential(),
			parameters: { operation: 'get', dashboardId: locator('={{ $json.address }}', mode) },
			input: items(
				...[
					address,
					`${address}/`,
					`${address}/edit?tab=1#top`,
					`${address}?range=last month`,
					` ${address}\n`,
					address.replace('https', 'http'),
					address.replace('https://app.vizdom.ai', 'HTTPS://App.Vizdom.AI'),
					address.replace('https://', ''),
					address.replace('_', '%5F'),
					`${address}\u200b`,
				].map((text) => ({ address: text })),
			),
		});
		expect(outcome.error).toBeUndefined();
		expect(requestLines(setup.sandbox)).toEqual(
			Array.from({ length: 10 }, () => 'GET /v1/dashboards/dash_abc123'),
		);
	});

	test('with an encoded ID request that ID', async () => {
		await runNode({
			node: 'vizdomDashboard',
			credential: setup.credential(),
			parameters: {
				operation: 'get',
				dashboardId: locator('https://app.vizdom.ai/acme/dashboards/my%20board%2F1', 'url'),
			},
		});
		expect(requestLines(setup.sandbox)).toEqual(['GET /v1/dashboards/my%20board%2F1']);
	});

	test.each(['url', 'id'])('of something else are refused under %s', async (mode) => {
		const addresses = [
			'https://app.vizdom.ai/acme/dashboards/',
			'https://app.vizdom.ai/acme/dashboards/dash_abc 123',
			'https://app.vizdom.ai/acme/dashboards/dash_%zz',
			'https://app.vizdom.ai.example.com/acme/dashboards/dash_abc123',
			`https://example.com/?to=${address}`,
			'http://example.com/dash_abc123',
		];
		const outcome = await runNode({
			node: 'vizdomDashboard',
			credential: setup.credential(),
			parameters: { operation: 'delete', dashboardId: locator('={{ $json.address }}', mode) },
			input: items(...addresses.map((text) => ({ address: text }))),
			onError: 'continueRegularOutput',
		});
		expect(problems(outcome)).toEqual(
			addresses.map(
				(wrong) =>
					`The parameter 'Dashboard' must be the address of a Vizdom dashboard, but is '${wrong}'`,
			),
		);
		expect(setup.sandbox.requests).toEqual([]);
	});

	test('are refused for resources without a known one', async () => {
		const { error } = await runNode({
			node: 'vizdomUser',
			credential: setup.credential(),
			parameters: {
				operation: 'delete',
				userId: locator('https://app.vizdom.ai/acme/members/user_1'),
			},
		});
		expect(error?.message).toBe(
			"The parameter 'User' must be an ID, but is 'https://app.vizdom.ai/acme/members/user_1'",
		);
		expect(setup.sandbox.requests).toEqual([]);
	});
});

test.each(['dash_\u200babc\u00ad123', '\ufeffdash_abc123', '  dash_abc123\u2060 '])(
	'Invisible characters in the ID %j are not sent',
	async (id) => {
		await runNode({
			node: 'vizdomDashboard',
			credential: setup.credential(),
			parameters: { operation: 'get', dashboardId: locator('={{ $json.id }}') },
			input: items({ id }, { id }),
		});
		expect(requestLines(setup.sandbox)).toEqual(
			Array.from({ length: 2 }, () => 'GET /v1/dashboards/dash_abc123'),
		);
	},
);

test.each([
	(key: string) => `Bearer ${key}`,
	(key: string) => `bearer  "${key}"\n`,
	(key: string) => ` '${key}'\u200b`,
])('A key is sent bare, however it was pasted, and is in no error', async (pasted) => {
	const { apiKey, baseUrl } = setup.credential();
	const body = { error: { message: `Not ${apiKey}` } };
	setup.sandbox.faults.push({ times: 1, status: 401, body });
	const outcome = await runNode({
		node: 'vizdomDashboard',
		credential: { apiKey: pasted(apiKey), baseUrl },
		parameters: { operation: 'getAll', limit: 1 },
		onError: 'continueRegularOutput',
	});
	expect(outcome.items[0]?.json.error).toBe('Not [API key]');
	const { error, items: read } = await runNode({
		node: 'vizdomDashboard',
		credential: { apiKey: pasted(apiKey), baseUrl },
		parameters: { operation: 'getAll', limit: 1 },
	});
	expect(error).toBeUndefined();
	expect(read).toHaveLength(1);
	// The sandbox removes keys from its log: nothing around the key is left.
	expect(setup.sandbox.requests.map(({ headers }) => headers.authorization)).toEqual([
		'Bearer [API key]',
		'Bearer [API key]',
	]);
});
