import { labels } from './contenders.mts';
import { measure } from './processes.mts';
import { count, median, progress, ratio, seconds, type Table } from './report.mts';
import type { BenchSandbox } from './sandbox.mts';

const latencyMs = 50;
const names = ['ours', 'plain', 'axios'] as const;
const sizes = [
	{ records: 1_000, runs: 3 },
	{ records: 10_000, runs: 2 },
	{ records: 100_000, runs: 1 },
];

/** Less is lost in what a process needs anyway. */
const leastMegabytes = 3;

/** Get Many: time and memory of long lists. */
export async function paging(sandbox: BenchSandbox): Promise<Table> {
	const rows: string[][] = [];
	for (const size of sizes) {
		let ours: { time: number; megabytes: number } | undefined;
		for (const name of names) {
			const job = { task: 'list', address: sandbox.address, name, latencyMs, ...size } as const;
			const { milliseconds, megabytes } = await measure(job);
			const time = median(milliseconds);
			const { requests } = await sandbox.counts();
			progress(`${labels[name]}: ${count(size.records)} records, ${seconds(time)}`);
			ours ??= { time, megabytes };
			const isMeasurable = megabytes >= leastMegabytes;
			rows.push([
				count(size.records),
				labels[name],
				seconds(time),
				ratio(time, ours.time),
				count(requests),
				isMeasurable ? `${Math.round(megabytes)} MB` : `< ${leastMegabytes} MB`,
				isMeasurable && ours.megabytes >= leastMegabytes ? ratio(megabytes, ours.megabytes) : '',
			]);
		}
	}
	return {
		title: `Get Many, Return All, ${latencyMs} ms a request`,
		head: ['records', 'with', 'time', '÷ ours', 'requests', 'memory', '÷ ours'],
		rows,
		note: 'Every record came once and in order. Memory: the peak of a process of its own, above its peak after a run of one record.',
	};
}
