import type { Finding, Verdict } from './check.mts';

const order: Verdict[] = ['differs', 'not to be seen', 'as assumed'];

const head = { verdict: 'verdict', what: 'what', assumed: 'assumed', seen: 'seen' };

type Column = keyof typeof head;

const columns = Object.keys(head) as Column[];

const leastWidth = 72;
const gap = '  ';

/** The findings as a table, those that differ first, and what to do next. */
export function report(findings: Finding[], terminalWidth = 100): string {
	const sorted = order.flatMap((verdict) => findings.filter((one) => one.verdict === verdict));
	const widths = widthsIn(Math.max(leastWidth, terminalWidth), sorted);
	const rows = sorted.map((finding) => row(finding, widths) + change(finding, widths));
	return [row(head, widths), rule(widths), ...rows, '', next(findings)].join('\n');
}

function widthsIn(width: number, findings: Finding[]): Record<Column, number> {
	const verdict = Math.max(...order.map(({ length }) => length));
	const what = Math.max(...findings.map(({ what: { length } }) => length));
	const rest = width - verdict - what - gap.length * (columns.length - 1);
	const assumed = Math.floor(rest / 2);
	return { verdict, what, assumed, seen: rest - assumed };
}

function row(cells: Record<Column, string>, widths: Record<Column, number>): string {
	const wrapped = columns.map((column) => wrap(cells[column], widths[column]));
	const height = Math.max(...wrapped.map(({ length }) => length));
	const line = (at: number) =>
		columns.map((column, place) => (wrapped[place]?.[at] ?? '').padEnd(widths[column]));
	return Array.from({ length: height }, (_, at) => line(at).join(gap).trimEnd()).join('\n');
}

function rule(widths: Record<Column, number>): string {
	return columns.map((column) => '-'.repeat(widths[column])).join(gap);
}

function change({ verdict, where }: Finding, widths: Record<Column, number>): string {
	const indent = ' '.repeat(widths.verdict + gap.length);
	return verdict === 'differs' ? `\n${indent}change ${where}` : '';
}

function wrap(text: string, width: number): string[] {
	const printable = text.replace(/\p{Cc}/gu, ' ');
	const lines = printable.match(new RegExp(`\\S.{0,${width - 1}}(?=\\s|$)|\\S{1,${width}}`, 'gu'));
	return lines ?? [''];
}

function next(findings: Finding[]): string {
	const count = (verdict: Verdict) => findings.filter((one) => one.verdict === verdict).length;
	const differing = count('differs');
	const counts = order.map((verdict) => `${count(verdict)} ${verdict}`).join(', ');
	if (differing === 0) return `${counts}. There is nothing to change.`;
	return [
		`${counts}. Change the places named above, and what they say in`,
		'test/sandbox/vizdom.openapi.yaml; then run npm run generate, npm test, and this again.',
	].join('\n');
}
