import { setTimeout as sleep } from 'node:timers/promises';
import { startNode } from '../engine.mts';
import type { NodeRun } from '../engine.mts';
import { locator } from '../support.mts';
import { startTogether, working } from './cases.mts';
import { bytes, json, refusal, startServer } from './faultyServer.mts';
import type { Arrived, Reply } from './faultyServer.mts';

interface Stop {
	/** A sentence: the test's name */
	name: string;
	run: Pick<NodeRun, 'node' | 'parameters' | 'onError'>;
	items?: number;
	replyTo: (request: Arrived) => Reply;
	requestsPerMinute?: number;
	/** Requests before the stop */
	sent: Record<string, number>;
}

const get = {
	node: 'vizdomDashboard',
	parameters: { operation: 'get', dashboardId: locator('={{ $json.id }}') },
};
const download = {
	node: 'vizdomExport',
	parameters: { operation: 'download', exportId: locator('exp_1') },
};

function exported(status: string, download_url: string | null = null): Reply {
	return json(200, {
		data: { id: 'exp_1', dashboard_id: 'dash_1', format: 'csv', status, download_url },
	});
}

const isFile = ({ path }: Arrived) => path.endsWith('/file');
/** Delayed, so that all items are in flight by then. */
const retryLater = (): Reply => (response, socket) => {
	const reply = refusal(429, 'Slow down', { 'retry-after': '30' });
	setTimeout(() => reply(response, socket), 250);
};
const headers =
	'HTTP/1.1 200 OK\r\ncontent-disposition: attachment; filename=a.csv\r\ncontent-length: 9000\r\n\r\n';

const cases: Stop[] = [
	{
		name: 'Waiting for Retry-After ends',
		run: get,
		replyTo: retryLater,
		sent: { GET: 1 },
	},
	{
		name: 'Waiting for Retry-After ends with Continue, too',
		run: { ...get, onError: 'continueRegularOutput' },
		items: 5,
		replyTo: retryLater,
		sent: { GET: 5 },
	},
	{
		name: 'A request in flight is aborted',
		run: get,
		items: 3,
		replyTo: () => bytes('', 'stall'),
		sent: { GET: 3 },
	},
	{
		name: 'A POST in flight is aborted',
		run: { node: 'vizdomDashboard', parameters: { operation: 'create', name: 'New' } },
		replyTo: () => bytes('', 'stall'),
		sent: { POST: 1 },
	},
	{
		name: 'Items waiting for the next minute stay unsent',
		run: get,
		items: 100,
		replyTo: working,
		requestsPerMinute: 10,
		sent: { GET: 10 },
	},
	{
		name: 'Items waiting for one of 16 connections stay unsent',
		run: get,
		items: 100,
		replyTo: () => bytes('', 'stall'),
		sent: { GET: 16 },
	},
	{
		name: 'Pages waiting for the second one, which shows how to request them, stay unread',
		run: { node: 'vizdomDashboard', parameters: { operation: 'getAll', returnAll: true } },
		replyTo: ({ path }) =>
			path.includes('offset=0')
				? json(200, { data: [{ id: 'a' }, { id: 'b' }, { id: 'c' }], meta: { total: 900 } })
				: bytes('', 'stall'),
		sent: { GET: 2 },
	},
	{
		name: 'Waiting for an export ends',
		run: download,
		replyTo: () => exported('processing'),
		sent: { GET: 1 },
	},
	{
		name: 'Waiting for a file ends',
		run: download,
		replyTo: (request) =>
			isFile(request) ? bytes('', 'stall') : exported('completed', '/v1/exports/exp_1/file'),
		sent: { GET: 2 },
	},
	{
		name: 'Reading a file ends',
		run: download,
		replyTo: (request) =>
			isFile(request)
				? bytes(`${headers}a,b`, 'stall')
				: exported('completed', '/v1/exports/exp_1/file'),
		sent: { GET: 2 },
	},
];

/** The rest of an aborted wait must not keep the test runner alive. */
const timers: NodeJS.Timeout[] = [];
beforeAll(() => {
	const start = globalThis.setTimeout;
	globalThis.setTimeout = Object.assign((...args: Parameters<typeof start>) => {
		const timer = start(...args);
		timers.push(timer);
		return timer;
	}, start);
});
afterAll(() => timers.forEach((timer) => timer.unref()));

async function stopped({ run, items = 1, replyTo, requestsPerMinute, sent }: Stop) {
	const server = await startServer(replyTo);
	const { outcome, stop } = startNode({
		...run,
		credential: { ...server.credential, requestsPerMinute },
		input: Array.from({ length: items }, (_, index) => ({ json: { id: `item_${index}` } })),
	});
	const arrived = () => JSON.stringify(server.sent()) === JSON.stringify(sent);
	for (const end = performance.now() + 5_000; !arrived() && performance.now() < end; )
		await sleep(5);
	await sleep(300);
	const before = server.sent();
	const stoppedAt = performance.now();
	stop();
	const ended = await Promise.race([outcome, sleep(10_000, undefined, { ref: false })]);
	const took = performance.now() - stoppedAt;
	await sleep(1_500);
	server.close();
	return { before, after: server.sent(), took, ended };
}

describe('When the user stops the execution', () => {
	const results = startTogether(cases, stopped);

	test.each(cases)(
		'$name',
		async (one) => {
			const { before, after, took, ended } = await results(one);
			expect(before).toEqual(one.sent);
			expect(took).toBeLessThan(1_000);
			// Earlier results remain; the rest gives no item and no failure.
			expect(ended?.items.filter(({ json }) => json.error !== undefined)).toEqual([]);
			expect(after).toEqual(before);
		},
		20_000,
	);

	test('n8n lists it as canceled, not as failed', async () => {
		const ends = await Promise.all(cases.map(async (one) => (await results(one)).ended));
		expect(ends.map((ended) => ended?.run.status)).toEqual(cases.map(() => 'canceled'));
	}, 20_000);

	test('a request to be repeated after 503 stays unsent', async () => {
		const server = await startServer(() => refusal(503, 'Down'));
		const { outcome, stop } = startNode({
			...get,
			credential: server.credential,
			input: [{ json: { id: 'item' } }],
		});
		// The waits are random, so the stop comes right after a response.
		while (server.requests.length < 2) await sleep(5);
		await sleep(20);
		const { length } = server.requests;
		const stoppedAt = performance.now();
		stop();
		await outcome;
		expect(performance.now() - stoppedAt).toBeLessThan(1_000);
		await sleep(1_500);
		expect(server.requests).toHaveLength(length);
		server.close();
	}, 20_000);
});
