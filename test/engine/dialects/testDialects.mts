import type { DialectName } from '../../sandbox/dialects.mts';
import type { Sandbox } from '../../sandbox/server.mts';
import { jobs } from './jobs.mts';
import { passesOf, requestsIn } from './passes.mts';
import type { Done, Passes } from './passes.mts';
import { startFastSandbox } from './place.mts';

/** Requests that may be spent on learning, at each origin. */
export const mostForLearning = 8;

/** Dialects at a time: most of the time is spent waiting for exports. */
const atOnce = 12;

const longestTest = 120_000;

/** Every dialect has a test of each job. */
export function testDialects(
	dialects: readonly DialectName[],
): (dialect: DialectName) => Promise<Passes> {
	const passes = startAll(dialects);
	describe.each(dialects)('%s', (dialect) => {
		test.each(jobs)(
			'$name',
			async (job) => {
				const { first, second, alone } = await passes(dialect);
				expectSuccess('The first time', first.get(job));
				expectSuccess('The second time', second.get(job));
				expectSuccess('At an origin of its own', alone.get(job));
			},
			longestTest,
		);

		test(
			'few requests are spent on learning',
			async () => {
				const { first, second, alone } = await passes(dialect);
				const spent = requestsIn(first) - requestsIn(second);
				expect(spent).toBeLessThanOrEqual(mostForLearning);
				expect(costly({ alone, second })).toEqual([]);
			},
			longestTest,
		);
	});
	return passes;
}

/** Starts before the first test, so that each test can await its own dialect. */
function startAll(dialects: readonly DialectName[]): (dialect: DialectName) => Promise<Passes> {
	const running = new Map<DialectName, Promise<Passes>>();
	const sandboxes: Sandbox[] = [];
	beforeAll(async () => {
		for (let lane = 0; lane < atOnce; lane++) {
			const sandbox = await startFastSandbox();
			sandboxes.push(sandbox);
			let before: Promise<unknown> = Promise.resolve();
			for (let index = lane; index < dialects.length; index += atOnce) {
				const dialect = dialects[index] as DialectName;
				const result = before.then(() => passesFor(sandbox, dialect, index));
				running.set(dialect, result);
				// Its tests await it and fail.
				before = result.catch(() => {});
			}
		}
	}, longestTest);
	afterAll(async () => {
		await Promise.all(sandboxes.map(async (sandbox) => await sandbox.close()));
	});
	return async (dialect) => await (running.get(dialect) as Promise<Passes>);
}

/** Each dialect begins with another job, and runs another third of the jobs alone. */
async function passesFor(sandbox: Sandbox, dialect: DialectName, index: number): Promise<Passes> {
	const start = (index * 5) % jobs.length;
	const order = [...jobs.slice(start), ...jobs.slice(0, start)];
	const some = jobs.filter((_, job) => job % 3 === index % 3);
	return await passesOf(sandbox, dialect, order, some);
}

/** Jobs that need too many requests at a new origin. */
function costly({ alone, second }: Pick<Passes, 'alone' | 'second'>): string[] {
	return [...alone].flatMap(([job, { requests }]) => {
		const spent = requests - (second.get(job)?.requests ?? 0);
		return spent > mostForLearning ? [`${job.name}: ${spent}`] : [];
	});
}

function expectSuccess(when: string, done: Done | undefined): void {
	if (!done?.error) return;
	throw new Error(`${when}: ${done.error.message}`, { cause: done.error });
}
