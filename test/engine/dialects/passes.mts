import type { DialectName } from '../../sandbox/dialects.mts';
import type { Sandbox } from '../../sandbox/server.mts';
import type { Job } from './jobs.mts';
import { atNewOrigin, prepare } from './place.mts';
import type { Place } from './place.mts';

/** The result of a job. */
export interface Done {
	requests: number;
	error?: Error;
}

export type Pass = ReadonlyMap<Job, Done>;

/** The results of all jobs with one dialect. */
export interface Passes {
	/** One job after another, at a new origin. */
	first: Pass;
	/** The same jobs again. */
	second: Pass;
	/** Some jobs, each at its own new origin. */
	alone: Pass;
}

export async function passesOf(
	sandbox: Sandbox,
	dialect: DialectName,
	jobs: readonly Job[],
	jobsAlone: readonly Job[],
): Promise<Passes> {
	const pass = async (some: readonly Job[], act: (job: Job) => Promise<Done>) => {
		prepare(sandbox, dialect);
		const done = new Map<Job, Done>();
		for (const job of some) done.set(job, await act(job));
		return done;
	};
	const [first, second] = await atNewOrigin(sandbox, async (place) => [
		await pass(jobs, async (job) => await doJob(place, job)),
		await pass(jobs, async (job) => await doJob(place, job)),
	]);
	const alone = await pass(jobsAlone, async (job) => {
		return await atNewOrigin(sandbox, async (place) => await doJob(place, job));
	});
	return { first: first as Pass, second: second as Pass, alone };
}

async function doJob(place: Place, job: Job): Promise<Done> {
	const { requests } = place.sandbox;
	const before = requests.length;
	const failure = await job.run(place).then(
		() => undefined,
		(error: Error) => error,
	);
	const arrived = requests.slice(before);
	return { requests: arrived.length, error: failure ?? wrongChanges(job, arrived) };
}

/** No change is made twice. */
function wrongChanges(job: Job, arrived: Sandbox['requests']): Error | undefined {
	const changes = arrived.filter(({ method, status }) => method !== 'GET' && status < 300);
	if (changes.length === job.changes) return undefined;
	const lines = changes.map(({ method, path }) => `${method} ${path}`);
	return new Error(`Changed ${changes.length} times, not ${job.changes}: ${lines.join(', ')}`);
}

export function requestsIn(pass: Pass): number {
	return [...pass.values()].reduce((sum, { requests }) => sum + requests, 0);
}
