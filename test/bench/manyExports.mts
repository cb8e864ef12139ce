import type { RecordedRequest } from '../sandbox/server.mts';
import { faultsOf, served } from './files.mts';
import type { RealN8n } from './realN8n.mts';
import { count, faults, progress, seconds, type Table } from './report.mts';
import { unlimited, type BenchSandbox } from './sandbox.mts';
import { exportMany } from './workflows.mts';

const sizes = [1, 200];
const megabytes = 5;
/** Long enough that waiting for 200 exports takes more requests than one minute allows */
const exportDurationMs = 10_000;

/** Many exports at a time, within the request limit. */
export async function manyExports(sandbox: BenchSandbox, n8n: RealN8n): Promise<Table> {
	await n8n.add(sizes.map(exportMany));
	const rows: string[][] = [];
	for (const exports of sizes) {
		await sandbox.renew({ exportDurationMs, exportFileBytes: megabytes * 1e6 });
		const { items, error, ...run } = await n8n.run(exportMany(exports));
		const requests = await sandbox.requests();
		progress(`exports at a time: ${exports}, ${seconds(run.milliseconds)}`);
		await sandbox.set({ rateLimit: unlimited });
		const wrong = error === undefined ? [] : [error];
		for (const item of items) {
			const expected = await served(String(item.json.download_url), sandbox.address);
			wrong.push(...(await faultsOf(n8n.fileOf(item), expected, item)));
		}
		await n8n.removeFiles();
		const started = requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
		const dashboards = new Set(
			started.map((body) => (body as { dashboard_id: string }).dashboard_id),
		);
		const refused = requests.filter(({ status }) => status === 429).length;
		const counts = [items.length, started.length, dashboards.size];
		if (refused > 0 || counts.some((number) => number !== exports)) {
			wrong.push(`items, starts and dashboards: ${counts.join(', ')}; refused: ${refused}`);
		}
		faults.push(...wrong.map((text) => `exports at a time: ${exports}: ${text}`));
		rows.push([
			...[exports, items.length].map(count),
			seconds(run.milliseconds),
			...[started.length, requests.length, refused, bodiesAtOnce(requests)].map(count),
			`${Math.round(run.megabytes)} MB`,
		]);
	}
	return {
		title: `Export, many CSV files of ${megabytes} MB at a time, 1,000 requests a minute`,
		head: ['exports', 'files', 'time', 'started', 'requests', '429s', 'bodies at once', 'peak'],
		rows,
		note: `Each export takes ${seconds(exportDurationMs)}. All items are in one run of n8n ${n8n.version}, with its files on disk. Peak: memory of the n8n process. Every file that was stored has the size and the SHA-256 of what was served.`,
	};
}

/** The most files being sent at the same time. */
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
