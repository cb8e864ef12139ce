import type { Report } from './report.mts';

function cell(text: string): string {
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180. */
export function renderCsv({ title, measure, months }: Report): Buffer {
	const header = ['dashboard', 'month', 'measure', 'actual', 'target', 'variance_percent'];
	const rows = months.map(({ month, actual, target, variance }) => [
		title,
		month.toISOString().slice(0, 7),
		measure.label,
		String(actual),
		String(target),
		variance.toFixed(1),
	]);
	const lines = [header, ...rows].map((row) => row.map(cell).join(','));
	return Buffer.from(lines.map((line) => `${line}\r\n`).join(''));
}
