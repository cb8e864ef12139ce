import { seedDashboard } from '../sandbox/seed.mts';
import { downloaders, type Downloader, type Measured, type Place } from './downloaders.mts';
import { served, type Served } from './files.mts';
import { unlimited } from './measuring.mts';
import { count, median, percent, ratio, seconds } from './numbers.mts';
import type { RealN8n } from './realN8n.mts';
import { progress, type Report, type Table } from './report.mts';
import type { BenchSandbox } from './sandbox.mts';

const rounds = 3;

/** The targets: memory above that of 1 MB, and throughput against axios. */
const mostAbove = 100;
const leastShare = 0.7;

interface Result {
	label: string;
	/** The size of the large file */
	megabytes: number;
	/** The runs with 1 MB */
	small: Measured[];
	large: Measured[];
}

/** One large export: its memory and throughput. */
export async function bigFile(
	sandbox: BenchSandbox,
	n8n: RealN8n,
	folder: string,
): Promise<Report> {
	await sandbox.renew({ rateLimit: unlimited, exportDurationMs: 0 });
	const link = await sandbox.exportLink(seedDashboard(0).id, 'pdf');
	const place = { n8n, folder, link, apiKey: sandbox.address.apiKey };
	const results = await measure(await downloaders(place), sandbox, place);
	const [ours, axios] = results as [Result, Result, ...Result[]];
	return {
		tables: [table(n8n.version, results, axios), verdict(ours, axios)],
		wrong: results.flatMap(({ label, small, large }) =>
			[...small, ...large].flatMap(({ faults }) => faults.map((fault) => `${label}: ${fault}`)),
		),
	};
}

/** Takes turns, so that whatever else the machine does hits all alike. */
async function measure(all: Downloader[], sandbox: BenchSandbox, place: Place): Promise<Result[]> {
	const results = all.map(
		({ label, megabytes }): Result => ({ label, megabytes, small: [], large: [] }),
	);
	const known = new Map<number, Served>();
	const run = async ({ label, download }: Downloader, megabytes: number) => {
		await sandbox.set({ exportFileBytes: megabytes * 1e6 });
		const expected = known.get(megabytes) ?? (await served(place.link, place.apiKey));
		known.set(megabytes, expected);
		const measured = await download(expected);
		progress(`${label}: ${count(megabytes)} MB, ${seconds(measured.milliseconds)}`);
		return measured;
	};
	for (let round = 0; round < rounds; round++) {
		for (const [index, one] of all.entries()) {
			results[index]?.small.push(await run(one, 1));
			results[index]?.large.push(await run(one, one.megabytes));
		}
	}
	return results;
}

const memory = (runs: Measured[]) => median(runs.map(({ megabytes }) => megabytes));
const time = (runs: Measured[]) => median(runs.map(({ milliseconds }) => milliseconds));

function above({ small, large }: Result): number {
	return memory(large) - memory(small);
}

/** In MB a second, of what is above 1 MB. */
function throughput({ megabytes, small, large }: Result): number {
	return ((megabytes - 1) / (time(large) - time(small))) * 1_000;
}

function spread({ large }: Result): string {
	const times = large.map(({ milliseconds }) => milliseconds);
	return `${seconds(Math.min(...times))} to ${seconds(Math.max(...times))}`;
}

function table(version: string, results: Result[], axios: Result): Table {
	return {
		title: `Export, one large PDF, n8n ${version} with its files on disk`,
		head: ['MB', 'with', 'peak at 1 MB', 'above it', 'time', 'range', 'MB/s', '÷ axios'],
		rows: results.map((result) => [
			count(result.megabytes),
			result.label,
			`${Math.round(memory(result.small))} MB`,
			`${Math.round(above(result))} MB`,
			seconds(time(result.large)),
			spread(result),
			count(Math.round(throughput(result))),
			ratio(throughput(result), throughput(axios)),
		]),
		note: `Medians of ${rounds} runs, in turns, each in a process of its own. Time: of the node alone. MB/s: of what is above 1 MB. Every file that was stored has the size and the SHA-256 of what was served.`,
	};
}

function verdict(ours: Result, axios: Result): Table {
	const share = throughput(ours) / throughput(axios);
	return {
		title: 'Export, one large PDF, against the targets',
		head: ['target', 'wanted', 'measured', 'met'],
		rows: [
			[
				'peak memory of 1 GB above that of 1 MB',
				`at most ${mostAbove} MB`,
				`${Math.round(above(ours))} MB`,
				above(ours) <= mostAbove ? 'yes' : 'no',
			],
			[
				'throughput of that of axios writing to disk',
				`at least ${percent(leastShare, 1)}`,
				percent(share, 1),
				share >= leastShare ? 'yes' : 'no',
			],
		],
	};
}
