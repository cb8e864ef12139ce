import { labels } from './contenders.mts';
import { Client, unlimited } from './measuring.mts';
import { ratio } from './numbers.mts';
import { progress, type Report } from './report.mts';
import type { BenchSandbox } from './sandbox.mts';

const names = ['ours', 'plain', 'axios'] as const;
const rounds = 300;
const manyItems = 300;
const manyRounds = 9;

/** What one request costs where nothing has to be waited for. */
export async function request(sandbox: BenchSandbox): Promise<Report> {
	await sandbox.renew({ rateLimit: unlimited });
	const client = await Client.start(sandbox, [...names]);
	progress('one request: warming up');
	await client.compare(1, 100);
	const single = await client.compare(1, rounds);
	progress(`one request: ${rounds} runs of 1 item, each`);
	await client.compare(manyItems, 2);
	const many = await client.compare(manyItems, manyRounds);
	progress(`one request: ${manyRounds} runs of ${manyItems} items, each`);
	await client.end();
	const each = many.map((milliseconds) => milliseconds / manyItems);
	return {
		tables: [
			{
				title: 'Get, the cost of one request without latency',
				head: [
					'with',
					'a run of 1 item',
					'÷ declarative',
					`one of ${manyItems} items`,
					'÷ declarative',
				],
				rows: names.map((name, index) => [
					labels[name],
					...cells(single, index),
					...cells(each, index),
				]),
				note: `Medians of ${rounds} and ${manyRounds} runs, in turns, in one process.`,
			},
		],
		wrong: [],
	};
}

function cells(times: number[], index: number): string[] {
	const time = times[index] ?? NaN;
	return [`${time.toFixed(2)} ms`, ratio(time, times[names.indexOf('plain')] ?? NaN)];
}
