import type { Dashboard, ExportFormat } from '../../../nodes/shared/vizdom/vizdom-api.d.ts';
import { renderCsv } from './csv.mts';
import { renderPdf } from './pdf.mts';
import { renderPng } from './png.mts';
import { reportOf, type Report } from './report.mts';
import { renderXlsx } from './xlsx.mts';

export interface RenderedFile {
	type: string;
	content: Buffer;
}

interface Renderer {
	type: string;
	render: (report: Report) => Buffer | Promise<Buffer>;
}

const RENDERERS: Record<ExportFormat, Renderer> = {
	pdf: { type: 'application/pdf', render: renderPdf },
	png: { type: 'image/png', render: renderPng },
	csv: { type: 'text/csv; charset=utf-8', render: renderCsv },
	xlsx: {
		type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
		render: renderXlsx,
	},
};

const KEPT = 50;
const rendered = new Map<string, Promise<RenderedFile>>();

async function renderNow(dashboard: Dashboard, format: ExportFormat): Promise<RenderedFile> {
	const { type, render: renderReport } = RENDERERS[format];
	return { type, content: await renderReport(reportOf(dashboard)) };
}

/** The same bytes for the same dashboard. The last files are kept. */
export function render(dashboard: Dashboard, format: ExportFormat): Promise<RenderedFile> {
	const key = JSON.stringify([format, dashboard]);
	const known = rendered.get(key);
	if (known) return known;
	const file = renderNow(dashboard, format);
	rendered.set(key, file);
	const [oldest] = rendered.keys();
	if (rendered.size > KEPT && oldest !== undefined) rendered.delete(oldest);
	return file;
}
