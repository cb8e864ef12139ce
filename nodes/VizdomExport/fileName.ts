import { sanitizeFilename } from 'n8n-workflow';
import { fileNameIn } from '../shared/http/contentDisposition';
import { settled } from '../shared/http/signals';
import type { OpenFile, Vizdom } from '../shared/vizdom/client';
import { type Dashboard, type Export, paths, recordPath } from '../shared/vizdom/facts';
import type { WantedFile } from './file';

/** The name that the user chose, else the response's, else the dashboard's and the date. */
export async function nameOf(
	vizdom: Vizdom,
	{ headers }: OpenFile,
	completed: Export,
	wanted: WantedFile,
): Promise<string> {
	const given = wanted.fileName || fileNameIn(headers['content-disposition']);
	const name = given || (await dashboardAndDate(vizdom, completed, wanted));
	return sanitizeFilename(name.trim());
}

async function dashboardAndDate(
	vizdom: Vizdom,
	{ created_at }: Export,
	{ format, dashboardId }: WantedFile,
): Promise<string> {
	const title = dashboardId ? await dashboardName(vizdom, dashboardId) : 'export';
	const name = `${title.replace(/[\\/]/g, '-')} ${String(created_at ?? '').slice(0, 10)}`.trim();
	return format ? `${name}.${format}` : name;
}

async function dashboardName(vizdom: Vizdom, id: string): Promise<string> {
	const { value } = await settled(vizdom.get<Partial<Dashboard>>(recordPath(paths.dashboard, id)));
	return String(value?.data?.name || id);
}
