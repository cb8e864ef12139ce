import { labels } from './contenders.mts';
import { measure } from './processes.mts';
import { progress, ratio, type Table } from './report.mts';
import { unlimited, type BenchSandbox } from './sandbox.mts';

const names = ['ours', 'plain', 'axios'] as const;
const single = { items: 1, rounds: 300 };
const many = { items: 300, rounds: 9 };

/** The cost of one request without any waiting. */
export async function request(sandbox: BenchSandbox): Promise<Table> {
	await sandbox.renew({ rateLimit: unlimited });
	const { address } = sandbox;
	const cells: string[][] = names.map((name) => [labels[name]]);
	for (const { items, rounds } of [single, many]) {
		const { milliseconds } = await measure({ task: 'compare', address, names, items, rounds });
		progress(`one request: ${rounds} runs of ${items} items each`);
		const plain = milliseconds[names.indexOf('plain')] ?? NaN;
		for (const [index, time] of milliseconds.entries()) {
			cells[index]?.push(`${(time / items).toFixed(2)} ms`, ratio(time, plain));
		}
	}
	const ofMany = `one of ${many.items} items`;
	return {
		title: 'Get, the cost of one request without latency',
		head: ['with', 'a run of 1 item', '÷ declarative', ofMany, '÷ declarative'],
		rows: cells,
		note: `Medians of ${single.rounds} and ${many.rounds} runs, in turns, each in one process.`,
	};
}
