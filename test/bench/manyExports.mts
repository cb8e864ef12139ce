import { faultsOf, faultsOfItem, served } from './files.mts';
import { unlimited } from './measuring.mts';
import { count, seconds } from './numbers.mts';
import type { OutputItem } from '../n8n/run-data.mts';
import type { Ran, RealN8n } from './realN8n.mts';
import { progress, type Report } from './report.mts';
import type { RecordedRequest } from '../sandbox/server.mts';
import type { BenchSandbox } from './sandbox.mts';
import { exportMany } from './workflows.mts';

const sizes = [1, 200];
const megabytes = 5;
/** So long that waiting for them takes more requests than one minute allows */
const exportDurationMs = 10_000;

const settings = { exportDurationMs, exportFileBytes: megabytes * 1e6 };

interface Result extends Ran {
	exports: number;
	requests: RecordedRequest[];
	faults: string[];
}

/** Many exports at a time, under the limit of requests a minute. */
export async function manyExports(sandbox: BenchSandbox, n8n: RealN8n): Promise<Report> {
	await n8n.add(sizes.map(exportMany));
	const results: Result[] = [];
	for (const exports of sizes) results.push(await measure(sandbox, n8n, exports));
	return {
		tables: [
			{
				title: `Export, many CSV files of ${megabytes} MB at a time, 1,000 requests a minute`,
				head: ['exports', 'files', 'time', 'started', 'requests', '429s', 'bodies at once', 'peak'],
				rows: results.map(row),
				note: `Each export takes ${seconds(exportDurationMs)}. The items of one run of n8n ${n8n.version}, with its files on disk. Peak: of the memory of the n8n process. Every file that was stored has the size and the SHA-256 of what was served.`,
			},
		],
		wrong: results.flatMap(({ exports, faults }) =>
			faults.map((fault) => `exports at a time: ${exports}: ${fault}`),
		),
	};
}

async function measure(sandbox: BenchSandbox, n8n: RealN8n, exports: number): Promise<Result> {
	await sandbox.renew(settings);
	const ran = await n8n.run(exportMany(exports));
	const requests = await sandbox.requests();
	progress(`exports at a time: ${exports}, ${seconds(ran.milliseconds)}`);
	await sandbox.set({ rateLimit: unlimited });
	const faults = [
		...(ran.error ? [ran.error] : []),
		...(ran.items.length === exports ? [] : [`${ran.items.length} items came out`]),
		...faultsOfRequests(requests, exports),
	];
	for (const item of ran.items) faults.push(...(await faultsOfFile(sandbox, n8n, item)));
	await n8n.removeFiles();
	return { ...ran, exports, requests, faults };
}

async function faultsOfFile(
	sandbox: BenchSandbox,
	n8n: RealN8n,
	item: OutputItem,
): Promise<string[]> {
	const { download_url } = item.json;
	if (typeof download_url !== 'string') return ['an item has no link'];
	const expected = await served(download_url, sandbox.address.apiKey);
	return [...faultsOfItem(item, expected), ...(await faultsOf(n8n.fileOf(item), expected))];
}

/** Each dashboard is exported once, and nothing is refused. */
function faultsOfRequests(requests: RecordedRequest[], exports: number): string[] {
	const started = startsIn(requests);
	const dashboards = new Set(
		started.map(({ body }) => (body as { dashboard_id: string }).dashboard_id),
	);
	const refused = refusedIn(requests);
	return [
		...(started.length === exports ? [] : [`${started.length} exports were started`]),
		...(dashboards.size === exports ? [] : [`${dashboards.size} dashboards were exported`]),
		...(refused === 0 ? [] : [`${refused} requests were refused`]),
	];
}

function startsIn(requests: RecordedRequest[]): RecordedRequest[] {
	return requests.filter(({ method, path }) => method === 'POST' && path === '/v1/exports');
}

function refusedIn(requests: RecordedRequest[]): number {
	return requests.filter(({ status }) => status === 429).length;
}

/** The most downloads whose body was on its way at the same time. */
function bodiesAtOnce(requests: RecordedRequest[]): number {
	const changes = requests
		.filter(({ path }) => path.endsWith('/file'))
		.flatMap(({ at, endedAt = Infinity }) => [
			{ at, step: 1 },
			{ at: endedAt, step: -1 },
		])
		.sort((a, b) => a.at - b.at);
	let open = 0;
	return Math.max(...changes.map(({ step }) => (open += step)));
}

function row({ exports, items, milliseconds, megabytes: peak, requests }: Result): string[] {
	return [
		count(exports),
		count(items.filter(({ binary }) => binary).length),
		seconds(milliseconds),
		count(startsIn(requests).length),
		count(requests.length),
		count(refusedIn(requests)),
		count(bodiesAtOnce(requests)),
		`${Math.round(peak)} MB`,
	];
}
