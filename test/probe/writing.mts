import { setTimeout as sleep } from 'node:timers/promises';
import { paths } from '../../nodes/shared/vizdom/facts.ts';
import {
	agrees,
	dashboards,
	differs,
	exportJobs,
	fieldsOf,
	itemIn,
	places,
	unknown,
	type Check,
	type Known,
	type Resource,
	type Seen,
} from './known.mts';
import { problemsOf } from './contract.mts';
import type { Answer, Server } from './server.mts';

const mostReads = 60;
const readInterval = 1_000;
const description = 'Made by a test of the API. It may be deleted.';

/** What the probe made. */
interface Own {
	/** The dashboard's name, from before it is created until it is deleted */
	name?: string;
	dashboard?: string;
	export?: string;
}

/** Checks that create, change, export and delete a dashboard. */
export class Writing {
	private readonly own: Own = {};

	readonly checks: Check[] = [
		this.check('Create a dashboard', `POST ${paths.dashboards}: 201`, async (known) => {
			this.own.name = `n8n probe ${new Date().toISOString()}`;
			const body = { name: this.own.name, description };
			const answer = await known.server.send('POST', listPath(known, dashboards), { body });
			if (answer.status >= 400) this.own.name = undefined;
			this.own.dashboard = createdId(known, dashboards, answer);
			return seenOf(answer, 201, itemIn(answer.body).name === body.name);
		}),
		this.check('Update a dashboard', 'PATCH {description}: 200, the rest stays', async (known) => {
			if (!this.own.dashboard) return nothingOwn;
			const path = known.recordPath(dashboards, this.own.dashboard);
			const body = { description: `${description} Changed.` };
			const answer = await known.server.send('PATCH', path, { body });
			const item = itemIn(answer.body);
			const isChanged = item.description === body.description && item.name === this.own.name;
			return seenOf(answer, 200, isChanged);
		}),
		this.check('Refuse an empty name', 'PATCH {name: ""}: 422', async (known) => {
			if (!this.own.dashboard) return nothingOwn;
			const path = known.recordPath(dashboards, this.own.dashboard);
			const answer = await known.server.send('PATCH', path, { body: { name: '' } });
			known.refusals.push(answer);
			return seenOf(answer, 422);
		}),
		this.check('Start an export', `POST ${paths.exports}: 201`, async (known) => {
			if (!this.own.dashboard) return nothingOwn;
			const body = { dashboard_id: this.own.dashboard, format: 'csv' };
			const answer = await known.server.send('POST', listPath(known, exportJobs), { body });
			this.own.export = createdId(known, exportJobs, answer);
			return seenOf(answer, 201);
		}),
		this.check('Course of an export', 'queued, processing, completed or failed', async (known) => {
			if (!this.own.export) return unknown('no export was started');
			const path = known.recordPath(exportJobs, this.own.export);
			const course = new Set<unknown>();
			for (let reads = 0; reads < mostReads; reads++) {
				const item = itemIn((await known.server.get(path)).body);
				course.add(item.status);
				if (problemsOf('Export', item).has('status')) return differs([...course].join(', '));
				known.lists.get(exportJobs)?.items.splice(-1, 1, item);
				if (item.status === 'completed' || item.status === 'failed') {
					return agrees([...course].join(', '));
				}
				await sleep(readInterval);
			}
			return unknown(`${[...course].join(', ')} after ${mostReads} s`);
		}),
	];

	readonly deletion = this.check('Delete a dashboard', 'DELETE: 204, then 404', async (known) => {
		if (!this.own.dashboard) return nothingOwn;
		const path = known.recordPath(dashboards, this.own.dashboard);
		const { status } = await known.server.send('DELETE', path);
		const after = await known.server.get(path);
		if (after.status === 404) this.own.name = undefined;
		const seen = `${status}, then ${after.status}`;
		return seen === '204, then 404' ? agrees(seen) : differs(seen);
	});

	/** Deletes the dashboard if it is still there. Returns what the user has to do. */
	async cleanUp(known: Known, server: Server): Promise<string | undefined> {
		const { name, dashboard } = this.own;
		if (name === undefined) return undefined;
		const advice = `Look for the dashboard "${name}" in Vizdom and delete it`;
		if (dashboard === undefined) return `${advice}: it may have been created.`;
		try {
			const { status } = await server.send('DELETE', known.recordPath(dashboards, dashboard));
			return status < 300 || status === 404 ? undefined : `${advice}: the API answered ${status}.`;
		} catch (error) {
			return `${advice}: ${(error as Error).message}`;
		}
	}

	private check(what: string, expected: string, see: Check['see']): Check {
		const where = [places.dashboards, places.exports, places.contract].join('; ');
		return { what, source: 'assumed', expected, where, see };
	}
}

const nothingOwn = unknown('no dashboard was created');

function listPath({ lists }: Known, resource: Resource): string {
	return lists.get(resource)?.path ?? paths[resource.list];
}

/** ID of the record that was created. The later checks look at it, too. */
function createdId(known: Known, resource: Resource, answer: Answer): string | undefined {
	const item = itemIn(answer.body);
	if (answer.status >= 300 || item.id === undefined) return undefined;
	known.records.push(answer);
	known.lists.get(resource)?.items.push(item);
	return String(item.id);
}

function seenOf({ status, body }: Answer, expected: number, isAsSent = true): Seen {
	if (status === 403) return unknown("403: this key's role may not");
	if (status === expected && isAsSent) return agrees(String(status));
	return differs(`${status}: ${fieldsOf(body)}`);
}
