import { setTimeout as sleep } from 'node:timers/promises';
import { runNode, searchList, startNode } from '../engine.mts';
import { locator } from '../support.mts';
import { working } from './cases.mts';
import { bytes, json, startServer } from './faultyServer.mts';
import type { Arrived, FaultyServer } from './faultyServer.mts';

const get = {
	node: 'vizdomDashboard',
	parameters: { operation: 'get', dashboardId: locator('={{ $json.id }}') },
};

function items(count: number, name: string) {
	return Array.from({ length: count }, (_, index) => ({ json: { id: `${name}_${index}` } }));
}

function startRun(server: FaultyServer, count: number, requestsPerMinute?: number) {
	const credential = { ...server.credential, requestsPerMinute };
	return startNode({ ...get, credential, input: items(count, 'run') });
}

async function untilReached(server: FaultyServer, requests: number): Promise<void> {
	const end = performance.now() + 10_000;
	while (server.requests.length < requests && performance.now() < end) await sleep(10);
	expect(server.requests).toHaveLength(requests);
}

const isRun = ({ path }: Arrived) => path.includes('/run_');

test('Sixteen hanging requests hold up neither another execution nor a picker', async () => {
	const server = await startServer((request) => {
		if (isRun(request)) return bytes('', 'stall');
		if (request.path.includes('/users')) return json(200, { data: [], meta: { total: 0 } });
		return working(request);
	});
	const run = startRun(server, 100);
	await untilReached(server, 16);
	const [other] = await Promise.all([
		runNode({ ...get, credential: server.credential, input: items(20, 'other') }),
		searchList('vizdomUser', 'searchUsers', server.credential),
	]);
	expect(other.error).toBeUndefined();
	expect(other.items).toHaveLength(20);
	run.stop();
	await run.outcome;
	expect(server.requests.filter(isRun)).toHaveLength(16);
	server.close();
}, 20_000);

test('A single request goes before those waiting in a run that has used up the minute', async () => {
	const server = await startServer(working);
	const run = startRun(server, 200, 100);
	await untilReached(server, 96);
	await sleep(500);
	const startedAt = performance.now();
	const credential = { ...server.credential, requestsPerMinute: 100 };
	const single = await runNode({ ...get, credential, input: items(1, 'single') });
	expect(single.items[0]?.json.id).toBe('single_0');
	expect(performance.now() - startedAt).toBeLessThan(2_000);
	run.stop();
	await run.outcome;
	expect(server.requests.length).toBeLessThanOrEqual(100);
	server.close();
}, 20_000);

test('Two credentials with one key obey the lower limit', async () => {
	const server = await startServer(working);
	const input = items(15, 'run');
	const [low, high] = [10, 1000].map((requestsPerMinute) =>
		startNode({ ...get, credential: { ...server.credential, requestsPerMinute }, input }),
	);
	await sleep(1_500);
	expect(server.requests).toHaveLength(10);
	low?.stop();
	high?.stop();
	await Promise.all([low?.outcome, high?.outcome]);
	server.close();
}, 20_000);
