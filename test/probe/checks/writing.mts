import { setTimeout as sleep } from 'node:timers/promises';
import { recordPath } from '../../../nodes/shared/vizdom/facts.ts';
import { isRecord } from '../../../nodes/shared/vizdom/envelope.ts';
import { asAssumed, differs, notToBeSeen, type Check, type Seen } from '../check.mts';
import {
	dashboards,
	exportJobs,
	idOf,
	itemIn,
	pathOfItem,
	type Item,
	type Known,
	type Resource,
} from '../known.mts';
import { inCode } from '../places.mts';
import { schemaOf, shapeOf, valuesOf } from '../schema.mts';
import type { Answer, Server } from '../server.mts';

const nothingOwn = notToBeSeen('no dashboard was created');

const create: Check = {
	what: 'Create a dashboard',
	assumed: 'POST {name, description}: 201 and the dashboard',
	where: inCode('nodes/VizdomDashboard/operations/create.ts', 'create'),
	see: async (known) => {
		const list = known.lists.get(dashboards);
		if (!list) return notToBeSeen('the list of dashboards is not known');
		const name = `n8n probe ${new Date().toISOString()}`;
		const body = { name, description: 'Made by a test of the API. It may be deleted.' };
		known.own = { name };
		const answer = await known.server.send('POST', list.path, { body });
		if (answer.status >= 400) known.own = undefined;
		const item = createdItem(known, dashboards, answer);
		if (!item) return refused(answer);
		const id = idOf(item) ?? '';
		known.own = { name, id, path: recordPath(pathOfItem(dashboards, list), id) };
		return answer.status === 201 && item.name === name ? asAssumed('201') : unexpected(answer);
	},
};

/** The record that was created, which the later checks look at, too. */
function createdItem(
	{ lists, singles }: Known,
	resource: Resource,
	answer: Answer,
): Item | undefined {
	const item = answer.status < 300 ? itemIn(answer.body) : undefined;
	if (!item || idOf(item) === undefined) return undefined;
	singles.push(answer);
	lists.get(resource)?.items.push(item);
	return item;
}

function refused(answer: Answer): Seen {
	if (answer.status === 403) return notToBeSeen("403: this key's role may not");
	return unexpected(answer);
}

function unexpected({ status, body }: Answer): Seen {
	return differs(`${status}: ${shapeOf(body)}`);
}

const update: Check = {
	what: 'Update a dashboard',
	assumed: 'PATCH {description}: 200, the rest stays',
	where: inCode('nodes/VizdomDashboard/operations/update.ts', 'update'),
	see: async ({ server, own }) => {
		if (!own?.path) return nothingOwn;
		const description = 'Changed by a test of the API. It may be deleted.';
		const answer = await server.send('PATCH', own.path, { body: { description } });
		const item = itemIn(answer.body);
		const isChanged = item?.description === description && item.name === own.name;
		return answer.status === 200 && isChanged ? asAssumed('200') : unexpected(answer);
	},
};

const details: Check = {
	what: 'Details of a refusal',
	assumed: 'error.details: [{field, message}]',
	where: inCode('nodes/shared/vizdom/serverErrors.ts', 'describeDetails'),
	see: async ({ server, own, refusals }) => {
		if (!own?.path) return nothingOwn;
		const answer = await server.send('PATCH', own.path, { body: { name: '' } });
		const { status, body } = answer;
		if (status < 400) return notToBeSeen('an empty name is accepted');
		refusals.push(answer);
		const error = isRecord(body) ? body.error : undefined;
		const found = isRecord(error) ? error.details : undefined;
		if (found === undefined) return notToBeSeen(`${status}, without details`);
		const isAssumed = Array.isArray(found) && found.every(isDetail);
		return isAssumed ? asAssumed(`${status}, ${shapeOf(found)}`) : differs(shapeOf(found));
	},
};

function isDetail(detail: unknown): boolean {
	return isRecord(detail) && typeof detail.field === 'string' && typeof detail.message === 'string';
}

const startExport: Check = {
	what: 'Start an export',
	assumed: 'POST {dashboard_id, format}: 201 and the export',
	where: inCode('nodes/VizdomExport/wait.ts', 'startedExport'),
	see: async (known) => {
		const list = known.lists.get(exportJobs);
		if (!known.own?.id) return nothingOwn;
		if (!list) return notToBeSeen('the list of exports is not known');
		const body = { dashboard_id: known.own.id, format: 'csv' };
		const answer = await known.server.send('POST', list.path, { body });
		const item = createdItem(known, exportJobs, answer);
		if (!item) return refused(answer);
		known.started = recordPath(pathOfItem(exportJobs, list), idOf(item) ?? '');
		return answer.status === 201 ? asAssumed('201') : unexpected(answer);
	},
};

const mostReads = 60;
const readInterval = 1_000;

const finishExport: Check = {
	what: 'Course of an export',
	assumed: statuses().join(', '),
	where: inCode('nodes/VizdomExport/wait.ts', 'completedExport'),
	see: async (known) => {
		if (!known.started) return notToBeSeen('no export was started');
		const course = new Set<unknown>();
		for (let reads = 0; reads < mostReads; reads++) {
			const item = itemIn((await known.server.get(known.started)).body) ?? {};
			const { status } = item;
			course.add(status);
			if (!statuses().some((known) => known === status)) return differs([...course].join(', '));
			known.lists.get(exportJobs)?.items.splice(-1, 1, item);
			if (status === 'completed' || status === 'failed') return asAssumed([...course].join(', '));
			await sleep(readInterval);
		}
		return notToBeSeen(`${[...course].join(', ')} after ${mostReads} s`);
	},
};

function statuses(): string[] {
	return valuesOf(schemaOf('Export').properties?.status ?? {}) ?? [];
}

export const writingChecks: Check[] = [create, update, details, startExport, finishExport];

export const deleteOwn: Check = {
	what: 'Delete a dashboard',
	assumed: 'DELETE: 204, and 404 from then on',
	where: inCode('nodes/VizdomDashboard/operations/delete.ts', 'del'),
	see: async (known) => {
		const path = known.own?.path;
		if (!path) return nothingOwn;
		const { status } = await known.server.send('DELETE', path);
		const after = await known.server.get(path);
		if (after.status === 404) known.own = undefined;
		const seen = `${status}, then ${after.status}`;
		return status === 204 && after.status === 404 ? asAssumed(seen) : differs(seen);
	},
};

/**
 * Deletes the dashboard where that did not happen yet.
 *
 * @returns what is left for the user to delete
 */
export async function cleanUp({ own }: Known, server: Server): Promise<string | undefined> {
	if (!own) return undefined;
	const left = `Look for the dashboard "${own.name}" in Vizdom and delete it`;
	if (!own.path) return `${left}: it may have been created.`;
	try {
		const { status } = await server.send('DELETE', own.path);
		return status < 300 || status === 404 ? undefined : `${left}: the API answered ${status}.`;
	} catch (error) {
		return `${left}: ${(error as Error).message}`;
	}
}
