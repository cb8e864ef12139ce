// The measuring process: takes one job, sends back the results, and ends.
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AxiosInstance } from 'axios';
import { getOneMessage, sendMessage } from 'execa';
import type { DialectName } from '../sandbox/dialects.mts';
import { seedDashboard } from '../sandbox/seed.mts';
import { axiosContender, vizdomClient, type Contender, type ContenderName } from './contenders.mts';
import { median } from './report.mts';
import { BenchSandbox, unlimited, type Address } from './sandbox.mts';

export type Job = { address: Address } & (
	| ({ task: 'list'; name: ContenderName } & Listing)
	| ({ task: 'poll' } & Listing)
	| { task: 'get'; name: ContenderName; items: number; requestsPerMinute: number }
	| { task: 'compare'; names: readonly ContenderName[]; items: number; rounds: number }
	| { task: 'download'; link: string; file: string }
);

/** A list and the server it is read from. */
interface Listing {
	dialect: DialectName;
	latencyMs: number;
	records: number;
	runs: number;
}

export interface Measured {
	/** For each run; for `compare`, the median of each contender */
	milliseconds: number[];
	/** Milliseconds since 1970 */
	startedAt: number;
	/** Peak memory; for `list`, above that of a run of one record */
	megabytes: number;
	/** How many records came out; for `poll`, the requests of the first one */
	records: number;
	/** For `poll`, the requests of each later one */
	requests?: number;
	error?: string;
}

const sampleEveryMs = 5;

async function contender(
	name: ContenderName,
	address: Address,
	requestsPerMinute = unlimited,
): Promise<Contender> {
	if (name === 'axios') return axiosContender(address);
	// Loads n8n, whose memory would count as axios's.
	const { nodeContender } = await import('./nodeContender.mts');
	return nodeContender(name, address, requestsPerMinute);
}

async function work(job: Job): Promise<Partial<Measured>> {
	const { address } = job;
	switch (job.task) {
		case 'list':
			return await list(await contender(job.name, address), new BenchSandbox(address), job);
		case 'poll':
			return await poll(new BenchSandbox(address), job);
		case 'get':
			return await get(await contender(job.name, address, job.requestsPerMinute), job.items);
		case 'compare': {
			const all = job.names.map(async (name) => await contender(name, address));
			return await compare(await Promise.all(all), job.items, job.rounds);
		}
		case 'download':
			return await download(vizdomClient(address), job.link, job.file);
	}
}

/** The peak is sampled after a garbage collection: the system's own peak comes from loading n8n. */
async function list(
	who: Contender,
	sandbox: BenchSandbox,
	{ dialect, latencyMs, records, runs }: Listing,
) {
	const run = async (dashboards: number) => {
		await sandbox.renew({ dialect, latencyMs, rateLimit: unlimited }, dashboards);
		globalThis.gc?.();
		let bytes = 0;
		const sample = () => (bytes = Math.max(bytes, process.memoryUsage.rss()));
		const timer = setInterval(sample, sampleEveryMs);
		const from = performance.now();
		const listed = await who.list();
		const milliseconds = performance.now() - from;
		clearInterval(timer);
		sample();
		checkOrder(listed, dashboardIds(dashboards));
		return { milliseconds, megabytes: bytes / 2 ** 20 };
	};
	const least = await run(1);
	const first = await run(records);
	const times = [first.milliseconds];
	while (times.length < runs) times.push((await run(records)).milliseconds);
	return { milliseconds: times, megabytes: first.megabytes - least.megabytes };
}

/** Quiet polls of a trigger. */
async function poll(sandbox: BenchSandbox, { dialect, latencyMs, records, runs }: Listing) {
	await sandbox.renew({ dialect, latencyMs, rateLimit: unlimited }, records);
	const { ActiveTrigger } = await import('../engine/activeTrigger.mts');
	const trigger = await ActiveTrigger.activate({
		of: 'Dashboard',
		parameters: { event: 'created' },
		credential: { ...sandbox.address, requestsPerMinute: unlimited },
	});
	const before = (await sandbox.counts()).requests;
	const milliseconds: number[] = [];
	while (milliseconds.length < runs) {
		const from = performance.now();
		const items = await trigger.poll();
		milliseconds.push(performance.now() - from);
		if (items.length > 0) throw new Error(`${items.length} items came, although nothing happened`);
	}
	const { requests } = await sandbox.counts();
	return { milliseconds, requests: (requests - before) / runs, records: before };
}

async function get(who: Contender, items: number) {
	const ids = dashboardIds(items, 280);
	const from = performance.now();
	const { records, error } = await who.get(ids);
	const milliseconds = [performance.now() - from];
	if (!error) checkOrder(records, ids);
	return { milliseconds, startedAt: performance.timeOrigin + from, records: records.length, error };
}

async function download(client: AxiosInstance, link: string, file: string) {
	const from = performance.now();
	const { data } = await client.get<Readable>(link, { responseType: 'stream' });
	await pipeline(data, createWriteStream(file));
	const milliseconds = [performance.now() - from];
	return { milliseconds, megabytes: process.resourceUsage().maxRSS / 2 ** 10 };
}

/** In turns, so that other load on the machine affects all alike. */
async function compare(all: Contender[], items: number, rounds: number) {
	const times = all.map((): number[] => []);
	const warmUp = rounds / 3;
	for (let round = 0; round < warmUp + rounds; round++) {
		for (const [index, who] of all.entries()) {
			const { milliseconds, error } = await get(who, items);
			if (error) throw new Error(error);
			times[index]?.push(...milliseconds);
		}
	}
	return { milliseconds: times.map((all) => median(all.slice(warmUp))) };
}

function dashboardIds(length: number, known = length): string[] {
	return Array.from({ length }, (_, index) => seedDashboard(index % known).id);
}

/** Every record, once, in order. */
function checkOrder(records: Array<{ id?: unknown }>, ids: string[]): void {
	const wrong = ids.findIndex((id, index) => records[index]?.id !== id);
	if (records.length === ids.length && wrong < 0) return;
	throw new Error(`${records.length} of ${ids.length} records came; number ${wrong + 1} is wrong`);
}

await sendMessage(await work((await getOneMessage()) as Job));
process.exit();
