import { type INodeExecutionData, sanitizeFilename, UserError } from 'n8n-workflow';
import { fileNameIn } from '../shared/http/contentDisposition';
import { outcomeOfError } from '../shared/http/outcome';
import { Attempts } from '../shared/http/retry';
import { pause, settled } from '../shared/http/signals';
import { type StoredFile, storeFile } from '../shared/n8n/binary';
import type { Driven } from '../shared/n8n/driver';
import type { Parameters } from '../shared/n8n/parameters';
import type { OpenFile, Vizdom } from '../shared/vizdom/client';
import { VizdomError } from '../shared/vizdom/errors';
import { type Dashboard, type Export, paths, recordPath } from '../shared/vizdom/facts';
import { dayOf, fileLinkIn } from '../shared/vizdom/values';
import { binaryPropertyName, fileName } from './fields';
import { formatOf } from './format';
import type { ExportTimeout } from './timeout';
import { endedExport, readExport } from './wait';

const startShown = 64; // characters of a wrong file

/** What is wanted of a file: read, and refused, before an export is started for it. */
interface WantedFile {
	fileName: string; // as the user chose it; empty for the one that Vizdom gives
	property: string; // the field of the item's binary data
	format?: string; // as asked for; left out, what the export says holds
	dashboardId?: string;
}

/** @throws {UserError} if an option's value cannot be used */
export function wantedFile(parameters: Parameters): WantedFile {
	return {
		fileName: parameters.text(fileName, 'options.fileName'),
		property: parameters.text(binaryPropertyName, 'options.binaryPropertyName') || 'data',
	};
}

/** A file to be downloaded. */
type Download = Pick<Driven, 'vizdom' | 'item'> & { completed: Export; wanted: WantedFile };

/**
 * The item of a completed export: the export and what its file is as JSON, the file as binary data.
 * @throws {VizdomError} if the file is refused, or is not the file that was asked for
 */
export async function fileItem(
	{ vizdom, item }: Driven,
	completed: Export,
	{ format = completed.format, dashboardId = completed.dashboard_id, ...named }: WantedFile,
	timeout: ExportTimeout,
): Promise<INodeExecutionData> {
	const wanted = { ...named, format, dashboardId };
	const stored = await download({ vizdom, item, completed, wanted }, timeout);
	const { binary, size, sha256, start } = stored;
	const { begins, displayName } = formatOf(format) ?? {};
	if (begins && !begins(start)) {
		const printable = vizdom.shown(start, startShown).replace(/[^ -~…‹]/g, '·');
		const seen = start === '' ? 'it is empty' : `it begins with "${printable}"`;
		throw vizdom.error(
			`What came for the export '${vizdom.shown(completed.id)}' is not a ${displayName}`,
			`The file was not kept: ${seen}. Download it again later, or export the dashboard again.`,
			{ outcome: 'refused' },
		);
	}
	const { fileName, mimeType } = binary;
	return {
		json: { ...completed, file: { fileName, mimeType, size, sha256 } },
		binary: { [wanted.property]: binary },
	};
}

/** Downloads and stores the file, again if the connection breaks off in the middle of it. */
async function download(file: Download, timeout: ExportTimeout): Promise<StoredFile> {
	const { vizdom, completed } = file;
	const attempts = new Attempts('GET');
	for (;;) {
		attempts.count++;
		const { value, error } = await settled(downloadOnce(file, timeout));
		if (value) return value;
		if (timeout.isReached) throw timeout.notDone(vizdom, completed);
		if (error instanceof VizdomError) throw error;
		const wait = attempts.waitAfter(outcomeOfError('GET', error));
		if (wait === undefined) {
			if (error instanceof UserError) throw error;
			// The error of a stream that broke off says no more than "aborted".
			throw vizdom.brokenOff(error, fileLinkIn(completed) ?? '', attempts);
		}
		// If it ends early, so does the next try.
		await settled(pause(wait, vizdom.signal));
	}
}

async function downloadOnce(file: Download, timeout: ExportTimeout): Promise<StoredFile> {
	const { item, completed, wanted } = file;
	const ended = new AbortController();
	const vizdom = file.vizdom.cancelledBy(ended.signal);
	try {
		const opened = await openFile(vizdom, completed, timeout);
		const name = await nameOf({ ...file, vizdom }, opened);
		const mimeType = formatOf(wanted.format)?.mimeType ?? opened.headers['content-type'];
		return await storeFile(item, vizdom, opened, name, mimeType as string | undefined);
	} finally {
		// Whatever was not read to its end stays open otherwise.
		ended.abort();
	}
}

/** Opens the link, and a new one if it has expired since the export was read. */
async function openFile(
	vizdom: Vizdom,
	completed: Export,
	timeout: ExportTimeout,
): Promise<OpenFile> {
	const { id } = completed;
	const hasLink = fileLinkIn(completed) !== undefined;
	const below = hasLink ? undefined : await vizdom.openBelow(id);
	if (below) return below;
	// As a link does, the way below may expire until the export is read.
	const linked = hasLink ? completed : await endedExport(vizdom, id, timeout, true);
	const link = fileLinkIn(linked);
	const opened = link === undefined ? await vizdom.openBelow(id) : undefined;
	if (opened) return opened;
	if (link === undefined) {
		throw new UserError(`The export '${vizdom.shown(id)}' has no download link`, {
			description: 'Vizdom says that it is completed. Export the dashboard again.',
		});
	}
	const { value, error } = await settled(vizdom.open(link));
	if (value) return value;
	const isStale = error instanceof VizdomError && [401, 403, 404, 410].includes(error.status ?? 0);
	if (!isStale || !id) throw error;
	const { data } = await readExport(vizdom, id);
	const newLink = data && fileLinkIn(data);
	if (!newLink) throw error;
	return await vizdom.open(newLink);
}

/** The name that the user chose, else the response's, else the dashboard's and the date. */
async function nameOf({ vizdom, completed, wanted }: Download, { headers }: OpenFile) {
	const given = wanted.fileName || fileNameIn(headers['content-disposition']);
	if (given) return sanitizeFilename(given.trim());
	const { format, dashboardId } = wanted;
	const title = dashboardId ? await dashboardName(vizdom, dashboardId) : 'export';
	const name = `${title.replace(/[\\/]/g, '-')} ${dayOf(completed.created_at)}`.trim();
	return sanitizeFilename(format ? `${name}.${format}` : name);
}

async function dashboardName(vizdom: Vizdom, id: string): Promise<string> {
	const { value } = await settled(vizdom.get<Partial<Dashboard>>(recordPath(paths.dashboard, id)));
	return vizdom.shown(value?.data?.name || id);
}
