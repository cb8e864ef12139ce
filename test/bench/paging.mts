import type { DialectName } from '../sandbox/dialects.mts';
import { labels, type ContenderName } from './contenders.mts';
import { measure } from './processes.mts';
import { count, median, progress, ratio, seconds, type Table } from './report.mts';
import type { BenchSandbox } from './sandbox.mts';

interface Setup {
	title: string;
	dialect: DialectName;
	names: ContenderName[];
	sizes: Array<{ records: number; runs: number }>;
	note?: string;
}

const latencyMs = 50;

const setups: Setup[] = [
	{
		title: `Get Many, Return All, ${latencyMs} ms a request`,
		dialect: 'assumed',
		names: ['ours', 'plain', 'axios'],
		sizes: [
			{ records: 1_000, runs: 3 },
			{ records: 10_000, runs: 2 },
			{ records: 100_000, runs: 1 },
		],
	},
	{
		title: `Get Many, Return All, by page number, ${latencyMs} ms a request`,
		dialect: 'page-number',
		names: ['ours', 'plainByPage'],
		sizes: [{ records: 10_000, runs: 3 }],
		note: 'The server takes `page` and `per_page`, at most 100. The declarative node is written for that; ours learns it in the first of three runs, with 3 extra requests. Time: the median.',
	},
];

const columns = ['records', 'with', 'time', '÷ ours', 'requests', 'memory', '÷ ours'];
const memoryNote =
	'Memory: the peak of a separate process, above its peak after a run of one record.';

/** Less is noise: any process needs as much. */
const leastMegabytes = 3;

/** Get Many: time and memory of long lists. */
export async function paging(sandbox: BenchSandbox): Promise<Table[]> {
	const tables: Table[] = [];
	for (const setup of setups) tables.push(await compare(sandbox, setup));
	return tables;
}

async function compare(sandbox: BenchSandbox, setup: Setup): Promise<Table> {
	const { title, dialect, names, sizes, note } = setup;
	const rows: string[][] = [];
	for (const size of sizes) {
		let ours: { time: number; megabytes: number } | undefined;
		for (const name of names) {
			const job = { task: 'list', address: sandbox.address, name, dialect, latencyMs } as const;
			const { milliseconds, megabytes } = await measure({ ...job, ...size });
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
	const all = ['Every record came once and in order.', note, memoryNote].filter(Boolean).join(' ');
	return { title, head: columns, rows, note: all };
}
