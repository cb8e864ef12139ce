import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import type { Sandbox } from '../../sandbox/server.mts';
import { fileOf, runNode, searchList, startNode } from '../engine.mts';
import type { NodeRun, Outcome } from '../engine.mts';
import { textOfError } from '../faults/cases.mts';
import { locator } from '../support.mts';
import { pageSizeOf, spokenId } from './place.mts';
import type { Place } from './place.mts';
import { triggerJobs } from './triggerJobs.mts';

/** Something that users do every day. */
export interface Job {
	name: string;
	/** How many requests must make a change. */
	changes: number;
	/** Fails if anything is wrong. */
	run(place: Place): Promise<void>;
}

export const kinds = {
	dashboards: { node: 'vizdomDashboard', search: 'searchDashboards', idField: 'dashboardId' },
	dataSources: { node: 'vizdomDataSource', search: 'searchDataSources', idField: 'dataSourceId' },
	users: { node: 'vizdomUser', search: 'searchUsers', idField: 'userId' },
	exports: { node: 'vizdomExport', search: 'searchExports', idField: 'exportId' },
} as const;

export type Kind = keyof typeof kinds;

const kindNames = Object.keys(kinds) as Kind[];

export function idsOf(sandbox: Sandbox, kind: Kind): Array<string | number> {
	return sandbox.store[kind].all.map(({ id }) => spokenId(sandbox, id));
}

function recordAt<K extends Kind>({ store }: Sandbox, kind: K, index: number) {
	const record = store[kind].all.at(index) as Sandbox['store'][K]['all'][number] | undefined;
	if (!record) throw new Error(`There are not enough ${kind}`);
	return record;
}

function succeeded({ items, error }: Outcome): Outcome['items'] {
	if (error) throw new Error(textOfError(error), { cause: error });
	return items;
}

/** Runs an operation, which must succeed. */
export async function operate(
	{ credential }: Place,
	kind: Kind,
	parameters: IDataObject,
	input?: NodeRun['input'],
): Promise<Outcome['items']> {
	return succeeded(await runNode({ node: kinds[kind].node, credential, parameters, input }));
}

/** Runs an operation on one record. */
async function operateOn(
	place: Place,
	kind: Kind,
	id: string,
	parameters: IDataObject,
): Promise<IDataObject | undefined> {
	const input = [{ json: { id: spokenId(place.sandbox, id) } }];
	const withId = { ...parameters, [kinds[kind].idField]: locator('={{ $json.id }}') };
	const items = await operate(place, kind, withId, input);
	expect(items).toHaveLength(1);
	return items[0]?.json;
}

/** A picker's list to its end, as users scroll. */
export async function scroll(
	{ credential }: Place,
	kind: Kind,
	filter?: string,
): Promise<unknown[]> {
	const { node, search } = kinds[kind];
	const seen: unknown[] = [];
	let token: string | undefined;
	for (let parts = 0; parts < 100; parts++) {
		const page = await searchList(node, search, credential, filter, token);
		seen.push(...page.results.map(({ value }) => value));
		token = page.paginationToken as string | undefined;
		if (token === undefined) return seen;
	}
	throw new Error(`The list does not end: ${seen.length} rows so far`);
}

export function listJobs(kind: Kind): Job[] {
	return [
		{
			name: `Return All of ${kind}`,
			changes: 0,
			run: async (place) => {
				const items = await operate(place, kind, { operation: 'getAll', returnAll: true });
				expect(items.map(({ json }) => json.id)).toEqual(idsOf(place.sandbox, kind));
			},
		},
		{
			name: `Limit above a page of ${kind}`,
			changes: 0,
			run: async (place) => {
				const limit = Math.ceil(1.4 * pageSizeOf(place.sandbox));
				const items = await operate(place, kind, { operation: 'getAll', limit });
				const expected = idsOf(place.sandbox, kind).slice(0, limit);
				expect(items.map(({ json }) => json.id)).toEqual(expected);
			},
		},
		{
			name: `the picker of ${kind}`,
			changes: 0,
			run: async (place) => {
				const values = await scroll(place, kind);
				const ids = idsOf(place.sandbox, kind).map(String);
				// Exports come newest first; all of these have the same second.
				const inOrder = (all: string[]) => (kind === 'exports' ? all.sort() : all);
				expect(inOrder(values.map(String))).toEqual(inOrder(ids));
			},
		},
		{
			name: `Get of ${kind}`,
			changes: 0,
			run: async (place) => {
				const { id } = recordAt(place.sandbox, kind, -2);
				const record = await operateOn(place, kind, id, { operation: 'get' });
				expect(record).toMatchObject({ id: spokenId(place.sandbox, id) });
			},
		},
	];
}

function deleteJob(kind: 'dashboards' | 'dataSources' | 'users'): Job {
	return {
		name: `Delete of ${kind}`,
		changes: 1,
		run: async (place) => {
			const before = idsOf(place.sandbox, kind);
			const { id } = recordAt(place.sandbox, kind, 5);
			const result = await operateOn(place, kind, id, { operation: 'delete' });
			expect(result).toEqual({ deleted: true });
			const left = before.filter((other) => other !== spokenId(place.sandbox, id));
			expect(idsOf(place.sandbox, kind)).toEqual(left);
		},
	};
}

/** Adds exactly one record, at the end. */
async function expectOneMore(
	place: Place,
	kind: Kind,
	parameters: IDataObject,
	fields: IDataObject,
): Promise<void> {
	const { sandbox } = place;
	const before = idsOf(sandbox, kind);
	const items = await operate(place, kind, parameters);
	const added = recordAt(sandbox, kind, -1);
	expect(added).toMatchObject(fields);
	expect(idsOf(sandbox, kind)).toEqual([...before, spokenId(sandbox, added.id)]);
	expect(items.map(({ json }) => json.id)).toEqual([spokenId(sandbox, added.id)]);
}

const additions: Job[] = [
	{
		name: 'Create of dashboards',
		changes: 1,
		run: async (place) => {
			const fields = { name: 'New Dashboard', description: 'Made just now' };
			await expectOneMore(place, 'dashboards', { operation: 'create', ...fields }, fields);
		},
	},
	{
		name: 'Create of dataSources',
		changes: 1,
		run: async (place) => {
			const fields = { name: 'New Source', type: 'mysql' };
			const parameters = { operation: 'create', ...fields, config: '{"host": "db"}' };
			await expectOneMore(place, 'dataSources', parameters, fields);
		},
	},
	{
		name: 'Invite',
		changes: 1,
		run: async (place) => {
			const fields = { email: 'new@example.com', role: 'editor' };
			const invited = { ...fields, status: 'invited' };
			await expectOneMore(place, 'users', { operation: 'invite', ...fields }, invited);
		},
	},
];

/** Changes one record, and only its named fields. */
async function expectOnly(
	place: Place,
	kind: Kind,
	parameters: IDataObject,
	changed: IDataObject,
): Promise<void> {
	const { sandbox } = place;
	const record = recordAt(sandbox, kind, 8);
	const others = (): unknown[] => sandbox.store[kind].all.filter((other) => other !== record);
	const before = structuredClone({ record, others: others() });
	const result = await operateOn(place, kind, record.id, { operation: 'update', ...parameters });
	expect(result).toMatchObject(changed);
	const updated_at: unknown = expect.any(String);
	expect(record).toEqual({ ...before.record, ...changed, updated_at });
	expect(others()).toEqual(before.others);
}

const updates: Job[] = [
	{
		name: 'Update of dashboards',
		changes: 1,
		run: async (place) => {
			const updateFields = { name: 'Renamed' };
			await expectOnly(place, 'dashboards', { updateFields }, updateFields);
		},
	},
	{
		name: 'Update of dataSources',
		changes: 1,
		run: async (place) => {
			const updateFields = { name: 'Renamed', config: '{"host": "new"}' };
			await expectOnly(place, 'dataSources', { updateFields }, { name: 'Renamed' });
			const { body } = place.sandbox.requests.at(-1) ?? {};
			expect(body).toMatchObject({ name: 'Renamed', config: { host: 'new' } });
		},
	},
	{
		name: 'Update of users',
		changes: 1,
		run: async (place) => {
			const { role } = recordAt(place.sandbox, 'users', 8);
			const other = { role: role === 'admin' ? 'editor' : 'admin' };
			await expectOnly(place, 'users', other, other);
		},
	},
];

/** The parameters for exporting the first dashboard, with its ID entered. */
function exportParameters(sandbox: Sandbox): IDataObject {
	const { id } = recordAt(sandbox, 'dashboards', 0);
	const dashboardId = locator(String(spokenId(sandbox, id)));
	return { operation: 'create', dashboardId, format: 'pdf' };
}

/** One minute, half of it over: the first read finds it processing, the next completed. */
async function finishOnceRead(sandbox: Sandbox, outcome: Promise<Outcome>): Promise<void> {
	const { exports } = sandbox.store;
	const running = new AbortController();
	const size = exports.size;
	const from = sandbox.requests.length;
	void outcome.finally(() => running.abort());
	while (!running.signal.aborted) {
		await sleep(20);
		const started = exports.size > size ? exports.all.at(-1) : undefined;
		if (!started || started.durationMs <= 1) continue;
		if (started.durationMs > 60_000) {
			Object.assign(started, { createdAt: Date.now() - 30_000, durationMs: 60_000 });
		}
		const end = `/${spokenId(sandbox, started.id)}`;
		const isRead = sandbox.requests
			.slice(from)
			.some(({ method, path, status }) => method === 'GET' && path.endsWith(end) && status === 200);
		if (isRead) started.durationMs = 1;
	}
}

async function beginsWith(item: Outcome['items'][number] | undefined): Promise<string> {
	return (await fileOf(item)).toString('latin1', 0, 5);
}

const files: Job[] = [
	{
		name: 'Export to a file',
		changes: 1,
		run: async ({ sandbox, credential }) => {
			const { size } = sandbox.store.exports;
			sandbox.settings.exportDurationMs = 3_600_000;
			const parameters = exportParameters(sandbox);
			const { outcome } = startNode({ node: kinds.exports.node, credential, parameters });
			await finishOnceRead(sandbox, outcome);
			const [item] = succeeded(await outcome);
			expect(await beginsWith(item)).toBe('%PDF-');
			expect(sandbox.store.exports.size).toBe(size + 1);
		},
	},
	{
		name: 'Export that fails',
		changes: 1,
		run: async ({ sandbox, credential }) => {
			const { size } = sandbox.store.exports;
			Object.assign(sandbox.settings, { exportDurationMs: 500, exportFailure: 'It is empty' });
			const parameters = exportParameters(sandbox);
			const run = { node: kinds.exports.node, credential, parameters };
			const { error } = await runNode(run).finally(() => (sandbox.settings.exportFailure = null));
			expect(textOfError(error)).toContain('It is empty');
			expect(sandbox.store.exports.size).toBe(size + 1);
		},
	},
	{
		name: 'Download',
		changes: 0,
		run: async (place) => {
			const { sandbox } = place;
			const exportId = locator(String(spokenId(sandbox, recordAt(sandbox, 'exports', 3).id)));
			const [item] = await operate(place, 'exports', { operation: 'download', exportId });
			expect(await beginsWith(item)).toBe('%PDF-');
		},
	},
];

const others: Job[] = [
	{
		name: 'Get Many with its defaults',
		changes: 0,
		run: async (place) => {
			const items = await operate(place, 'dashboards', { operation: 'getAll' });
			const expected = idsOf(place.sandbox, 'dashboards').slice(0, 50);
			expect(items.map(({ json }) => json.id)).toEqual(expected);
		},
	},
	{
		name: 'a search for the last dashboard',
		changes: 0,
		run: async (place) => {
			const { id, name } = recordAt(place.sandbox, 'dashboards', -1);
			const values = await scroll(place, 'dashboards', name.toUpperCase());
			expect(values.map(String)).toContain(String(spokenId(place.sandbox, id)));
		},
	},
];

export const jobs: Job[] = [
	...kindNames.flatMap(listJobs),
	...others,
	...additions,
	...updates,
	...(['dashboards', 'dataSources', 'users'] as const).map(deleteJob),
	...files,
	...triggerJobs,
];
