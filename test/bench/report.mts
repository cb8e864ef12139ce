export interface Table {
	title: string;
	head: string[];
	rows: string[][];
	note: string;
}

/** Wrong results of our nodes; there must be none. */
export const faults: string[] = [];

export function progress(line: string): void {
	process.stderr.write(`${line}\n`);
}

/** Numbers are aligned to the right. */
export async function markdown({ title, head, rows, note }: Table): Promise<string> {
	// Not loaded into the measured processes.
	const { format } = await import('prettier');
	const isNumeric = (column: number) => rows.every((row) => /^([-\d<]|$)/.test(row[column] ?? ''));
	const rule = head.map((_, column) => (isNumeric(column) ? '-:' : '-'));
	const table = [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
	return await format([`### ${title}`, table, note].join('\n\n'), { parser: 'markdown' });
}

export function median(numbers: number[]): number {
	const sorted = numbers.toSorted((a, b) => a - b);
	const middle = (sorted.length - 1) / 2;
	return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

export function seconds(milliseconds: number): string {
	return `${(milliseconds / 1_000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
}

export function ratio(value: number, to: number): string {
	const quotient = value / to;
	return `${quotient.toFixed(quotient < 10 ? 2 : 1)}x`;
}

export function percent(part: number, whole: number): string {
	return `${((100 * part) / whole).toFixed(1)} %`;
}

export function count(number: number): string {
	return number.toLocaleString('en-US');
}
