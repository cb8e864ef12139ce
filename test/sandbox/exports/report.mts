import type { Dashboard } from '../../../nodes/shared/vizdom/vizdom-api.d.ts';
import { randomFrom } from '../random.mts';

/** The content of an exported file: always the same figures for the same dashboard. */
export interface Report {
	title: string;
	description: string;
	updated: Date;
	columns: string[];
	rows: Array<[month: string, actual: number, target: number, variance: number]>;
}

const MONTHS = 12;

export function reportOf(dashboard: Dashboard): Report {
	const { id, name: title, description, updated_at } = dashboard;
	const updated = new Date(updated_at);
	const random = randomFrom(`${id}/${updated_at}/${title}`);
	const base = 10_000 + random() * 990_000;
	const rows = Array.from({ length: MONTHS }, (_, index): Report['rows'][number] => {
		const month = Date.UTC(updated.getUTCFullYear(), updated.getUTCMonth() - MONTHS + index);
		const target = Math.round(base * (1 + index / 100));
		const actual = Math.round(target * (0.85 + random() * 0.3));
		const variance = Math.round((actual / target - 1) * 1000) / 10;
		return [new Date(month).toISOString().slice(0, 7), actual, target, variance];
	});
	const columns = ['Month', 'Actual', 'Target', 'Variance in %'];
	return { title, description, updated, columns, rows };
}
