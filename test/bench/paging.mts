import { labels } from './contenders.mts';
import { Client, unlimited } from './measuring.mts';
import { count, median, ratio, seconds } from './numbers.mts';
import { progress, type Report } from './report.mts';
import type { BenchSandbox } from './sandbox.mts';

const latencyMs = 50;
const names = ['ours', 'plain', 'axios'] as const;
const sizes = [
	{ records: 1_000, runs: 3 },
	{ records: 10_000, runs: 2 },
	{ records: 100_000, runs: 1 },
];

/** Less does not stand out from what a process needs anyway. */
const leastMegabytes = 3;

type Name = (typeof names)[number];
type Size = (typeof sizes)[number];

interface Result {
	name: Name;
	records: number;
	milliseconds: number;
	requests: number;
	/** More than the same process needed for one record */
	megabytes: number;
}

/** Get Many: the time and the memory of long lists. */
export async function paging(sandbox: BenchSandbox): Promise<Report> {
	const results: Result[] = [];
	for (const size of sizes) {
		for (const name of names) results.push(await measure(sandbox, name, size));
	}
	const rows = results.map((result) => row(result, ours(results, result.records)));
	return {
		tables: [
			{
				title: `Get Many, Return All, ${latencyMs} ms a request`,
				head: ['records', 'with', 'time', '÷ ours', 'requests', 'memory', '÷ ours'],
				rows,
				note: 'Every record came once and in order. Memory: the peak of a process of its own, above its peak after a run of one record.',
			},
		],
		wrong: [],
	};
}

async function measure(sandbox: BenchSandbox, name: Name, size: Size): Promise<Result> {
	const client = await Client.start(sandbox, [name]);
	const settings = { latencyMs, rateLimit: unlimited };
	await sandbox.renew(settings, 1);
	const { megabytes: least = NaN } = await client.list(1);
	const times: number[] = [];
	let requests = NaN;
	let megabytes = NaN;
	for (let run = 0; run < size.runs; run++) {
		await sandbox.renew(settings, size.records);
		const measured = await client.list(size.records);
		times.push(measured.milliseconds);
		if (run === 0) megabytes = (measured.megabytes ?? NaN) - least;
		({ requests } = await sandbox.counts());
		progress(`${labels[name]}: ${count(size.records)} records, ${seconds(measured.milliseconds)}`);
	}
	await client.end();
	return { name, records: size.records, milliseconds: median(times), requests, megabytes };
}

function ours(results: Result[], records: number): Result {
	const found = results.find((result) => result.name === 'ours' && result.records === records);
	if (!found) throw new Error('Ours was not measured');
	return found;
}

function row({ name, records, milliseconds, requests, megabytes }: Result, to: Result): string[] {
	return [
		count(records),
		labels[name],
		seconds(milliseconds),
		ratio(milliseconds, to.milliseconds),
		count(requests),
		isMeasurable(megabytes) ? `${Math.round(megabytes)} MB` : `< ${leastMegabytes} MB`,
		[megabytes, to.megabytes].every(isMeasurable) ? ratio(megabytes, to.megabytes) : '',
	];
}

function isMeasurable(megabytes: number): boolean {
	return megabytes >= leastMegabytes;
}
