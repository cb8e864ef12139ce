// The process that is measured: one contender, or in `compare` all of them, against the sandbox.
import { createRequire } from 'node:module';
import { seedDashboard } from '../sandbox/seed.mts';
import { answer } from './answer.mts';
import { contender, type Contender, type ContenderName } from './contenders.mts';
import { median } from './numbers.mts';
import type { Address } from './sandbox.mts';

type Rate = typeof import('../../nodes/shared/http/turns.ts');

interface Start {
	task: 'start';
	/** With several, `compare` takes turns. */
	names: ContenderName[];
	address: Address;
	requestsPerMinute: number;
	/** The node's minute, scaled */
	windowMs: number;
}

interface List {
	task: 'list';
	/** As many as the sandbox has */
	records: number;
}

interface Get {
	task: 'get';
	items: number;
}

interface Compare {
	task: 'compare';
	items: number;
	rounds: number;
}

export type Job = Start | List | Get | Compare;

export interface Measured {
	milliseconds: number;
	/** Records that came out */
	records: number;
	/** The most memory that the process had meanwhile; for `list` */
	megabytes?: number;
	error?: string;
}

/** One for each contender; a median where it ran several times. */
export type Answers = Measured[];

/** The sandbox's dashboards when it is renewed. */
const knownDashboards = 280;

const sampleEveryMs = 5;

const contenders: Contender[] = [];

answer<Job, Answers>(async (job) => {
	if (job.task === 'start') return await start(job);
	if (job.task === 'compare') return await compare(job);
	const [only] = contenders;
	if (!only) throw new Error('Not started');
	return [job.task === 'list' ? await list(only, job) : await get(only, job)];
});

async function start({ names, address, requestsPerMinute, windowMs }: Start): Promise<Answers> {
	scaleRateWindow(windowMs);
	for (const name of names) contenders.push(await contender(name, address, requestsPerMinute));
	return [];
}

function scaleRateWindow(windowMs: number): void {
	const require = createRequire(import.meta.url);
	const { rateWindow } = require('../../dist/nodes/shared/http/turns.js') as Rate;
	rateWindow.milliseconds = windowMs;
}

async function list(who: Contender, { records: wanted }: List): Promise<Measured> {
	const memory = watchMemory();
	const startedAt = performance.now();
	const records = await who.list();
	const milliseconds = performance.now() - startedAt;
	const megabytes = memory.most();
	checkOrder(
		records,
		Array.from({ length: wanted }, (_, index) => seedDashboard(index).id),
	);
	return { milliseconds, megabytes, records: records.length };
}

async function get(who: Contender, { items }: Get): Promise<Measured> {
	const ids = Array.from(
		{ length: items },
		(_, index) => seedDashboard(index % knownDashboards).id,
	);
	const startedAt = performance.now();
	const { records, error } = await who.get(ids);
	const milliseconds = performance.now() - startedAt;
	if (!error) checkOrder(records, ids);
	return { milliseconds, records: records.length, error };
}

/** Takes turns, so that whatever else the machine does hits all alike. */
async function compare({ items, rounds }: Compare): Promise<Answers> {
	const times = contenders.map((): number[] => []);
	for (let round = 0; round < rounds; round++) {
		for (const [index, who] of contenders.entries()) {
			const { milliseconds, error } = await get(who, { task: 'get', items });
			if (error) throw new Error(error);
			times[index]?.push(milliseconds);
		}
	}
	return times.map((all) => ({ milliseconds: median(all), records: items }));
}

/** Every record, once, in order. */
function checkOrder(records: Array<{ id?: unknown }>, ids: string[]): void {
	const wrong = ids.findIndex((id, index) => records[index]?.id !== id);
	if (records.length === ids.length && wrong < 0) return;
	const counts = `${records.length} records came, ${ids.length} were expected`;
	throw new Error(wrong < 0 ? counts : `${counts}; number ${wrong + 1} is not the expected one`);
}

/**
 * Watched while it runs, after the garbage of what was before is gone: the system's own figure, the
 * peak since the process began, is that of loading n8n, and hides what comes after it.
 */
function watchMemory(): { most: () => number } {
	globalThis.gc?.();
	let bytes = 0;
	const look = () => {
		bytes = Math.max(bytes, process.memoryUsage.rss());
	};
	const timer = setInterval(look, sampleEveryMs);
	look();
	return {
		most() {
			clearInterval(timer);
			look();
			return bytes / 2 ** 20;
		},
	};
}
