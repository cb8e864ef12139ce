import type { SandboxSettings } from '../sandbox/server.mts';
import { labels } from './contenders.mts';
import { measure } from './processes.mts';
import { count, faults, median, percent, progress, ratio, seconds, type Table } from './report.mts';
import type { BenchSandbox } from './sandbox.mts';

const items = 3_000;
const limit = 1_000;
const windowMs = 60_000;
const leastMs = (Math.ceil(items / limit) - 1) * windowMs;

interface Setup {
	name: 'ours' | 'plain' | 'retrying';
	rateLimiter: SandboxSettings['rateLimiter'];
	processes: number;
}

const setups: Setup[] = [
	{ name: 'ours', rateLimiter: 'fixed-window', processes: 1 },
	{ name: 'ours', rateLimiter: 'fixed-window', processes: 2 },
	{ name: 'ours', rateLimiter: 'token-bucket', processes: 1 },
	{ name: 'ours', rateLimiter: 'token-bucket', processes: 2 },
	{ name: 'plain', rateLimiter: 'fixed-window', processes: 1 },
	{ name: 'retrying', rateLimiter: 'fixed-window', processes: 1 },
];

const columns = [
	...['with', 'processes', 'server counts by', 'items out', 'failed', 'requests', '429s', 'share'],
	...['time', '÷ least', 'sending', '÷ least'],
];

const notes = [
	`Least: ${seconds(leastMs)}, for a client that never sends more than the limit in any minute.`,
	'The token bucket holds the limit and is refilled evenly. No Retry-After.',
	'Sending: from the first request to the last, without the time in which n8n prepares the items.',
	'Two processes share the items and the key, without knowing of each other.',
	"Retry On Fail: 5 tries and 5 s between them, n8n's maximum.",
];

/** Many input items against the API's limit, in real time. */
export async function rate(sandbox: BenchSandbox): Promise<Table> {
	const rows: string[][] = [];
	for (const setup of setups) {
		const label = `${labels[setup.name]}, ${setup.processes} × ${setup.rateLimiter}`;
		const { itemsOut, milliseconds, errors } = await run(sandbox, setup);
		const { requests, refused, sendingMs } = await sandbox.counts();
		progress(`${label}: ${seconds(milliseconds)}`);
		if (setup.name === 'ours' && itemsOut !== items) {
			faults.push(`${label}: ${itemsOut} of ${items} items came out. ${errors}`);
		}
		rows.push([
			labels[setup.name],
			count(setup.processes),
			setup.rateLimiter.replace('-', ' '),
			...[itemsOut, items - itemsOut, requests, refused].map(count),
			percent(refused, requests),
			...[milliseconds, sendingMs].flatMap((time) => [
				seconds(time),
				itemsOut === items ? ratio(time, leastMs) : '',
			]),
		]);
	}
	const title = `Get, ${count(items)} input items, ${count(limit)} requests a minute`;
	return { title, head: columns, rows, note: notes.join(' ') };
}

async function run(sandbox: BenchSandbox, { name, rateLimiter, processes }: Setup) {
	await sandbox.renew({ rateLimit: limit, rateWindowMs: windowMs, rateLimiter });
	const share = { name, items: items / processes, requestsPerMinute: limit };
	const job = { task: 'get', address: sandbox.address, ...share } as const;
	const all = await Promise.all(Array.from({ length: processes }, async () => await measure(job)));
	const ends = all.map(({ startedAt, milliseconds }) => startedAt + median(milliseconds));
	return {
		milliseconds: Math.max(...ends) - Math.min(...all.map(({ startedAt }) => startedAt)),
		itemsOut: all.reduce((sum, { records }) => sum + records, 0),
		errors: all.map(({ error = '' }) => error).join(' '),
	};
}
