import { createHash } from 'crypto';
import { paths } from '../shared/vizdom/facts';
import type { Dashboard, DataSource, Export, User } from '../shared/vizdom/facts';
import { hasFailed, instantOf, isInvited, stateOf } from '../shared/vizdom/values';
import type { Sighting } from './progress';

type Seen = Omit<Sighting, 'id'>;

/** The parameters that events can be filtered by. */
export type FilterName = 'dashboardId' | 'format' | 'role';

/** What the trigger can watch for. */
export interface VizdomEvent {
	name: string; // as the editor's list names it
	description: string;
	path: string; // of the list, which determines the records' type
	see: (record: never) => Seen;
	filters?: Partial<Record<FilterName, string>>; // the field of a record that a filter compares
}

/** By the values that saved workflows hold. */
export const events: Record<string, VizdomEvent> = {
	dashboardCreated: {
		name: 'Dashboard Created',
		description: 'Someone has created a dashboard',
		path: paths.dashboards,
		see: ({ created_at }: Dashboard) => once(created_at, true),
	},
	dashboardUpdated: {
		name: 'Dashboard Updated',
		description: 'Someone has changed a dashboard',
		path: paths.dashboards,
		see: updated,
		filters: { dashboardId: 'id' },
	},
	dataSourceCreated: {
		name: 'Data Source Created',
		description: 'Someone has connected a data source',
		path: paths.dataSources,
		see: ({ created_at }: DataSource) => once(created_at, true),
	},
	exportCompleted: {
		name: 'Export Completed',
		description: 'The file of an export can be downloaded',
		path: paths.exports,
		see: (record: Export) => ended(record, 'completed'),
		filters: { dashboardId: 'dashboard_id', format: 'format' },
	},
	exportFailed: {
		name: 'Export Failed',
		description: 'Vizdom could not make the file of an export',
		path: paths.exports,
		see: (record: Export) => ended(record, 'failed'),
		filters: { dashboardId: 'dashboard_id', format: 'format' },
	},
	userJoined: {
		name: 'User Joined',
		description: 'Someone has accepted an invitation',
		path: paths.users,
		see: joined,
		filters: { role: 'role' },
	},
};

const sameMoment = 1_000; // ms

function updated(dashboard: Dashboard): Seen {
	const { name, description, visualization_count, created_at, updated_at } = dashboard;
	const time = instantOf(updated_at);
	// Two changes in the same second have the same time.
	const content = JSON.stringify([time || updated_at, name, description, visualization_count]);
	return {
		time,
		version: createHash('sha256').update(content).digest('base64').slice(0, 8),
		isEvent: true,
		// A server may read its clock twice while it creates one.
		isOriginal: time === 0 || Math.abs(time - instantOf(created_at)) < sameMoment,
	};
}

function ended(record: Export, end: 'completed' | 'failed'): Seen {
	const isOver = hasFailed(record) || stateOf(record) === 'completed';
	const isEvent = isOver && hasFailed(record) === (end === 'failed');
	return once(record.created_at, isEvent, !isOver);
}

function joined(user: User): Seen {
	const isPending = isInvited(user);
	return once(user.created_at, !isPending, isPending);
}

/** What happens to a record once at the most. */
function once(created_at: unknown, isEvent: boolean, isPending = false): Seen {
	return { time: instantOf(created_at), version: isEvent ? 'done' : '', isEvent, isPending };
}
