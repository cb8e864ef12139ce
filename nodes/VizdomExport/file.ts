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
import type { OpenFile, Vizdom } from '../shared/vizdom/client';
import { VizdomError } from '../shared/vizdom/errors';
import { type Dashboard, type Export, paths, recordPath } from '../shared/vizdom/facts';
import { dayOf } from '../shared/vizdom/values';
import { Beginning } from './beginning';
import { binaryPropertyName, fileName } from './fields';
import { asFileName } from './fileName';
import { type Format, formatIn, formatOf } from './format';
import { openFile } from './open';
import type { ExportTimeout } from './timeout';
import { visibleAfter } from './wait';

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
interface Download extends Pick<Driven, 'vizdom' | 'item'> {
	completed: Export;
	wanted: WantedFile;
	timeout: ExportTimeout;
	visible: Deadline; // when a file that is not there is missing
	url?: string; // that the latest try read from
}

/**
 * The item of a completed export: the export and what its file is as JSON, the file as binary data
 * beside what the input item has.
 * @throws {VizdomError} if the file is refused, or is not the file that was asked for
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

/** Downloads and stores the file, again if the connection breaks off in the middle of it. */
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
			// The error of a stream that broke off says no more than "aborted".
			throw vizdom.brokenOff(error, file.url, attempts);
		}
		// If it ends early, so does the next try.
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
		// Whatever was not read to its end stays open otherwise.
		ended.abort();
	}
}

/**
 * What the file is, and is called.
 * @throws {VizdomError} if it is not the file that was asked for
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
		{ outcome: 'refused' },
	);
}

/** The name that the user chose, else the response's, else the dashboard's and the date. */
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
