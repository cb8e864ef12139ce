import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DialectName } from '../sandbox/dialects.mts';
import type { Sandbox } from '../sandbox/server.mts';
import { ActiveTrigger } from './activeTrigger.mts';
import { idsOf, listJobs, operate } from './dialects/jobs.mts';
import type { Job } from './dialects/jobs.mts';
import { passesOf, requestsIn } from './dialects/passes.mts';
import { atNewOrigin, prepare, startFastSandbox } from './dialects/place.mts';
import { mostForLearning } from './dialects/testDialects.mts';
import { runNode, searchList } from './engine.mts';
import { textOfError } from './faults/cases.mts';
import { json, startServer } from './faults/faultyServer.mts';
import type { FaultyServer } from './faults/faultyServer.mts';
import { locator } from './support.mts';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startFastSandbox();
});
afterAll(async () => await sandbox.close());

const userId = locator('={{ $json.id }}');

/** After the owner, who cannot be changed. */
function twentyUsers(): Array<{ json: { id: string | number } }> {
	return idsOf(sandbox, 'users')
		.slice(1, 21)
		.map((id) => ({ json: { id } }));
}

const twentyAtOnce: Job[] = [
	{
		name: 'Return All',
		changes: 0,
		run: async (place) => {
			const parameters = { operation: 'getAll', returnAll: true };
			const items = await operate(place, 'users', parameters, twentyUsers());
			const all = idsOf(sandbox, 'users');
			expect(items.map((item) => item.json.id)).toEqual(twentyUsers().flatMap(() => all));
		},
	},
	{
		name: 'Get',
		changes: 0,
		run: async (place) => {
			const items = await operate(place, 'users', { operation: 'get', userId }, twentyUsers());
			const ids = items.map((item) => ({ json: { id: item.json.id } }));
			expect(ids).toEqual(twentyUsers());
		},
	},
	{
		name: 'Update',
		changes: 20,
		run: async (place) => {
			const before = structuredClone(sandbox.store.users.all);
			const parameters = { operation: 'update', userId, role: 'admin' };
			await operate(place, 'users', parameters, twentyUsers());
			const expected = before.map((user, place) => ({
				...user,
				role: place >= 1 && place <= 20 ? 'admin' : user.role,
				updated_at: expect.any(String) as unknown,
			}));
			expect(sandbox.store.users.all).toEqual(expected);
		},
	},
];

describe.each<DialectName>(['page-number', 'members', 'put'])('20 input items, %s', (dialect) => {
	test.each(twentyAtOnce)('$name: they learn once', async (job) => {
		const { first, second } = await passesOf(sandbox, dialect, [job], []);
		const errors = [first, second].map((pass) => pass.get(job)?.error);
		expect(errors).toEqual([undefined, undefined]);
		expect(requestsIn(first) - requestsIn(second)).toBeLessThanOrEqual(mostForLearning);
	});
});

test.each(listJobs('dashboards'))(
	'$name: right each time if the server changes',
	async (job) =>
		await atNewOrigin(sandbox, async (place) => {
			const changes = 'page-number skip-limit assumed cursor page-alone assumed page-number';
			for (const dialect of changes.split(' ') as DialectName[]) {
				prepare(sandbox, dialect);
				await job.run(place);
			}
		}),
);

describe('a server that always shows the first 20 of 60', () => {
	const records = Array.from({ length: 20 }, (_, index) => ({
		id: `dash_${index}`,
		name: `Dashboard ${index}`,
		created_at: '2026-01-15T09:00:00Z',
		updated_at: '2026-01-15T09:00:00Z',
	}));
	const ids = records.map(({ id }) => id);
	const { bugs } = JSON.parse(
		readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8'),
	) as { bugs: string };
	let server: FaultyServer;

	beforeEach(async () => {
		server = await startServer(() => json(200, { data: records, meta: { total: 60 } }));
	});
	afterEach(() => server.close());

	/** What was tried, what came, and where to report this. */
	function expectReport(text: string): void {
		for (const part of [/tried/i, /\bpage=2\b/, /\b20\b.*\b60\b/, bugs]) expect(text).toMatch(part);
		expect(server.requests.length).toBeLessThanOrEqual(mostForLearning + 3);
	}

	async function getMany(parameters: { returnAll?: boolean; limit?: number }) {
		return await runNode({
			node: 'vizdomDashboard',
			credential: server.credential,
			parameters: { operation: 'getAll', ...parameters },
		});
	}

	async function getFirst(limit: number): Promise<unknown[]> {
		const { items, error } = await getMany({ limit });
		if (error) throw error;
		return items.map((item) => item.json.id);
	}

	test('Return All fails and says what to report', async () => {
		const { error } = await getMany({ returnAll: true });
		expectReport(textOfError(error));
		expect(await getFirst(20)).toEqual(ids);
	});

	test.each([20, 7])('a Limit of %i works', async (limit) => {
		expect(await getFirst(limit)).toEqual(ids.slice(0, limit));
		expect(server.requests).toHaveLength(1);
	});

	test('a Limit above the page fails', async () => {
		const { error } = await getMany({ limit: 21 });
		expectReport(textOfError(error));
	});

	test('a picker shows the first page, then says what to report', async () => {
		const args = ['vizdomDashboard', 'searchDashboards', server.credential] as const;
		const { results, paginationToken } = await searchList(...args);
		expect(results.map(({ value }) => value)).toEqual(ids);
		const scrolling = searchList(...args, undefined, paginationToken as string);
		const error = (await scrolling.catch((failure: Error) => failure)) as Error;
		expectReport(textOfError(error));
	});

	test('the trigger is not activated, and says what to report', async () => {
		const activating = ActiveTrigger.activate({
			of: 'Dashboard',
			parameters: { event: 'created' },
			credential: server.credential,
		});
		const error = (await activating.catch((failure: Error) => failure)) as Error;
		expectReport(textOfError(error));
	});
});
