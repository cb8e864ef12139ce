import { setTimeout as sleep } from 'node:timers/promises';
import { settled } from '../../nodes/shared/http/signals.ts';
import type { Vizdom } from '../../nodes/shared/vizdom/client.ts';
import { paths, recordPath } from '../../nodes/shared/vizdom/facts.ts';
import { stateOf } from '../../nodes/shared/vizdom/values.ts';
import { agrees, contract, dashboards, exportJobs, facts, operation, Unknown } from './check.mts';
import type { Check, Failure, Item, Known, Seen } from './check.mts';

const mostReads = 60;
const readInterval = 1_000;
const description = 'Made by a test of the API. It may be deleted.';
const one = `${paths.dashboards}/{id}`;
const methods = { where: `${facts}: updateMethods`, others: `${facts}: updateMethods` };
const starts = { where: `${facts}: exports; ${contract}`, others: `${facts}: otherPostPaths` };

/** Creates, changes, exports and deletes a dashboard. */
export class Writing {
	private name?: string; // from before its creation until its deletion
	private dashboard?: Item;
	private export?: Item;

	constructor(private readonly known: Known) {}

	readonly checks: Check[] = [
		operation(
			'Create a dashboard',
			`POST ${paths.dashboards}: 201`,
			{ where: contract },
			async () => {
				this.name = `n8n probe ${new Date().toISOString()}`;
				const { value, error } = await settled(this.create({ name: this.name, description }));
				if ((error as Failure | undefined)?.mayBeDone === false) this.name = undefined;
				if (error) throw error;
				this.dashboard = value;
				return value?.id !== undefined && value.name === this.name;
			},
		),
		operation('Change a dashboard', `PATCH ${one}: 200`, methods, async () => {
			const changed = { description: `${description} Changed.` };
			const { data } = await this.vizdom.send<Item>('PATCH', this.path, changed);
			return data?.description === changed.description && data.name === this.name;
		}),
		operation('Start an export', `POST ${paths.exports}: 201`, starts, async () => {
			const body = { dashboard_id: this.id, format: 'csv' };
			this.export = (await this.vizdom.send<Item>('POST', paths.exports, body)).data;
			this.known.add(exportJobs, this.export);
			return this.export !== undefined;
		}),
		{
			what: 'Course of an export',
			source: 'assumed',
			expected: `completed or failed within ${mostReads} s`,
			where: `${facts}: exportStates`,
			see: async () => await this.wait(),
		},
	];

	readonly deletion = operation(
		'Delete a dashboard',
		`DELETE ${one}: 204`,
		{ where: contract },
		async () => {
			await this.vizdom.send('DELETE', this.path);
			const isGone = isMissing((await settled(this.vizdom.get(this.path))).error);
			if (isGone) this.name = undefined;
			return isGone;
		},
	);

	/** Deletes the dashboard if it still exists. Returns what the user must do. */
	async cleanUp(vizdom: Vizdom): Promise<string | undefined> {
		if (this.name === undefined) return undefined;
		const advice = `Look for the dashboard "${this.name}" in Vizdom and delete it`;
		if (this.dashboard?.id === undefined) return `${advice}: it may have been created.`;
		const { error } = await settled(vizdom.send('DELETE', this.path));
		return !error || isMissing(error) ? undefined : `${advice}: ${error.message}`;
	}

	private get vizdom(): Vizdom {
		return this.known.api.vizdom;
	}

	private get id(): string {
		if (this.dashboard?.id === undefined) throw new Unknown('no dashboard was created');
		return String(this.dashboard.id);
	}

	private get path(): string {
		return recordPath(paths.dashboard, this.id);
	}

	private async create(body: { name: string; description: string }): Promise<Item | undefined> {
		const { data } = await this.vizdom.send<Item>('POST', paths.dashboards, body);
		this.known.add(dashboards, data);
		return data;
	}

	private async wait(): Promise<Seen> {
		let item = this.export;
		if (!item) throw new Unknown('no export was started');
		const course = new Set([item.status]);
		for (let reads = 0; stateOf(item) === 'running' && item.id !== undefined; reads++) {
			if (reads === mostReads) throw new Unknown(`${[...course].join(', ')} after ${mostReads} s`);
			if (reads > 0) await sleep(readInterval);
			item = await this.known.read(exportJobs, item.id);
			course.add(item.status);
		}
		return agrees([...course].join(', '));
	}
}

function isMissing(error?: Failure): boolean {
	return error?.status === 404;
}
