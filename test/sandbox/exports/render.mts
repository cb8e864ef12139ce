import { createRequire } from 'node:module';
import { buffer } from 'node:stream/consumers';
import { Resvg } from '@resvg/resvg-js';
import PDFDocument from 'pdfkit';
import writeXlsxFile from 'write-excel-file/node';
import type { Dashboard, ExportFormat } from '../../../nodes/shared/vizdom/vizdom-api.d.ts';
import { reportOf, type Report } from './report.mts';

/** Has the letters of most languages, unlike PDF's standard fonts. */
const FONT = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');

async function renderPdf({ title, description, updated, columns, rows }: Report): Promise<Buffer> {
	const info = { Title: title, CreationDate: updated };
	const document = new PDFDocument({ size: 'A4', font: FONT, info });
	document.fontSize(20).text(title).fontSize(10).text(description).moveDown();
	document.table({ data: [columns, ...rows].map((row) => row.map(String)) });
	document.end();
	return await buffer(document);
}

function svgText(text: string | number, x: number, y: number): string {
	const printable = String(text).replace(/\p{C}/gu, ' ');
	const escaped = printable.replace(/[&<]/g, (character) => `&#${character.charCodeAt(0)};`);
	return `<text x="${x}" y="${y}">${escaped}</text>`;
}

function renderPng({ title, columns, rows }: Report): Buffer {
	const cells = [columns, ...rows].flatMap((row, index) =>
		row.map((cell, column) => svgText(cell, 40 + column * 180, 110 + index * 32)),
	);
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="540" font-size="18">
		<rect width="100%" height="100%" fill="white"/>
		<g font-size="28">${svgText(title, 40, 60)}</g>${cells.join('')}</svg>`;
	const font = { fontFiles: [FONT], loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' };
	return new Resvg(svg, { font }).render().asPng();
}

function renderCsv({ title, columns, rows }: Report): Buffer {
	const records = [['Dashboard', ...columns], ...rows.map((row) => [title, ...row])];
	const quote = (cell: string | number) => `"${String(cell).replaceAll('"', '""')}"`;
	const cellOf = (cell: string | number) => (/[",\r\n]/.test(String(cell)) ? quote(cell) : cell);
	return Buffer.from(records.map((record) => `${record.map(cellOf).join(',')}\r\n`).join(''));
}

async function renderXlsx({ title, columns, rows }: Report): Promise<Buffer> {
	const bold = [title, ...columns].map((value) => ({ value, fontWeight: 'bold' as const }));
	const file = writeXlsxFile([bold.slice(0, 1), bold.slice(1), ...rows], { sheet: 'Report' });
	return await file.toBuffer();
}

type Rendered = Buffer | Promise<Buffer>;

const RENDERERS: Record<ExportFormat, (report: Report) => Rendered> = {
	pdf: renderPdf,
	png: renderPng,
	csv: renderCsv,
	xlsx: renderXlsx,
};

const KEPT = 50;
const rendered = new Map<string, Rendered>();

/** Keeps the last files, because a new XLSX file would contain another time. */
export async function render(dashboard: Dashboard, format: ExportFormat): Promise<Buffer> {
	const key = JSON.stringify([format, dashboard]);
	const file = rendered.get(key) ?? RENDERERS[format](reportOf(dashboard));
	rendered.set(key, file);
	const [oldest] = rendered.keys();
	if (rendered.size > KEPT && oldest !== undefined) rendered.delete(oldest);
	return await file;
}
