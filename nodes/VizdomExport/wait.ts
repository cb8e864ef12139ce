import { pause, settled } from '../shared/http/signals';
import type { Vizdom } from '../shared/vizdom/client';
import { type Answer, isRecord } from '../shared/vizdom/envelope';
import { VizdomError } from '../shared/vizdom/errors';
import { type Export, paths, recordPath } from '../shared/vizdom/facts';
import { serverErrorIn } from '../shared/vizdom/serverErrors';
import { fileLinkIn, hasFailed, isWord, stateOf, stateWordOf } from '../shared/vizdom/values';
import type { ExportTimeout } from './timeout';

export const firstPause = 1_000;
export const pauseGrowth = 1.5;
const longestPause = 15_000;

export const visibleAfter = 15_000; // grace period (ms) for a new export, its link or its file to become visible

export async function readExport(vizdom: Vizdom, id: string): Promise<Answer<Export>> {
	return await vizdom.get<Export>(recordPath(paths.export, id));
}

/**
 * Waits for an export, just started or older.
 * @param started the response to its start; only the ID if it is older
 * @param needsLink whether its file will be downloaded
 * @returns the export, completed or failed; without a link if none came within 15 seconds
 * @throws {VizdomError} if it cannot be read, or if the timeout is reached
 */
export async function endedExport(
	vizdom: Vizdom,
	started: Export | string,
	timeout: ExportTimeout,
	needsLink: boolean,
): Promise<Export> {
	const isNew = typeof started !== 'string';
	const id = isNew ? started.id : started;
	const startedAt = performance.now();
	let completedAt: number | undefined;
	let known = isNew ? started : undefined;
	let wait = isNew ? firstPause : 0;
	for (;;) {
		const state = known && stateOf(known);
		if (known && hasFailed(known)) return known;
		if (known && state === 'completed') {
			completedAt ??= performance.now();
			const isLinkDue = performance.now() - completedAt >= visibleAfter;
			if (!needsLink || isLinkDue || vizdom.mayHaveFile(known)) return known;
		}
		const { left } = timeout;
		const { error } = await settled(pause(Math.min(wait, left), vizdom.signal));
		// Timers may end a little early.
		if (wait >= left || timeout.isReached)
			throw known ? timeout.notDone(vizdom, known) : timeout.notRead(vizdom, id);
		if (error) throw error;
		const isVisible = !isNew || performance.now() - startedAt >= visibleAfter;
		const { value, error: failure } = await settled(readExport(vizdom, id));
		if (failure && !timeout.isReached && !mayPass(failure, isVisible, Boolean(known)))
			throw failure;
		if (isRecord(value?.data)) known = value.data;
		const retryAfter = failure instanceof VizdomError ? failure.retryAfter : value?.retryAfter;
		wait = retryAfter ?? Math.min(Math.max(firstPause, wait * pauseGrowth), longestPause);
	}
}

/** A read that fails temporarily does not end the waiting: the export goes on. */
function mayPass(error: Error, isVisible: boolean, isKnown: boolean): boolean {
	if (!(error instanceof VizdomError)) return false;
	const { outcome, status } = error;
	if (outcome === 'throttled' || outcome === 'transient' || outcome === 'unsent') return true;
	if (status === 404) return !isVisible;
	// From a server that has answered with Vizdom's JSON before.
	return outcome === 'unclear' && isKnown;
}

/** Whether a started export can be waited for: it has an ID, has failed, or has a file. */
export function canEnd(started: Export): boolean {
	return isId(started.id) || hasFailed(started) || isDone(started);
}

function isId(id: unknown): boolean {
	return typeof id === 'number' || (typeof id === 'string' && id !== '');
}

function isDone(record: Export): boolean {
	return stateOf(record) === 'completed' && fileLinkIn(record) !== undefined;
}

/** The error of an export that failed or was cancelled, with Vizdom's reason. */
export function exportFailed(vizdom: Vizdom, record: Export): VizdomError {
	const { id, error } = record;
	const { message: reason = 'Vizdom gives no reason' } = serverErrorIn({ error });
	const isCancelled = stateOf(record) === 'cancelled';
	const word = stateWordOf(record);
	const isPlain = isWord(word, isCancelled ? 'cancelled' : 'failed');
	const end = `${isCancelled ? 'was cancelled' : 'failed'}${isPlain ? '' : ` (${String(word)})`}`;
	const named = id ? ` '${vizdom.shown(id)}'` : '';
	return vizdom.error(
		`The export${named} ${end}: ${vizdom.shown(reason)}`,
		isCancelled
			? 'Export the dashboard again.'
			: 'Open the dashboard in Vizdom to see whether it loads there.',
	);
}

/** Adds the export to an error, unless it is named there. */
export function withExportId(
	vizdom: Vizdom,
	error: Error & { description?: string | null },
	id: string,
): Error {
	const { message, description } = error;
	const shown = `'${vizdom.shown(id)}'`;
	if (!id || `${message} ${description}`.includes(shown)) return error;
	const advice = `The export ${shown} was started: get its file later with the operation Download and that ID.`;
	return Object.assign(error, { description: [description, advice].filter(Boolean).join(' ') });
}
