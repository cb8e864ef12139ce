import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject, OnError } from 'n8n-workflow';
import { runNode } from '../engine.mts';
import type { Outcome } from '../engine.mts';
import { locator } from '../support.mts';
import { content, inTurn, json, startServer } from './faultyServer.mts';
import type { Arrived, FaultyServer, Reply } from './faultyServer.mts';

interface Operation {
	method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	node: string;
	parameters: IDataObject;
	/** The output for an input item without a fault */
	item: (id: string) => IDataObject;
}

const dashboardId = locator('={{ $json.id }}');

export const operations = {
	get: {
		method: 'GET',
		node: 'vizdomDashboard',
		parameters: { operation: 'get', dashboardId },
		item: (id) => ({ id }),
	},
	getAll: {
		method: 'GET',
		node: 'vizdomDashboard',
		parameters: { operation: 'getAll', limit: '={{ $json.id === "bad" ? 13 : 5 }}' },
		item: () => ({ id: 'one' }),
	},
	create: {
		method: 'POST',
		node: 'vizdomDashboard',
		parameters: { operation: 'create', name: '={{ $json.id }}' },
		item: (name) => ({ name }),
	},
	invite: {
		method: 'POST',
		node: 'vizdomUser',
		parameters: { operation: 'invite', email: '={{ $json.id }}@example.com', role: 'viewer' },
		item: (id) => ({ email: `${id}@example.com` }),
	},
	export: {
		method: 'POST',
		node: 'vizdomExport',
		parameters: { operation: 'create', dashboardId, format: 'csv', waitForCompletion: false },
		item: (dashboard_id) => ({ dashboard_id }),
	},
	update: {
		method: 'PATCH',
		node: 'vizdomDashboard',
		parameters: { operation: 'update', dashboardId, updateFields: { name: 'New' } },
		item: () => ({ name: 'New' }),
	},
	delete: {
		method: 'DELETE',
		node: 'vizdomDashboard',
		parameters: { operation: 'delete', dashboardId },
		item: () => ({ deleted: true }),
	},
} satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

/** Replies to the requests of the first of two input items, and the result. */
export interface FaultCase {
	/** A sentence: the test's name */
	name: string;
	operation: OperationName;
	/** In order; the last one repeats. `works` is a response without fault. */
	replies: Array<Reply | 'works'>;
	/** How many requests the first item makes */
	sent: number;
	/** The error's message and description; without it, the item succeeds. */
	says?: RegExp;
	/** The output of a success, if it is not the usual one */
	item?: IDataObject;
	/** n8n's option, in milliseconds */
	timeout?: number;
}

interface Result {
	outcome: Outcome;
	server: FaultyServer;
}

const modes = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const;

/**
 * Tests independent cases. All start together before the first test, so that their waits overlap.
 * Each runs with each error setting, against its own servers.
 */
export function testFaults(cases: FaultCase[]): void {
	const results = startTogether(cases, async (faultCase) => {
		return await Promise.all(modes.map(async (onError) => await runCase(faultCase, onError)));
	});
	test.each(cases)(
		'$name',
		async (faultCase) => {
			const [failing, continuing, routing] = await results(faultCase);
			expectNode(faultCase, failing as Result);
			expectItems(faultCase, continuing as Result);
			expectErrorOutput(faultCase, routing as Result);
		},
		60_000,
	);
}

/**
 * Starts all cases before the first test, for each test to await its own. Each starts when those
 * before are waiting: otherwise, on a busy machine, a timeout could end before a response is read.
 */
export function startTogether<C, R>(
	cases: readonly C[],
	run: (one: C) => Promise<R>,
): (one: C) => Promise<R> {
	const running = new Map<C, Promise<R>>();
	beforeAll(async () => {
		for (const one of cases) {
			const result = run(one);
			// Its test awaits it and fails.
			result.catch(() => {});
			running.set(one, result);
			await untilIdle();
		}
	}, 60_000);
	return async (one) => await (running.get(one) as Promise<R>);
}

/** In milliseconds. A run that takes longer counts as endless. */
export const longestRun = 30_000;

/** The result of a run; fails if it does not end. */
export async function endOf<R>(run: Promise<R>): Promise<R> {
	const late = new Promise<never>((_, reject) => {
		setTimeout(() => reject(new Error('It never ended')), longestRun).unref();
	});
	return await Promise.race([run, late]);
}

/** On an idle machine, a timer is hardly late. */
async function untilIdle(): Promise<void> {
	for (let times = 0; times < 20; times++) {
		const due = performance.now() + 10;
		await sleep(10);
		if (performance.now() < due + 10) return;
	}
}

async function runCase(faultCase: FaultCase, onError: OnError): Promise<Result> {
	const { operation, replies, timeout } = faultCase;
	const { node, parameters } = operations[operation];
	const nextReply = inTurn(replies);
	const server = await startServer((request) => {
		const reply = isFirst(request) ? nextReply() : 'works';
		return reply === 'works' ? working(request) : reply;
	});
	const outcome = await runNode({
		node,
		parameters: { ...parameters, ...(timeout && { requestOptions: { timeout } }) },
		credential: server.credential,
		input: [{ json: { id: 'bad' } }, { json: { id: 'good' } }],
		onError,
	}).finally(server.close);
	return { outcome, server };
}

function isFirst({ path, body }: Arrived): boolean {
	return /\bbad\b|limit=13/.test(path + body);
}

/** A response without fault. */
export function working({ method, path, body }: Arrived): Reply {
	if (method === 'DELETE') return content(204, '');
	const sent = body === '' ? {} : (JSON.parse(body) as IDataObject);
	if (method === 'POST') return json(201, { data: { id: 'new', ...sent } });
	const [, id] = /\/dashboards\/([^?]+)/.exec(path) ?? [];
	if (id === undefined) return json(200, { data: [{ id: 'one' }], meta: { total: 1 } });
	return json(200, { data: { id, ...sent } });
}

function expectNode(faultCase: FaultCase, { outcome, server }: Result): void {
	const { says, sent } = faultCase;
	// A request whose path must be learned goes first, alone: if it fails the node, the rest may
	// stay unsent.
	if (says === undefined) expectRequests(faultCase, server);
	else expect(server.requests.filter(isFirst)).toHaveLength(sent);
	if (says === undefined) return expectBoth(faultCase, outcome);
	const { error } = outcome;
	expect(textOfError(error)).toMatch(says);
	expect(error?.context?.itemIndex).toBe(0);
	expectClean(outcome, server);
}

function expectItems(faultCase: FaultCase, { outcome, server }: Result): void {
	const { says, operation } = faultCase;
	expectRequests(faultCase, server);
	if (says === undefined) return expectBoth(faultCase, outcome);
	const { items, error } = outcome;
	expect(error).toBeUndefined();
	expect(items).toEqual([
		{ json: { error: expect.any(String), details: expect.any(Object) }, pairedItem: { item: 0 } },
		{ json: expect.objectContaining(operations[operation].item('good')), pairedItem: { item: 1 } },
	]);
	expect(textOf(items[0]?.json)).toMatch(says);
	expectClean(outcome, server);
}

function expectErrorOutput(faultCase: FaultCase, { outcome, server }: Result): void {
	const { says, operation } = faultCase;
	expectRequests(faultCase, server);
	if (says === undefined) return expectBoth(faultCase, outcome);
	const { items, errorItems, error } = outcome;
	expect(error).toBeUndefined();
	expect(items).toEqual([
		{ json: expect.objectContaining(operations[operation].item('good')), pairedItem: { item: 1 } },
	]);
	expect(errorItems).toEqual([
		expect.objectContaining({
			json: expect.objectContaining({ id: 'bad', error: expect.any(String) }),
			pairedItem: { item: 0 },
		}),
	]);
	expectClean(outcome, server);
}

function expectRequests({ operation, sent, says }: FaultCase, server: FaultyServer): void {
	expect(server.requests.filter(isFirst)).toHaveLength(sent);
	const { GET: reads, ...changes } = server.sent();
	const { method } = operations[operation];
	// The node looks for what a POST may have created.
	expect(method === 'POST' ? changes : server.sent()).toEqual({ [method]: sent + 1 });
	if (method === 'POST' && says === undefined) expect(reads).toBeUndefined();
}

function expectBoth({ operation, item }: FaultCase, { items, errorItems, error }: Outcome): void {
	expect(error).toBeUndefined();
	expect(errorItems).toEqual([]);
	const { item: usual } = operations[operation];
	expect(items).toEqual([
		{ json: expect.objectContaining(item ?? usual('bad')), pairedItem: { item: 0 } },
		{ json: expect.objectContaining(usual('good')), pairedItem: { item: 1 } },
	]);
}

/** What a user reads when a node has failed. */
export function textOfError(error: Outcome['error']): string {
	return `${error?.message} ${error?.description ?? ''}`;
}

/** What a user reads in an error item. */
export function textOf(json: IDataObject | undefined): string {
	const { description } = (json?.details ?? {}) as { description?: string };
	return `${String(json?.error)} ${description ?? ''}`;
}

/** Neither the key, nor tags, nor leaked JavaScript, such as undefined. */
export function expectClean({ items, error, run }: Outcome, server: FaultyServer): void {
	expect(JSON.stringify(run)).not.toContain(server.credential.apiKey);
	const texts = [
		...(error ? [textOfError(error)] : []),
		...items.filter(({ json }) => json.error !== undefined).map(({ json }) => textOf(json)),
	];
	for (const text of texts) {
		expect(text).not.toMatch(/\[object |undefined|\bNaN\b|Cannot read|is not a function|<\/?\w/);
	}
}
