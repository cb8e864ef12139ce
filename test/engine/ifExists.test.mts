import type { IDataObject } from 'n8n-workflow';
import { runNode } from './engine.mts';
import type { NodeRun, Outcome } from './engine.mts';
import { textOf } from './faults/cases.mts';
import { requestLines, useSandbox } from './support.mts';

const setup = useSandbox();

type Choice = 'create' | 'return' | 'stop';

function invite(emails: string[], ifExists?: unknown, run: Partial<NodeRun> = {}) {
	return start(
		'vizdomUser',
		{ operation: 'invite', email: '={{ $json.name }}', role: 'viewer' },
		emails,
		ifExists,
		run,
	);
}

function create(names: string[], ifExists?: unknown, run: Partial<NodeRun> = {}) {
	const parameters = { operation: 'create', name: '={{ $json.name }}', description: 'New' };
	return start('vizdomDashboard', parameters, names, ifExists, run);
}

async function start(
	node: string,
	parameters: IDataObject,
	names: string[],
	ifExists: unknown,
	run: Partial<NodeRun>,
): Promise<Outcome> {
	const options = (ifExists === undefined ? {} : { ifExists }) as IDataObject;
	return await runNode({
		node,
		parameters: { ...parameters, options },
		credential: setup.credential(),
		input: names.map((name) => ({ json: { name } })),
		onError: 'continueRegularOutput',
		...run,
	});
}

/** The ID or the error of each item. */
function given({ items, error }: Outcome): string[] {
	expect(error).toBeUndefined();
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
	return items.map(({ json }) => (json.error ? textOf(json) : String(json.id)));
}

function sent(): Record<string, number> {
	const methods = setup.sandbox.requests.map(({ method }) => method);
	return Object.fromEntries(
		[...new Set(methods)].map((one) => [one, methods.filter((method) => method === one).length]),
	);
}

const member = () => setup.sandbox.store.users.all[3] as { id: string; email: string };
const newest = (kind: 'users' | 'dashboards') => setup.sandbox.store[kind].all.at(-1)?.id;

test('Create Anyway, the default, reads nothing', async () => {
	const { name } = setup.sandbox.store.dashboards.all[0] ?? { name: '' };
	expect(given(await create([name, name]))).toHaveLength(2);
	expect(given(await create([name], 'create'))).toEqual([newest('dashboards')]);
	expect(given(await invite(['ada@example.com']))).toEqual([newest('users')]);
	expect(sent()).toEqual({ POST: 4 });
});

describe('Return the Existing One', () => {
	test('invites new people once each, and returns existing ones, in any letter case', async () => {
		const { id, email } = member();
		const emails = [` ${email.toUpperCase()}`, 'ada@example.com', ' ADA@example.com ', email];
		const outcome = await invite(emails, 'return');
		const ada = newest('users');
		expect(given(outcome)).toEqual([id, ada, ada, id]);
		expect(outcome.items[0]?.json).toEqual(setup.sandbox.store.users.find(id));
		expect(requestLines(setup.sandbox)).toEqual([
			'GET /v1/users?limit=100&offset=0',
			'POST /v1/users/invite',
		]);
		expect(given(await invite(emails, 'Return'))).toEqual([id, ada, ada, id]);
		expect(sent()).toEqual({ GET: 2, POST: 1 });
	});

	test('creates missing dashboards once each, and compares names exactly', async () => {
		const { id, name } = setup.sandbox.store.insertDashboard(undefined, { name: 'North' });
		const outcome = given(await create([name, 'north', 'South', 'South', 'South'], 'return'));
		const [north, south] = setup.sandbox.store.dashboards.all.slice(-2).map((one) => one.id);
		expect(outcome[0]).toBe(id);
		expect(outcome.slice(1).toSorted()).toEqual([north, south, south, south].toSorted());
		expect(sent()).toEqual({ GET: 3, POST: 2 });
	});

	test('does not guess among several', async () => {
		const { store } = setup.sandbox;
		const ids = [0, 1].map(() => store.insertDashboard(undefined, { name: 'North' }).id);
		const [text, other] = given(await create(['North', 'South'], 'return'));
		expect(text).toBe(
			`There are 2 dashboards named 'North': '${ids[0]}', '${ids[1]}' Nothing was created. Get the one you mean by its ID.`,
		);
		expect(other).toBe(newest('dashboards'));
	});

	test('returns what an equal item created, although its response was lost', async () => {
		setup.sandbox.faults.push({ method: 'POST', drop: 'after', times: 1 });
		const outcome = given(await invite(['ada@example.com', 'ADA@example.com'], 'return'));
		expect(outcome).toEqual([newest('users'), newest('users')]);
		expect(sent().POST).toBe(1);
	}, 20_000);

	test('lets the next equal item try if one fails', async () => {
		setup.sandbox.faults.push({ method: 'POST', status: 422, times: 1 });
		const [first, second, third] = given(await create(['North', 'North', 'North'], 'return'));
		expect(first).toMatch(/^A fault that was set/);
		expect([second, third]).toEqual([newest('dashboards'), newest('dashboards')]);
		expect(sent().POST).toBe(2);
	});

	test('sends nothing for an equal item while it is unclear whether one was created', async () => {
		setup.sandbox.faults.push({ method: 'POST', drop: 'before' });
		const outcome = given(await create(['North', 'North'], 'return'));
		expect(outcome).toEqual(Array(2).fill(expect.stringMatching(/was not found in Vizdom\.$/)));
		expect(sent().POST).toBe(1);
	}, 40_000);

	test('creates nothing twice with Retry On Fail', async () => {
		setup.sandbox.faults.push({ method: 'POST', status: 422, times: 1, skip: 1 });
		const outcome = await invite(['a@example.com', 'b@example.com', 'A@example.com'], 'return', {
			onError: 'stopWorkflow',
			settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
		});
		const [a, b, again] = given(outcome);
		expect(again).toBe(a);
		expect([a, b]).toEqual(setup.sandbox.store.users.all.slice(-2).map(({ id }) => id));
		expect(sent().POST).toBe(3);
	});
});

describe('Stop', () => {
	test('fails for an existing record, and for an equal item', async () => {
		const { id, email } = member();
		const texts = given(
			await invite([email.toUpperCase(), 'ada@example.com', 'Ada@example.com'], 'stop'),
		);
		const advice =
			"Nothing was created. To continue with the existing one, set 'If It Exists Already' to 'Return the Existing One'.";
		expect(texts).toEqual([
			`The user '${email.toLowerCase()}' already exists: '${id}' ${advice}`,
			newest('users'),
			`The user 'ada@example.com' already exists: '${newest('users')}' ${advice}`,
		]);
		expect(sent()).toEqual({ GET: 1, POST: 1 });
	});

	test('fails for an equal item even if the response has no ID', async () => {
		setup.sandbox.faults.push({ method: 'POST', status: 201, times: 1 });
		const [, text] = given(await create(['North', 'North'], 'stop'));
		expect(text).toMatch(/^The dashboard 'North' already exists Nothing was created/);
	});

	test('fails for all but the first of three equal items', async () => {
		const [first, ...others] = given(await create(['North', 'North', 'North'], 'stop'));
		expect(first).toBe(newest('dashboards'));
		for (const text of others) expect(text).toContain(`already exists: '${first}'`);
		expect(sent().POST).toBe(1);
	});
});

test('A list that cannot be read fails the items, and nothing is sent', async () => {
	setup.sandbox.faults.push({ method: 'GET', status: 403 });
	const texts = given(await invite(['ada@example.com', 'ben@example.com'], 'return'));
	expect(texts).toEqual(Array(2).fill(expect.stringContaining('A fault that was set')));
	expect(sent()).toEqual({ GET: 1 });
});

test.each<[unknown, string]>([
	['skip', "must be one of create, return, stop, but is 'skip'"],
	['={{ $json.missing }}', 'is empty'],
])('A value that is not an option is refused: %s', async (value, problem) => {
	const choices: Choice[] = ['create', 'return', 'stop'];
	const [text] = given(await create(['North'], value));
	expect(text).toContain(`The parameter 'If It Exists Already' ${problem}`);
	expect(text).toMatch(new RegExp(value === 'skip' ? choices.join(', ') : 'expression'));
	expect(sent()).toEqual({});
});
