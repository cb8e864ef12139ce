import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Export } from '../../nodes/shared/vizdom/vizdom-api.d.ts';
import type { Workflow } from '../n8n/instance.mts';
import { seedDashboard } from '../sandbox/seed.mts';
import { labels, vizdomClient } from './contenders.mts';
import { faultsOf, served, type Digest } from './files.mts';
import { measure } from './processes.mts';
import type { RealN8n } from './realN8n.mts';
import { count, faults, median, progress, ratio, seconds, type Table } from './report.mts';
import { unlimited, type Address, type BenchSandbox } from './sandbox.mts';
import { exportOne, httpRequest, plainDownload } from './workflows.mts';

const rounds = 3;

interface Run {
	milliseconds: number;
	/** Peak memory of the process */
	megabytes: number;
	wrong: string[];
}

/** One way to get a file from Vizdom onto the disk. */
interface Downloader {
	label: string;
	/** Size of the large file */
	megabytes: number;
	download(expected: Digest): Promise<Run>;
}

/** One large export: memory and throughput. */
export async function bigFile(sandbox: BenchSandbox, n8n: RealN8n): Promise<Table> {
	const { address } = sandbox;
	await sandbox.renew({ rateLimit: unlimited, exportDurationMs: 0 });
	const link = await exportLink(address);
	const all = await downloaders(address, n8n, link);
	const runs = all.map(() => ({ small: [] as Run[], large: [] as Run[] }));
	const digests: Record<number, Digest> = {};
	const run = async ({ label, download }: Downloader, megabytes: number) => {
		await sandbox.set({ exportFileBytes: megabytes * 1e6 });
		digests[megabytes] ??= await served(link, address);
		const measured = await download(digests[megabytes]);
		progress(`${label}: ${count(megabytes)} MB, ${seconds(measured.milliseconds)}`);
		faults.push(...measured.wrong.map((text) => `${label}: ${text}`));
		return measured;
	};
	// In turns, so that other load on the machine affects all alike.
	for (let round = 0; round < rounds; round++) {
		for (const [index, downloader] of all.entries()) {
			runs[index]?.small.push(await run(downloader, 1));
			runs[index]?.large.push(await run(downloader, downloader.megabytes));
		}
	}
	const results = runs.map(({ small, large }, index) => {
		const { label = '', megabytes = NaN } = all[index] ?? {};
		const times = large.map(({ milliseconds }) => milliseconds);
		const least = median(small.map((run) => run.megabytes));
		const above = median(large.map((run) => run.megabytes)) - least;
		const extraMs = median(times) - median(small.map(({ milliseconds }) => milliseconds));
		const throughput = ((megabytes - 1) / extraMs) * 1_000;
		return { label, megabytes, times, least, above, throughput };
	});
	const axios = results.find(({ label }) => label === labels.axios)?.throughput ?? NaN;
	return {
		title: `Export, one large PDF, n8n ${n8n.version} with its files on disk`,
		head: ['MB', 'with', 'peak at 1 MB', 'above it', 'time', 'range', 'MB/s', '÷ axios'],
		rows: results.map(({ label, megabytes, times, least, above, throughput }) => [
			count(megabytes),
			label,
			`${Math.round(least)} MB`,
			`${Math.round(above)} MB`,
			seconds(median(times)),
			`${seconds(Math.min(...times))} to ${seconds(Math.max(...times))}`,
			count(Math.round(throughput)),
			ratio(throughput, axios),
		]),
		note: `Medians of ${rounds} runs, in turns, each in a separate process. Time: the node alone. MB/s: counts what is above 1 MB. Every file that was stored has the size and the SHA-256 of what was served. Axios runs in a bare Node.js process.`,
	};
}

async function exportLink(address: Address): Promise<string> {
	const body = { dashboard_id: seedDashboard(0).id, format: 'pdf' };
	const { data } = await vizdomClient(address).post<{ data: Export }>('/exports', body);
	return String(data.data.download_url);
}

async function downloaders(address: Address, n8n: RealN8n, link: string): Promise<Downloader[]> {
	const [ours, request, plain] = [exportOne(), httpRequest(link), plainDownload(link)] as const;
	await n8n.add([ours, request, plain]);
	const inN8n = (workflow: Workflow) => async (expected: Digest) => {
		const { items, error, ...run } = await n8n.run(workflow);
		const [item] = items;
		if (!item || error) throw new Error(`${workflow.name}: ${error ?? 'no item came out'}`);
		const wrong = await faultsOf(n8n.fileOf(item), expected, workflow === ours ? item : undefined);
		await n8n.removeFiles();
		return { ...run, wrong };
	};
	const withAxios = async (expected: Digest) => {
		const file = join(n8n.folder, 'axios');
		const { milliseconds, megabytes } = await measure({ task: 'download', address, link, file });
		const wrong = await faultsOf(file, expected);
		await rm(file);
		return { milliseconds: median(milliseconds), megabytes, wrong };
	};
	return [
		{ label: labels.ours, megabytes: 1_000, download: inN8n(ours) },
		{ label: labels.axios, megabytes: 1_000, download: withAxios },
		{ label: "n8n's HTTP Request node", megabytes: 1_000, download: inN8n(request) },
		{ label: labels.plain, megabytes: 300, download: inN8n(plain) },
	];
}
