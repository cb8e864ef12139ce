import type { OnError } from 'n8n-workflow';
import { runNode } from '../engine.mts';
import type { Outcome } from '../engine.mts';
import { locator, useSandbox } from '../support.mts';
import { expectClean, startTogether, testFaults, textOf, textOfError, working } from './cases.mts';
import type { FaultCase, OperationName } from './cases.mts';
import { inTurn, refusal, startServer } from './faultyServer.mts';
import type { FaultyServer, Reply } from './faultyServer.mts';

const tooMany = 'Too many requests';

function tooManyRequests(retryAfter?: string): Reply {
	return refusal(429, tooMany, retryAfter === undefined ? {} : { 'retry-after': retryAfter });
}

const lowerTheLimit = "lower 'Requests per Minute' in the Vizdom credential\\.$";

const all: OperationName[] = ['get', 'getAll', 'create', 'invite', 'export', 'update', 'delete'];

testFaults([
	...all.map(
		(operation): FaultCase => ({
			name: `${operation} succeeds after 429 twice, because it was refused before any work`,
			operation,
			replies: [tooManyRequests('1'), tooManyRequests(), 'works'],
			sent: 3,
		}),
	),
	...['999999', '91', '9'.repeat(25), 'Fri, 01 Jan 2099 00:00:00 GMT'].map(
		(retryAfter): FaultCase => ({
			name: `create fails at once if it must wait for '${retryAfter}', and says when to try again`,
			operation: 'create',
			replies: [tooManyRequests(retryAfter), 'works'],
			sent: 1,
			says: new RegExp(`^${tooMany} Vizdom asks you to wait [\\d.e+]+ seconds.*${lowerTheLimit}`),
		}),
	),
	{
		name: 'delete fails if 404 follows 429: the first try did nothing',
		operation: 'delete',
		replies: [tooManyRequests('1'), refusal(404, 'Gone')],
		sent: 2,
		says: /^Gone Check the parameter 'Dashboard'/,
	},
	{
		name: 'create is not sent a third time after 429 and 503',
		operation: 'create',
		replies: [tooManyRequests('1'), refusal(503, 'Down'), 'works'],
		sent: 2,
		says: /^Vizdom failed with status \d+ [A-Z][\w ]+: Down Tried 2 times.*The change may have been made anyway/,
	},
]);

interface Wait {
	retryAfter?: string;
	/** Seconds from the refusal to the next request */
	least: number;
	most: number;
}

function secondsAhead(seconds: number): string {
	return new Date(Date.now() + seconds * 1_000).toUTCString();
}

/** Twenty items: 16 are sent at once, and four wait for a turn. */
async function runTwenty(server: FaultyServer, onError?: OnError): Promise<Outcome> {
	return await runNode({
		node: 'vizdomDashboard',
		parameters: { operation: 'get', dashboardId: locator('={{ $json.id }}') },
		credential: server.credential,
		input: Array.from({ length: 20 }, (_, index) => ({ json: { id: `item_${index}` } })),
		onError,
	}).finally(server.close);
}

const waits: Wait[] = [
	{ retryAfter: '2', least: 2, most: 3 },
	{ retryAfter: '1.5', least: 1.5, most: 2.5 },
	// A date has whole seconds, and so has the server's own clock.
	{ retryAfter: 'a date 2 seconds ahead', least: 1, most: 4 },
	{ retryAfter: undefined, least: 0.5, most: 2 },
	{ retryAfter: '0', least: 0.5, most: 2 },
	{ retryAfter: '-5', least: 0.5, most: 2 },
	{ retryAfter: 'soon', least: 0.5, most: 2 },
	{ retryAfter: 'retry in 3000', least: 0.5, most: 2 },
	{ retryAfter: 'Thu, 01 Jan 2015 00:00:00 GMT', least: 0.5, most: 2 },
];
const results = startTogether(waits, async ({ retryAfter }) => {
	const value = retryAfter?.startsWith('a date') ? secondsAhead(2) : retryAfter;
	const first = inTurn<Reply | 'works'>([tooManyRequests(value), 'works']);
	let refusedAt = 0;
	const server = await startServer((request) => (response, socket) => {
		const reply = request.path.endsWith('/item_0') ? first() : 'works';
		if (reply !== 'works') {
			refusedAt = performance.now();
			reply(response, socket);
		} else {
			// The others of the first 16 stay in flight until the refusal is known.
			setTimeout(() => working(request)(response, socket), 200);
		}
	});
	return { outcome: await runTwenty(server), server, refusedAt };
});

describe('One item that is refused', () => {
	test.each(waits)(
		'makes the other items with the key wait, too: Retry-After $retryAfter, $least s',
		async (wait) => {
			const { outcome, server, refusedAt } = await results(wait);
			expect(outcome.error).toBeUndefined();
			expect(outcome.items.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual(
				Array.from({ length: 20 }, (_, item) => [`item_${item}`, { item }]),
			);
			expect(server.sent()).toEqual({ GET: 21 });
			const later = server.requests.slice(16).map(({ at }) => (at - refusedAt) / 1_000);
			expect(Math.min(...later)).toBeGreaterThanOrEqual(wait.least - 0.02);
			expect(Math.min(...later)).toBeLessThan(wait.most);
		},
		30_000,
	);
});

describe('A refusal that asks for a wait that is too long', () => {
	async function runRefused(onError?: OnError) {
		const server = await startServer((request) => (response, socket) => {
			// The others are still in flight when the refusal comes.
			const isFirst = request.path.endsWith('/item_0');
			const reply = isFirst ? tooManyRequests('999999') : working(request);
			setTimeout(() => reply(response, socket), isFirst ? 0 : 500);
		});
		return { outcome: await runTwenty(server, onError), server };
	}

	test('fails only its item, and says when to try again', async () => {
		const { outcome, server } = await runRefused('continueRegularOutput');
		expect(server.sent()).toEqual({ GET: 20 });
		const { items } = outcome;
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			Array.from({ length: 20 }, (_, item) => ({ item })),
		);
		const failed = items.flatMap(({ json }, index) => (json.error === undefined ? [] : [index]));
		expect(failed).toEqual([0]);
		expect(textOf(items[0]?.json)).toMatch(
			/^Too many requests Vizdom asks you to wait 999999 seconds: try again after that, at 20.*lower 'Requests per Minute'/,
		);
		expectClean(outcome, server);
	});

	test('fails the waiting items unsent after three in a row', async () => {
		const server = await startServer(() => tooManyRequests('999999'));
		const { items } = await runTwenty(server, 'continueRegularOutput');
		expect(server.requests.length).toBeLessThanOrEqual(16 + 2);
		expect(items).toHaveLength(20);
		for (const { json } of items) expect(textOf(json)).toContain('wait 999999 seconds');
	}, 20_000);

	test('fails the node at once', async () => {
		const { outcome, server } = await runRefused();
		expect(server.sent()).toEqual({ GET: 16 });
		expect(textOfError(outcome.error)).toContain('Vizdom asks you to wait 999999 seconds');
		expect(outcome.error?.httpCode).toBe('429');
		expect(outcome.error?.context?.itemIndex).toBe(0);
	});
});

describe('In the sandbox', () => {
	const setup = useSandbox();

	test('a record whose POST is refused twice is created once', async () => {
		setup.sandbox.faults.push({ method: 'POST', status: 429, times: 2 });
		const before = setup.sandbox.store.dashboards.size;
		const { items, error } = await runNode({
			node: 'vizdomDashboard',
			parameters: { operation: 'create', name: '={{ $json.name }}' },
			credential: setup.credential(),
			input: ['One', 'Two', 'Three'].map((name) => ({ json: { name } })),
		});
		expect(error).toBeUndefined();
		expect(items.map(({ json, pairedItem }) => [json.name, pairedItem])).toEqual([
			['One', { item: 0 }],
			['Two', { item: 1 }],
			['Three', { item: 2 }],
		]);
		expect(setup.sandbox.store.dashboards.size).toBe(before + 3);
		expect(setup.sandbox.requests.map(({ method }) => method)).toEqual(Array(5).fill('POST'));
	}, 30_000);

	test('all items succeed, each once, if there are more than the limit allows', async () => {
		Object.assign(setup.sandbox.settings, { rateLimit: 20, rateWindowMs: 1_000 });
		const input = Array.from({ length: 50 }, (_, index) => ({
			json: { email: `new${index}@example.com` },
		}));
		const before = setup.sandbox.store.users.size;
		const { items, error } = await runNode({
			node: 'vizdomUser',
			parameters: { operation: 'invite', email: '={{ $json.email }}', role: 'viewer' },
			credential: setup.credential(),
			input,
		});
		expect(error).toBeUndefined();
		expect(items.map(({ json, pairedItem }) => [json.email, pairedItem])).toEqual(
			input.map(({ json }, item) => [json.email, { item }]),
		);
		expect(setup.sandbox.store.users.size).toBe(before + 50);
	}, 60_000);
});
