import { setTimeout as sleep } from 'node:timers/promises';
import { runNode, searchList } from '../engine.mts';
import type { Outcome } from '../engine.mts';
import { operations, startTogether, textOf, working } from './cases.mts';
import type { OperationName } from './cases.mts';
import { startServer } from './faultyServer.mts';

/** A port where nothing listens until the server starts. */
async function closedPort(): Promise<number> {
	const { origin, close } = await startServer(working);
	close();
	return Number(new URL(origin).port);
}

async function run(operation: OperationName, baseUrl: string, apiKey: string): Promise<Outcome> {
	return await runNode({
		node: operations[operation].node,
		parameters: operations[operation].parameters,
		credential: { apiKey, baseUrl },
		input: [{ json: { id: 'one' } }, { json: { id: 'two' } }],
		onError: 'continueRegularOutput',
	});
}

const names = Object.keys(operations) as OperationName[];

const closed = startTogether(names, async (operation) => {
	return await run(operation, 'http://127.0.0.1:1/v1', `secret-${operation}`);
});

describe('If nothing listens', () => {
	test.each(names)(
		'%s is tried four times, and certainly does nothing',
		async (operation) => {
			const outcome = await closed(operation);
			expect(outcome.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
			for (const { json } of outcome.items) {
				expect(textOf(json)).toMatch(
					/^No answer from 127\.0\.0\.1:1: the connection was refused \(nothing listens at that address\) Check the Base URL in the Vizdom credential, and that n8n can reach it\. Tried 4 times within \d+ seconds?\.$/,
				);
			}
			expect(JSON.stringify(outcome.run)).not.toContain(`secret-${operation}`);
		},
		30_000,
	);
});

const late = startTogether(names, async (operation) => {
	const port = await closedPort();
	const outcome = run(operation, `http://127.0.0.1:${port}/v1`, `late-${operation}`);
	await sleep(100);
	const server = await startServer(working, port);
	return { outcome: await outcome.finally(server.close), server };
});

describe('If the server starts meanwhile', () => {
	test.each(names)(
		'%s succeeds, and is sent once for each item',
		async (operation) => {
			const { outcome, server } = await late(operation);
			const { method, item } = operations[operation];
			expect(outcome.items).toEqual([
				{ json: expect.objectContaining(item('one')), pairedItem: { item: 0 } },
				{ json: expect.objectContaining(item('two')), pairedItem: { item: 1 } },
			]);
			expect(server.sent()).toEqual({ [method]: 2 });
		},
		30_000,
	);
});

const unknownHost = 'https://vizdom.invalid/v1';

const unknown = startTogether(
	[unknownHost],
	async () =>
		await Promise.all([
			run('get', unknownHost, 'secret-1'),
			run('create', unknownHost, 'secret-2'),
			searchList('vizdomUser', 'searchUsers', { apiKey: 'secret-3', baseUrl: unknownHost }).catch(
				(error: Error) => error,
			),
		]),
);

describe('A host that does not exist', () => {
	test('is named, also in a search, and certainly nothing was done', async () => {
		const [got, created, searched] = await unknown(unknownHost);
		const problem =
			/^No answer from vizdom\.invalid: (there is no host with that name|the host name could not be looked up)$/;
		for (const { items } of [got, created]) {
			expect(items).toHaveLength(2);
			expect(items[0]?.json.error).toMatch(problem);
			expect(textOf(items[0]?.json)).toMatch(/Tried 4 times within \d+ seconds?\.$/);
		}
		expect(searched).toMatchObject({ message: expect.stringMatching(problem) });
	}, 60_000);
});
