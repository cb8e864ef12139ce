import { type INodeExecutionData, UserError } from 'n8n-workflow';
import { Deadline } from '../shared/http/deadline';
import { outcomeOfError } from '../shared/http/outcome';
import { Attempts } from '../shared/http/retry';
import { pause, settled } from '../shared/http/signals';
import {
	type FileDescription,
	type FileStart,
	type StoredFile,
	storeFile,
} from '../shared/n8n/binary';
import type { Driven } from '../shared/n8n/driver';
import type { Parameters } from '../shared/n8n/parameters';
import type { Vizdom } from '../shared/vizdom/client';
import { VizdomError } from '../shared/vizdom/errors';
import { type Dashboard, type Export, paths, recordPath } from '../shared/vizdom/facts';
import type { OpenFile } from '../shared/vizdom/files';
import { dayOf } from '../shared/vizdom/values';
import { Beginning } from './beginning';
import { binaryPropertyName, fileName } from './fields';
import { asFileName } from './fileName';
import { type Format, formatIn, formatOf } from './format';
import { openFile } from './open';
import type { ExportTimeout } from './timeout';
import { visibleAfter } from './wait';

const startShown = 64; // characters of a wrong file to quote

/** The options for a file, checked before its export is started. */
interface WantedFile {
	fileName: string; // chosen by the user; empty for Vizdom's
	property: string; // of the item's binary data
	format?: string; // requested; if undefined, the export's
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
interface Download extends Pick<Driven, 'vizdom' | 'item'> {
	completed: Export;
	wanted: WantedFile;
	timeout: ExportTimeout;
	visible: Deadline; // until when the file may still appear
	url?: string; // of the last attempt
}

/**
 * The item of a completed export: the export and its file's details as JSON, the file as binary
 * data next to the input item's.
 * @throws {VizdomError} if the file is refused, or is not the requested one
 */
export async function fileItem(
	{ vizdom, item }: Driven,
	completed: Export,
	{ format = completed.format, dashboardId = completed.dashboard_id, ...named }: WantedFile,
	timeout: ExportTimeout,
): Promise<INodeExecutionData> {
	const wanted = { ...named, format: format || undefined, dashboardId };
	const visible = new Deadline(visibleAfter);
	const stored = await download({ vizdom, item, completed, wanted, timeout, visible });
	const { binary, size, sha256 } = stored;
	const { fileName, mimeType } = binary;
	return {
		json: { ...completed, file: { fileName, mimeType, size, sha256 } },
		binary: { ...item.getInputData().binary, [wanted.property]: binary },
	};
}

/** Downloads and stores the file, again if the connection breaks off midway. */
async function download(file: Download): Promise<StoredFile> {
	const { vizdom, completed, timeout } = file;
	const attempts = new Attempts('GET');
	for (;;) {
		attempts.count++;
		const { value, error } = await settled(downloadOnce(file));
		if (value) return value;
		if (timeout.isReached) throw timeout.notDone(vizdom, completed);
		if (error instanceof VizdomError) throw error;
		const wait = attempts.waitAfter(outcomeOfError('GET', error));
		if (wait === undefined) {
			if (error instanceof UserError || file.url === undefined) throw error;
			// The stream's own error says only "aborted".
			throw vizdom.brokenOff(error, file.url, attempts);
		}
		// If it ends early, so will the next attempt.
		await settled(pause(wait, vizdom.signal));
	}
}

async function downloadOnce(file: Download): Promise<StoredFile> {
	const { item, completed, timeout, visible } = file;
	const ended = new AbortController();
	const vizdom = file.vizdom.cancelledBy(ended.signal);
	try {
		const opened = await openFile(vizdom, completed, timeout, visible);
		file.url = opened.url;
		return await storeFile(
			item,
			vizdom,
			opened,
			async (start) => await describe({ ...file, vizdom }, opened, start),
		);
	} finally {
		// Otherwise an unread rest keeps the connection open.
		ended.abort();
	}
}

/**
 * The file's type and name.
 * @throws {VizdomError} if it is not the requested file
 */
async function describe(
	file: Download,
	{ headers, fileName: served = '' }: OpenFile,
	start: FileStart,
): Promise<FileDescription> {
	const { format: named } = file.wanted;
	const beginning = new Beginning(start, headers['content-type']);
	const format = named === undefined ? formatIn(beginning) : formatOf(named);
	const isText = /html|json|xml/i.test(named ?? '');
	const mayBeIt = beginning.text !== '' && (isText || !beginning.isForeign);
	if (!(format?.begins(beginning) ?? mayBeIt)) throw wrongFile(file, beginning, format);
	const mimeType = format?.mimeType ?? (headers['content-type'] as string | undefined);
	const [extension] = format ? [format.extension] : (/^[a-z\d]{1,10}$/i.exec(named ?? '') ?? []);
	return { fileName: await nameOf(file, served, extension?.toLowerCase()), mimeType };
}

function wrongFile(
	{ vizdom, completed: { id } }: Download,
	beginning: Beginning,
	format?: Format,
): VizdomError {
	const { isForeign, text, contentType } = beginning;
	const printable = text.replace(/[\p{Cc}\ufffd]/gu, '·');
	const seen = isForeign
		? vizdom.foreign(text, contentType)
		: `It ${text === '' ? 'is empty' : `begins with "${vizdom.shown(printable, startShown)}"`}.`;
	return vizdom.error(
		`The file of export '${vizdom.shown(id)}' is not ${format?.displayName ?? 'an exported file'}`,
		`${seen} Nothing was stored. Download it again later, or export the dashboard again.`,
	);
}

/** The user's name for it, else the response's, else the dashboard's and the date. */
async function nameOf(
	{ vizdom, item, completed, wanted }: Download,
	served: string,
	extension?: string,
): Promise<string> {
	const given = [wanted.fileName, served]
		.map((name) => asFileName(name, extension))
		.find((name) => name !== '');
	if (given !== undefined) return given;
	const { dashboardId } = wanted;
	const title = dashboardId ? await dashboardName(vizdom, dashboardId) : 'export';
	const day = dayOf(completed.created_at, item.getTimezone());
	return asFileName(`${title} ${day}`, extension) || 'export';
}

async function dashboardName(vizdom: Vizdom, id: string): Promise<string> {
	const { value } = await settled(vizdom.get<Partial<Dashboard>>(recordPath(paths.dashboard, id)));
	return vizdom.shown(value?.data?.name || id);
}
