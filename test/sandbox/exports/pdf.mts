import PDFDocument from 'pdfkit';
import { COLORS, type Canvas } from './canvas.mts';
import { drawChart, drawHeader, drawHighlights } from './drawing.mts';
import { fonts } from './fonts.mts';
import {
	formatDay,
	formatExact,
	formatMonth,
	formatVariance,
	type MonthFigures,
	type Report,
} from './report.mts';

const WIDTH = 595.28;
const MARGIN = 44;
const CONTENT = WIDTH - 2 * MARGIN;
const ROW = 18.5;
const COLUMNS = [0.02, 0.46, 0.73, 0.98].map((part) => MARGIN + part * CONTENT);

class PdfCanvas implements Canvas {
	constructor(readonly document: PDFKit.PDFDocument) {}

	rect(x: number, y: number, width: number, height: number, color: string, radius = 0): void {
		const corner = Math.min(radius, width / 2, height / 2);
		if (corner > 0) this.document.roundedRect(x, y, width, height, corner).fill(color);
		else this.document.rect(x, y, width, height).fill(color);
	}

	line(points: Array<[number, number]>, color: string, width: number): void {
		points.forEach(([x, y], index) => {
			if (index === 0) this.document.moveTo(x, y);
			else this.document.lineTo(x, y);
		});
		this.document.lineWidth(width).stroke(color);
	}

	dot(x: number, y: number, radius: number, color: string): void {
		this.document.circle(x, y, radius).fill(color);
	}

	text(...[text, x, y, { size, color, bold, align = 'left' }]: Parameters<Canvas['text']>): void {
		const { document } = this;
		document
			.font(bold ? 'bold' : 'regular')
			.fontSize(size)
			.fillColor(color);
		const width = document.widthOfString(text);
		const left = align === 'left' ? x : align === 'right' ? x - width : x - width / 2;
		document.text(text, left, y, { baseline: 'alphabetic', lineBreak: false });
	}
}

function createDocument({ title, description, updated }: Report): PDFKit.PDFDocument {
	const info = { Title: title, Subject: description, Author: 'Vizdom', CreationDate: updated };
	const document = new PDFDocument({ size: 'A4', margin: 0, info, font: '' });
	const { regular, bold } = fonts();
	document.registerFont('regular', regular).registerFont('bold', bold);
	return document;
}

function drawRow(canvas: Canvas, y: number, cells: string[], bold = false): void {
	const style = { size: 8.5, color: COLORS.ink, bold };
	cells.forEach((cell, column) => {
		const align = column === 0 ? 'left' : 'right';
		canvas.text(cell, COLUMNS[column] ?? MARGIN, y + ROW * 0.67, { ...style, align });
	});
}

function drawTable(canvas: Canvas, { months, measure }: Report, top: number): void {
	drawRow(canvas, top, ['Month', measure.label, 'Target', 'Variance'], true);
	const rule = top + ROW;
	canvas.line(
		[
			[MARGIN, rule],
			[MARGIN + CONTENT, rule],
		],
		COLORS.bar,
		1,
	);
	const cellsOf = ({ month, actual, target, variance }: MonthFigures) => [
		formatMonth(month),
		formatExact(actual, measure.kind),
		formatExact(target, measure.kind),
		formatVariance(variance),
	];
	months.forEach((figures, index) => {
		const y = rule + index * ROW;
		if (index % 2 === 1) canvas.rect(MARGIN, y, CONTENT, ROW, COLORS.tile);
		drawRow(canvas, y, cellsOf(figures));
	});
}

function drawFooter(canvas: Canvas, { updated }: Report): void {
	const text = `Exported from the Vizdom sandbox. Sample figures as of ${formatDay(updated)}.`;
	canvas.text(text, WIDTH / 2, 812, { align: 'center', size: 7, color: COLORS.muted });
}

function drawPage(canvas: Canvas, report: Report): void {
	const [x, width] = [MARGIN, CONTENT];
	drawHeader(canvas, report, { x, y: 46, width, height: 40 });
	drawHighlights(canvas, report, { x, y: 108, width, height: 56 });
	drawChart(canvas, report, { x, y: 194, width, height: 290 });
	drawTable(canvas, report, 514);
	drawFooter(canvas, report);
}

export async function renderPdf(report: Report): Promise<Buffer> {
	const document = createDocument(report);
	const chunks: Buffer[] = [];
	document.on('data', (chunk: Buffer) => chunks.push(chunk));
	const finished = new Promise<void>((resolve, reject) => {
		document.on('end', resolve).on('error', reject);
	});
	drawPage(new PdfCanvas(document), report);
	document.end();
	await finished;
	return Buffer.concat(chunks);
}
