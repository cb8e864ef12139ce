import { COLORS, fit, type Box, type Canvas } from './canvas.mts';
import { formatDay, formatMonth, type Kind, type Report } from './report.mts';

/** Sizes are in parts of this. */
function unitOf(box: Box): number {
	return box.width / 100;
}

/** The average width of a bold letter, in parts of the font size. */
const BOLD_LETTER = 0.66;

export function drawHeader(canvas: Canvas, report: Report, box: Box): void {
	const unit = unitOf(box);
	const { x, y, width } = box;
	canvas.rect(x, y, unit * 0.7, unit * 7.4, COLORS.bar, unit * 0.35);
	const left = x + unit * 2.2;
	const room = width * 0.74;
	const size = Math.max(
		unit * 2.2,
		Math.min(unit * 3.5, room / (report.title.length * BOLD_LETTER)),
	);
	const title = { size, color: COLORS.ink, bold: true };
	canvas.text(fit(report.title, room, size * 1.1), left, y + unit * 3.1, title);
	const description = { size: unit * 1.75, color: COLORS.muted };
	const text = fit(report.description, width * 0.95, description.size);
	canvas.text(text, left, y + unit * 6.6, description);
	drawBrand(canvas, report, box);
}

function drawBrand(canvas: Canvas, report: Report, { x, y, width }: Box): void {
	const unit = width / 100;
	const right = x + width;
	const style = { align: 'right' as const, size: unit * 1.9, bold: true, color: COLORS.bar };
	canvas.text('Vizdom', right, y + unit * 1.8, style);
	const updated = `Updated ${formatDay(report.updated)}`;
	canvas.text(updated, right, y + unit * 4.1, {
		align: 'right',
		size: unit * 1.35,
		color: COLORS.muted,
	});
}

export function drawHighlights(canvas: Canvas, report: Report, box: Box): void {
	const unit = unitOf(box);
	const gap = unit * 1.6;
	const count = report.highlights.length;
	const width = (box.width - gap * (count - 1)) / count;
	report.highlights.forEach(({ label, value }, index) => {
		const x = box.x + index * (width + gap);
		canvas.rect(x, box.y, width, box.height, COLORS.tile, unit * 0.8);
		const left = x + unit * 1.6;
		const middle = box.y + box.height / 2;
		canvas.text(label, left, middle - unit * 1.1, { size: unit * 1.35, color: COLORS.muted });
		const style = { size: unit * 2.7, color: COLORS.ink, bold: true };
		canvas.text(value, left, middle + unit * 2.5, style);
	});
}

interface Scale {
	low: number;
	high: number;
	step: number;
}

/** Round numbers for the axis. Bars start at 0. */
function scaleFor(highest: number): Scale {
	const rough = highest / 4;
	const power = 10 ** Math.floor(Math.log10(rough));
	const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
	const step = factor * power;
	return { low: 0, high: Math.ceil((highest * 1.02) / step) * step, step };
}

function axisLabel(value: number, kind: Kind): string {
	if (kind === 'percent') return `${Number(value.toFixed(2))} %`;
	const prefix = kind === 'money' ? '$' : '';
	if (value >= 1e6) return `${prefix}${Number((value / 1e6).toFixed(2))}M`;
	if (value >= 1e3) return `${prefix}${Number((value / 1e3).toFixed(2))}K`;
	return `${prefix}${value}`;
}

export function drawChart(canvas: Canvas, report: Report, box: Box): void {
	const unit = unitOf(box);
	drawLegend(canvas, report, box);
	const plot: Box = {
		x: box.x + unit * 7,
		y: box.y + unit * 5,
		width: box.width - unit * 7,
		height: box.height - unit * 8.5,
	};
	const highest = Math.max(...report.months.flatMap(({ actual, target }) => [actual, target]));
	const scale = scaleFor(highest);
	const yOf = (value: number) => plot.y + plot.height * (1 - value / scale.high);
	drawGrid(canvas, report.measure.kind, scale, plot, yOf);
	drawBars(canvas, report, plot, yOf);
}

function drawLegend(canvas: Canvas, report: Report, { x, y, width }: Box): void {
	const unit = width / 100;
	const base = y + unit * 1.7;
	const heading = { size: unit * 1.9, color: COLORS.ink, bold: true };
	canvas.text(`${report.measure.label} by month`, x, base, heading);
	const entry = { size: unit * 1.4, color: COLORS.muted };
	const [actual, target] = [x + width - unit * 19.5, x + width - unit * 8.5];
	canvas.rect(actual, base - unit * 1.15, unit * 1.3, unit * 1.3, COLORS.bar, unit * 0.25);
	canvas.text('Actual', actual + unit * 2.1, base, entry);
	const middle = base - unit * 0.5;
	canvas.line(
		[
			[target, middle],
			[target + unit * 2.4, middle],
		],
		COLORS.target,
		unit * 0.3,
	);
	canvas.dot(target + unit * 1.2, middle, unit * 0.45, COLORS.target);
	canvas.text('Target', target + unit * 3.2, base, entry);
}

function drawGrid(
	canvas: Canvas,
	kind: Kind,
	{ high, step }: Scale,
	plot: Box,
	yOf: (value: number) => number,
): void {
	const unit = plot.width / 93;
	for (let line = 0; line <= Math.round(high / step); line++) {
		const y = yOf(line * step);
		canvas.line(
			[
				[plot.x, y],
				[plot.x + plot.width, y],
			],
			COLORS.faint,
			unit * 0.12,
		);
		canvas.text(axisLabel(line * step, kind), plot.x - unit * 1.2, y + unit * 0.5, {
			align: 'right',
			size: unit * 1.35,
			color: COLORS.muted,
		});
	}
}

function drawBars(canvas: Canvas, report: Report, plot: Box, yOf: (value: number) => number): void {
	const unit = plot.width / 93;
	const slot = plot.width / report.months.length;
	const bottom = plot.y + plot.height;
	const centre = (index: number) => plot.x + slot * (index + 0.5);
	report.months.forEach(({ month, actual }, index) => {
		const [x, y, width] = [centre(index), yOf(actual), slot * 0.56];
		canvas.rect(x - width / 2, y, width, bottom - y, COLORS.bar, unit * 0.35);
		const [name = '', year = ''] = formatMonth(month).split(' ');
		const label = { align: 'center' as const, size: unit * 1.35, color: COLORS.muted };
		canvas.text(name, x, bottom + unit * 2, label);
		if (index === 0 || name === 'Jan') canvas.text(year, x, bottom + unit * 3.7, label);
	});
	const targets = report.months.map(({ target }, index): [number, number] => [
		centre(index),
		yOf(target),
	]);
	canvas.line(targets, COLORS.target, unit * 0.3);
	for (const [x, y] of targets) canvas.dot(x, y, unit * 0.45, COLORS.target);
}
