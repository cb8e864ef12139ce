import type { IDataObject } from 'n8n-workflow';
import { runNode } from './engine.mts';
import { locator, useSandbox } from './support.mts';

const setup = useSandbox();

interface BadInput {
	what: string;
	node: string;
	parameters: IDataObject;
	/** An item with unusable values, and one with usable ones */
	bad: IDataObject;
	good: IDataObject;
	/** In the message or the advice */
	says: RegExp;
	/** Whether a request reaches Vizdom */
	asks?: boolean;
}

const dashboardId = locator('={{ $json.id }}');
const known = { id: 'dash_abc123' };

const cases: BadInput[] = [
	{
		what: 'an empty ID',
		node: 'vizdomDashboard',
		parameters: { operation: 'get', dashboardId },
		bad: { id: '' },
		good: known,
		says: /'Dashboard' is empty/,
	},
	{
		what: 'an ID that is missing from the item',
		node: 'vizdomDashboard',
		parameters: { operation: 'delete', dashboardId },
		bad: {},
		good: known,
		says: /'Dashboard' is empty/,
	},
	{
		what: 'an ID with slashes',
		node: 'vizdomDashboard',
		parameters: { operation: 'get', dashboardId },
		bad: { id: '../users/user_1?x=' },
		good: known,
		says: /'\.\.\/users\/user_1\?x='.* Check the parameter 'Dashboard': choose/,
		asks: true,
	},
	{
		what: 'an ID of dots',
		node: 'vizdomDashboard',
		parameters: { operation: 'delete', dashboardId },
		bad: { id: '..' },
		good: known,
		says: /'Dashboard' must be an ID, but is '\.\.'/,
	},
	{
		what: 'an unknown ID',
		node: 'vizdomDashboard',
		parameters: { operation: 'update', dashboardId, updateFields: { name: 'New' } },
		bad: { id: 'dash_nowhere' },
		good: known,
		says: /^Dashboard with ID 'dash_nowhere' does not exist\. Check the parameter 'Dashboard'/,
		asks: true,
	},
	{
		what: 'an unknown dashboard to export',
		node: 'vizdomExport',
		parameters: { operation: 'create', dashboardId, format: 'csv', waitForCompletion: false },
		bad: { id: 'dash_nowhere' },
		good: known,
		says: /Dashboard with ID 'dash_nowhere' does not exist/,
		asks: true,
	},
	{
		what: "a URL that is not a dashboard's",
		node: 'vizdomDashboard',
		parameters: { operation: 'get', dashboardId: locator('={{ $json.url }}', 'url') },
		bad: { url: 'https://example.com/somewhere' },
		good: { url: 'https://app.vizdom.ai/acme/dashboards/dash_abc123' },
		says: /'Dashboard' must be the address of a Vizdom dashboard, but is '/,
	},
	{
		what: 'an empty name',
		node: 'vizdomDashboard',
		parameters: { operation: 'create', name: '={{ $json.name }}' },
		bad: { name: '  ' },
		good: { name: 'Fine' },
		says: /'Name' is empty/,
	},
	{
		what: 'a name that is an object',
		node: 'vizdomDashboard',
		parameters: { operation: 'create', name: '={{ $json.name }}' },
		bad: { name: { first: 'A' } },
		good: { name: 'Fine' },
		says: /'Name' must be text, but is a list or an object/,
	},
	{
		what: 'an invalid e-mail address',
		node: 'vizdomUser',
		parameters: { operation: 'invite', email: '={{ $json.email }}', role: 'viewer' },
		bad: { email: 'nathan at example.com' },
		good: { email: 'nathan@example.com' },
		says: /'Email' must be an e-mail address, but is 'nathan at example\.com'/,
	},
	{
		what: 'an unknown role',
		node: 'vizdomUser',
		parameters: { operation: 'invite', email: '={{ $json.email }}', role: '={{ $json.role }}' },
		bad: { email: 'a@example.com', role: 'boss' },
		good: { email: 'b@example.com', role: 'editor' },
		says: /'Role' must be one of admin, editor, viewer, but is 'boss'/,
	},
	{
		what: 'malformed JSON',
		node: 'vizdomDataSource',
		parameters: { operation: 'create', name: 'X', type: 'mysql', config: '={{ $json.config }}' },
		bad: { config: '{"password": "secret-1", }' },
		good: { config: '{"password": "secret-1"}' },
		says: /'Config' is not valid JSON Check quotes, commas and brackets at position \d+\./,
	},
	{
		what: 'JSON that is a list',
		node: 'vizdomDataSource',
		parameters: { operation: 'create', name: 'X', type: 'mysql', config: '={{ $json.config }}' },
		bad: { config: '[1]' },
		good: { config: '{}' },
		says: /'Config' must be a JSON object/,
	},
	{
		what: 'a negative limit',
		node: 'vizdomUser',
		parameters: { operation: 'getAll', limit: '={{ $json.limit }}' },
		bad: { limit: -5 },
		good: { limit: 1 },
		says: /'Limit' must be a whole number of at least 1, but is '-5'/,
	},
	{
		what: 'a limit that is not a number',
		node: 'vizdomDashboard',
		parameters: { operation: 'getAll', limit: '={{ $json.limit }}' },
		bad: { limit: 'ten' },
		good: { limit: '1' },
		says: /'Limit' must be a whole number of at least 1, but is 'ten'/,
	},
	{
		what: 'an unknown format',
		node: 'vizdomExport',
		parameters: {
			operation: 'create',
			dashboardId: locator('dash_abc123'),
			format: '={{ $json.format }}',
			waitForCompletion: false,
		},
		bad: { format: 'docx' },
		good: { format: 'pdf' },
		says: /'Format' must be one of csv, pdf, png, xlsx, but is 'docx'/,
	},
	{
		what: 'a timeout of 0',
		node: 'vizdomExport',
		parameters: {
			operation: 'create',
			dashboardId: locator('dash_abc123'),
			format: 'csv',
			options: { timeout: '={{ $json.timeout }}' },
		},
		bad: { timeout: 0 },
		good: { timeout: 60 },
		says: /'Timeout \(Seconds\)' must be a number above 0, but is /,
	},
	...['fileName', 'binaryPropertyName'].map(
		(option): BadInput => ({
			what: `a list for ${option}`,
			node: 'vizdomExport',
			parameters: {
				operation: 'create',
				dashboardId: locator('dash_abc123'),
				format: 'csv',
				options: { [option]: '={{ $json.name }}' },
			},
			bad: { name: ['a', 'b'] },
			good: { name: 'report' },
			says: /'(File Name|Output Data Field Name)' must be text/,
		}),
	),
	{
		what: 'a role that cannot be changed',
		node: 'vizdomUser',
		parameters: { operation: 'update', userId: locator('={{ $json.id }}'), role: 'viewer' },
		bad: { id: 'OWNER' },
		good: { id: 'VIEWER' },
		says: /owner/i,
		asks: true,
	},
];

/** Two IDs depend on the sandbox's users. */
function people(json: IDataObject): IDataObject {
	const { users } = setup.sandbox.store;
	if (json.id === 'OWNER')
		return { id: users.all.find((user) => setup.sandbox.store.isOwner(user))?.id };
	if (json.id === 'VIEWER') return { id: users.all.find(({ role }) => role === 'viewer')?.id };
	return json;
}

describe.each(cases)('$what', ({ node, parameters, bad, good, says, asks = false }) => {
	const input = () => [good, bad, good].map((json) => ({ json: { ...people(json) } }));

	test('is its own item with Continue, and the other items keep their results', async () => {
		// An address can be invited only once.
		const distinct = input().map(({ json }, index) =>
			typeof json.email === 'string' && json.email.includes('@')
				? { json: { ...json, email: `${index}${json.email}` } }
				: { json },
		);
		const { items, error } = await runNode({
			node,
			parameters,
			credential: setup.credential(),
			input: distinct,
			onError: 'continueRegularOutput',
		});
		expect(error).toBeUndefined();
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		const [first, failed, last] = items;
		expect(first?.json.error ?? null).toBeNull();
		// The first item's dashboard or user may be gone, which is another outcome.
		if (parameters.operation !== 'delete') expect(last?.json.error ?? null).toBeNull();
		const { description } = failed?.json.details as { description?: string };
		expect(`${String(failed?.json.error)} ${description ?? ''}`).toMatch(says);
		expect(JSON.stringify(failed)).not.toContain('secret-1');
	});

	test('goes to the error output with its input, and the others do not', async () => {
		const { items, errorItems } = await runNode({
			node,
			parameters,
			credential: setup.credential(),
			input: input().slice(1),
			onError: 'continueErrorOutput',
		});
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
		expect(errorItems).toEqual([
			expect.objectContaining({
				json: expect.objectContaining({ ...people(bad), error: expect.any(String) }),
				pairedItem: { item: 0 },
			}),
		]);
	});

	test('fails the node, and names the item', async () => {
		const { error } = await runNode({
			node,
			parameters,
			credential: setup.credential(),
			input: [{ json: { ...people(bad) } }],
		});
		expect(`${error?.message} ${error?.description ?? ''}`).toMatch(says);
		expect(error?.context?.itemIndex).toBe(0);
		expect(setup.sandbox.requests).toHaveLength(asks ? 1 : 0);
	});
});

test('An update without changes is not sent', async () => {
	const { error } = await runNode({
		node: 'vizdomDashboard',
		parameters: { operation: 'update', dashboardId: locator('dash_abc123'), updateFields: {} },
		credential: setup.credential(),
	});
	expect(error?.message).toBe("The parameter 'Update Fields' is empty");
	expect(setup.sandbox.requests).toEqual([]);
});

test('A wrong key is reported once, without the key', async () => {
	const credential = { ...setup.credential(), apiKey: 'wrong-key-4711' };
	const { error } = await runNode({
		node: 'vizdomDashboard',
		parameters: { operation: 'getAll' },
		credential,
	});
	expect(error?.httpCode).toBe('401');
	expect(error?.description).toContain('Check the API Key in the Vizdom credential.');
	expect(JSON.stringify(error)).not.toContain('wrong-key-4711');
	expect(setup.sandbox.requests).toHaveLength(1);
});

test('A key that the server repeats in its message is not in the error', async () => {
	const { apiKey } = setup.credential();
	setup.sandbox.faults.push({
		status: 401,
		body: {
			error: { code: `bad_${apiKey}`, message: `No such key: ${apiKey}`, details: [apiKey] },
		},
	});
	const { error, items, run } = await runNode({
		node: 'vizdomDashboard',
		parameters: { operation: 'getAll' },
		credential: setup.credential(),
		onError: 'continueRegularOutput',
	});
	expect(error).toBeUndefined();
	expect(items[0]?.json.error).toBe('No such key: [API key]');
	expect(JSON.stringify(run)).not.toContain(apiKey);
});

test.each([
	['vizdomDashboard', { operation: 'create', name: 'X' }, 'Editor or Admin'],
	['vizdomUser', { operation: 'invite', email: 'x@example.com', role: 'viewer' }, 'Admin'],
])('A write with %s by a Viewer says which role it needs', async (node, parameters, role) => {
	const { error } = await runNode({ node, parameters, credential: setup.credential('viewer') });
	expect(error?.httpCode).toBe('403');
	expect(error?.description).toBe(`Use the API key of an ${role} in the Vizdom credential.`);
});

test.each([
	'http://vizdom.example.com/v1',
	'not an address',
	'ftp://127.0.0.1/',
	'https://vizdom.example.com/v1?tenant=a',
	'https://vizdom.example.com/v1#x',
])('The key is not sent to the base URL %s', async (baseUrl) => {
	const { error } = await runNode({
		node: 'vizdomDashboard',
		parameters: { operation: 'getAll' },
		credential: { ...setup.credential(), baseUrl },
	});
	expect(error?.message).toContain(`The Base URL '${baseUrl.replace(/\/$/, '')}'`);
	expect(error?.description).toMatch(/Correct it in the Vizdom credential/);
	expect(setup.sandbox.requests).toEqual([]);
});
