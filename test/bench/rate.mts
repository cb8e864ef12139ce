import type { Measured } from './client.mts';
import { labels } from './contenders.mts';
import type { ContenderName } from './contenders.mts';
import { Client } from './measuring.mts';
import { count, percent, ratio, seconds } from './numbers.mts';
import { progress, type Report } from './report.mts';
import type { BenchSandbox, Counts } from './sandbox.mts';

const items = 3_000;
const limit = 1_000;
/** Instead of a minute, for the sandbox and for our node alike */
const windowMs = 20_000;
/** The last thousand may start when two windows are over. */
const leastMs = (Math.ceil(items / limit) - 1) * windowMs;

const notes = [
	`The limit's minute is scaled down to ${seconds(windowMs)}; the least that the limit allows is ${seconds(leastMs)}.`,
	'Sending: from the first request to the last, without the time in which n8n prepares the items.',
	`Two processes: ${count(items / 2)} items each, with the same key.`,
	"Retry On Fail: 5 tries and 5 s between them, n8n's most.",
];

interface Setup {
	label: string;
	name: ContenderName;
	processes: number;
}

const setups: Setup[] = [
	{ label: labels.ours, name: 'ours', processes: 1 },
	{ label: `${labels.ours}, two processes`, name: 'ours', processes: 2 },
	{ label: labels.plain, name: 'plain', processes: 1 },
	{ label: labels.retrying, name: 'retrying', processes: 1 },
];

interface Result extends Counts {
	setup: Setup;
	milliseconds: number;
	itemsOut: number;
	errors: string[];
}

/** Many input items against the API's limit. */
export async function rate(sandbox: BenchSandbox): Promise<Report> {
	const results: Result[] = [];
	for (const setup of setups) results.push(await measure(sandbox, setup));
	return {
		tables: [
			{
				title: `Get, ${count(items)} input items, ${count(limit)} requests per ${seconds(windowMs)}`,
				head: [
					'with',
					'items out',
					'failed',
					'requests',
					'429s',
					'share',
					'time',
					'÷ least',
					'sending',
					'÷ least',
				],
				rows: results.map(row),
				note: notes.join(' '),
			},
		],
		wrong: results
			.filter(isWrong)
			.map(
				({ setup, itemsOut, errors }) =>
					`${setup.label}: ${itemsOut} of ${items} items came out. ${errors.join(' ')}`,
			),
	};
}

async function measure(sandbox: BenchSandbox, setup: Setup): Promise<Result> {
	const limits = { requestsPerMinute: limit, windowMs };
	const clients = await Promise.all(
		Array.from(
			{ length: setup.processes },
			async () => await Client.start(sandbox, [setup.name], limits),
		),
	);
	await sandbox.renew({ rateLimit: limit, rateWindowMs: windowMs });
	const startedAt = performance.now();
	const all = await Promise.all(
		clients.map(async (client) => await client.get(items / setup.processes)),
	);
	const milliseconds = performance.now() - startedAt;
	progress(`${setup.label}: ${seconds(milliseconds)}`);
	await Promise.all(clients.map(async (client) => await client.end()));
	return { setup, milliseconds, ...outcomeOf(all), ...(await sandbox.counts()) };
}

function outcomeOf(all: Measured[]): { itemsOut: number; errors: string[] } {
	return {
		itemsOut: all.reduce((sum, { records }) => sum + records, 0),
		errors: all.flatMap(({ error }) => error ?? []),
	};
}

function isWrong({ setup, itemsOut, errors }: Result): boolean {
	return setup.name === 'ours' && (itemsOut !== items || errors.length > 0);
}

function row({ setup, milliseconds, sendingMs, itemsOut, requests, refused }: Result): string[] {
	const times = [milliseconds, sendingMs].flatMap((time) => [
		seconds(time),
		itemsOut === items ? ratio(time, leastMs) : '',
	]);
	return [
		setup.label,
		count(itemsOut),
		count(items - itemsOut),
		count(requests),
		count(refused),
		percent(refused, requests),
		...times,
	];
}
