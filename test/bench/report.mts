export interface Table {
	title: string;
	head: string[];
	rows: string[][];
	note?: string;
}

/** What a part of the benchmark brings. */
export interface Report {
	tables: Table[];
	/** Wrong results of ours: there must be none. */
	wrong: string[];
}

export function progress(line: string): void {
	process.stderr.write(`${line}\n`);
}

const isNumber = (cell: string) => cell === '' || /^[-\d<]/.test(cell);

/** Texts to the left, numbers to the right. */
export function markdown({ title, head, rows, note }: Table): string {
	const columns = head.map((name, index) =>
		column(
			name,
			rows.map((row) => row[index] ?? ''),
		),
	);
	const lines = rows.map((_, row) => columns.map(({ cells }) => cells[row] ?? ''));
	const table = [columns.map(({ name }) => name), columns.map(({ rule }) => rule), ...lines];
	const text = table.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
	return [`### ${title}`, text, ...(note ? [note] : [])].join('\n\n');
}

function column(name: string, cells: string[]): { name: string; rule: string; cells: string[] } {
	const width = Math.max(3, name.length, ...cells.map(({ length }) => length));
	const right = cells.every(isNumber);
	const pad = (cell: string) => (right ? cell.padStart(width) : cell.padEnd(width));
	const rule = right ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width);
	return { name: pad(name), rule, cells: cells.map(pad) };
}
