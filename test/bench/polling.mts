import { measure } from './processes.mts';
import { count, median, progress, seconds, type Table } from './report.mts';
import type { BenchSandbox } from './sandbox.mts';

const latencyMs = 50;
const runs = 5;

/** The cost of a trigger's quiet polls. */
export async function polling(sandbox: BenchSandbox): Promise<Table> {
	const rows: string[][] = [];
	for (const records of [100, 1_000, 20_000]) {
		const job = { task: 'poll', address: sandbox.address, dialect: 'assumed' } as const;
		const measured = await measure({ ...job, latencyMs, records, runs });
		const time = median(measured.milliseconds);
		progress(`a poll of ${count(records)} records, ${seconds(time)}`);
		rows.push([
			count(records),
			count(measured.records),
			count(measured.requests ?? NaN),
			seconds(time),
		]);
	}
	return {
		title: `A poll of Vizdom Dashboard Trigger, ${latencyMs} ms a request`,
		head: ['records', 'requests of the first poll', 'requests of a quiet one', 'time'],
		rows,
		note: `_Created_, with a list in order of creation. Time: the median of ${runs} quiet polls.`,
	};
}
