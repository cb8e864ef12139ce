import { UserError } from 'n8n-workflow';
import type { Deadline } from '../shared/http/deadline';
import { pause, settled } from '../shared/http/signals';
import type { Vizdom } from '../shared/vizdom/client';
import { VizdomError } from '../shared/vizdom/errors';
import type { Export } from '../shared/vizdom/facts';
import type { OpenFile } from '../shared/vizdom/files';
import { fileLinkIn } from '../shared/vizdom/values';
import type { ExportTimeout } from './timeout';
import { endedExport, firstPause, pauseGrowth, readExport } from './wait';

/** Statuses with which a host may answer until a new file is available there */
const passing = [202, 204, 403, 404, 409, 423, 425];

/** Statuses of a link that may have expired since the export was read */
const stale = [401, 403, 404, 410];

/**
 * Opens the file of a completed export: as soon as it is available, with a new link if its own has
 * expired.
 * @param visible until when the file may still appear
 */
export async function openFile(
	vizdom: Vizdom,
	completed: Export,
	timeout: ExportTimeout,
	visible: Deadline,
): Promise<OpenFile> {
	let latest = completed;
	let isRenewed = false;
	for (let wait = firstPause; ; wait *= pauseGrowth) {
		const { value, error } = await settled(openOnce(vizdom, latest, timeout));
		if (value) return value;
		const mayPass = hasStatus(error, passing) && !visible.isReached;
		if (!mayPass && (isRenewed || !hasStatus(error, stale))) throw error;
		const link = fileLinkIn(latest);
		latest = await withNewLink(vizdom, latest);
		const isNew = !isRenewed && fileLinkIn(latest) !== link;
		if (!mayPass && !isNew) throw error;
		isRenewed = true;
		if (!isNew) await pause(Math.min(wait, visible.left), vizdom.signal);
	}
}

function hasStatus(error: Error, statuses: number[]): boolean {
	return error instanceof VizdomError && statuses.includes(error.status ?? 0);
}

async function withNewLink(vizdom: Vizdom, known: Export): Promise<Export> {
	const { value } = known.id ? await settled(readExport(vizdom, known.id)) : {};
	return value?.data && fileLinkIn(value.data) ? value.data : known;
}

async function openOnce(
	vizdom: Vizdom,
	completed: Export,
	timeout: ExportTimeout,
): Promise<OpenFile> {
	const { id } = completed;
	const hasLink = fileLinkIn(completed) !== undefined;
	const below = hasLink ? undefined : await vizdom.openBelow(id);
	if (below) return below;
	// Like a link, the path below the export may expire until the export is read.
	const linked = hasLink ? completed : await endedExport(vizdom, id, timeout, true);
	const link = fileLinkIn(linked);
	if (link !== undefined) return await vizdom.open(link);
	const opened = await vizdom.openBelow(id);
	if (opened) return opened;
	throw new UserError(`The export '${vizdom.shown(id)}' has no download link`, {
		description: 'Vizdom reports it as completed. Export the dashboard again.',
	});
}
