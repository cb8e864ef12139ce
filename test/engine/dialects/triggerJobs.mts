import type { Dashboard, DataSource, User } from '../../../nodes/shared/vizdom/vizdom-api.d.ts';
import type { Sandbox } from '../../sandbox/server.mts';
import { timestamp } from '../../sandbox/time.mts';
import { ActiveTrigger } from '../activeTrigger.mts';
import { testTrigger } from '../engine.mts';
import type { TriggerName } from '../engine.mts';
import { textOfError } from '../faults/cases.mts';
import type { Job } from './jobs.mts';
import { addExport, spokenId } from './place.mts';

/** Causes an event, and returns the IDs of the records that must be emitted, in order. */
type Happen = () => string[];

const second = 1_000;
const minute = 60_000;

/** A time before now, in a record's form. */
const ago = (milliseconds: number): string => timestamp(Date.now() - milliseconds);

/** The records before an event, and what happens then, including things that are no event. */
const happenings: Record<string, (sandbox: Sandbox) => Happen> = {
	'Dashboard created':
		({ store }) =>
		() => {
			const late = store.insertDashboard(1, { created_at: ago(0) });
			const early = store.insertDashboard(undefined, { created_at: ago(10 * second) });
			return [early.id, late.id];
		},
	'Dashboard updated': ({ store }) => {
		const old = store.dashboards.all[2] as Dashboard;
		return () => {
			store.insertDashboard();
			const times = { created_at: ago(minute), updated_at: ago(10 * second) };
			const made = store.insertDashboard(undefined, times);
			Object.assign(old, { name: 'Changed', updated_at: ago(0) });
			return [made.id, old.id];
		};
	},
	'Dashboard deleted': ({ store }) => {
		const [gone] = store.dashboards.all;
		return () => {
			store.dashboards.remove(String(gone?.id));
			return [String(gone?.id)];
		};
	},
	'DataSource created':
		({ store }) =>
		() => [store.insertDataSource({ name: 'New', type: 'mysql' }).id],
	'Export completed': (sandbox) => {
		const exports = runningExports(sandbox);
		return () => {
			exports.finish();
			return [exports.early.id, exports.late.id];
		};
	},
	'Export failed': (sandbox) => {
		const exports = runningExports(sandbox);
		return () => {
			exports.finish();
			return [exports.failing.id];
		};
	},
	'DataSource updated': ({ store }) => {
		const old = store.dataSources.all[2] as DataSource;
		return () => {
			Object.assign(old, { name: 'Changed', updated_at: ago(0) });
			return [old.id];
		};
	},
	'User invited':
		({ store }) =>
		() => [store.inviteUser('comes@example.com', 'viewer').id],
	'User roleChanged': ({ store }) => {
		const user = store.users.all[2] as User;
		return () => {
			Object.assign(user, { role: user.role === 'admin' ? 'viewer' : 'admin' });
			return [user.id];
		};
	},
	'User joined': ({ store }) => {
		const invited = store.inviteUser('joins@example.com', 'viewer');
		return () => {
			store.inviteUser('waits@example.com', 'viewer');
			store.acceptInvitation(invited.id, 'Ada');
			return [invited.id];
		};
	},
};

/** One queued, one processing, and one that will fail. */
function runningExports(sandbox: Sandbox) {
	const running = { durationMs: 10 * minute };
	const late = addExport(sandbox, { ...running, ageMs: 0 });
	const early = addExport(sandbox, { ...running, ageMs: 5 * minute });
	const failing = addExport(sandbox, { ...running, ageMs: 4 * minute, failure: 'It is empty' });
	const finish = () => {
		for (const job of [late, early, failing]) job.durationMs = 1;
	};
	return { late, early, failing, finish };
}

function idsIn(sandbox: Sandbox, ids: string[]): Array<string | number> {
	return ids.map((id) => spokenId(sandbox, id));
}

const eventJobs = Object.entries(happenings).map(
	([name, happening]): Job => ({
		name: `the trigger's event ${name}`,
		changes: 0,
		run: async ({ sandbox, credential }) => {
			const happen = happening(sandbox);
			const [of, event] = name.split(' ') as [TriggerName, string];
			const trigger = await ActiveTrigger.activate({ of, parameters: { event }, credential });
			const expected = idsIn(sandbox, happen());
			const items = await trigger.poll();
			// A deletion comes with the second poll that misses the record.
			if (event === 'deleted') items.push(...(await trigger.poll()));
			expect(items.map(({ json }) => json.id)).toEqual(expected);
		},
	}),
);

const editorJob: Job = {
	name: 'the trigger in the editor: the latest event',
	changes: 0,
	run: async ({ sandbox, credential }) => {
		const { id } = sandbox.store.insertDashboard(7, { created_at: ago(-minute) });
		const { items, error } = await testTrigger('Dashboard', { event: 'created' }, credential);
		if (error) throw new Error(textOfError(error), { cause: error });
		expect(items.map(({ json }) => json.id)).toEqual(idsIn(sandbox, [id]));
	},
};

export const triggerJobs: Job[] = [...eventJobs, editorJob];
