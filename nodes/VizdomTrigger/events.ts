import { createHash } from 'crypto';
import { isWord, paths } from '../shared/vizdom/facts';
import type { Dashboard, DataSource, Export, User } from '../shared/vizdom/facts';
import type { Sighting } from './progress';

type Seen = Omit<Sighting, 'id'>;

/** The parameters that events can be filtered by. */
export type FilterName = 'dashboardId' | 'format' | 'role';

/** What the trigger can watch for. */
export interface VizdomEvent<T = never> {
	/** As the editor's list names it */
	name: string;
	description: string;
	/** Where the records are listed */
	path: string;
	see: (record: T) => Seen;
	/** The field of a record that a filter compares */
	filters?: Partial<Record<FilterName, string>>;
}

const dashboardCreated: VizdomEvent<Dashboard> = {
	name: 'Dashboard Created',
	description: 'Someone has created a dashboard',
	path: paths.dashboards,
	see: created,
};

/** In milliseconds */
const sameMoment = 1_000;

const dashboardUpdated: VizdomEvent<Dashboard> = {
	name: 'Dashboard Updated',
	description: 'Someone has changed a dashboard',
	path: paths.dashboards,
	see: ({ name, description, visualization_count, created_at, updated_at }) => {
		const time = timeOf(updated_at);
		// Two changes in the same second have the same time.
		const content = JSON.stringify([updated_at, name, description, visualization_count]);
		return {
			time,
			version: createHash('sha256').update(content).digest('base64').slice(0, 8),
			isEvent: true,
			// A server may read its clock twice while it creates one.
			isOriginal: time === 0 || Math.abs(time - timeOf(created_at)) < sameMoment,
		};
	},
	filters: { dashboardId: 'id' },
};

const dataSourceCreated: VizdomEvent<DataSource> = {
	name: 'Data Source Created',
	description: 'Someone has connected a data source',
	path: paths.dataSources,
	see: created,
};

const exportCompleted: VizdomEvent<Export> = {
	name: 'Export Completed',
	description: 'The file of an export can be downloaded',
	path: paths.exports,
	see: (record) => ended(record, 'completed'),
	filters: { dashboardId: 'dashboard_id', format: 'format' },
};

const exportFailed: VizdomEvent<Export> = {
	name: 'Export Failed',
	description: 'Vizdom could not make the file of an export',
	path: paths.exports,
	see: (record) => ended(record, 'failed'),
	filters: { dashboardId: 'dashboard_id', format: 'format' },
};

const userJoined: VizdomEvent<User> = {
	name: 'User Joined',
	description: 'Someone has accepted an invitation',
	path: paths.users,
	see: ({ created_at, status }) => {
		const isPending = isWord(status, 'invited');
		return {
			time: timeOf(created_at),
			version: version(!isPending),
			isEvent: !isPending,
			isPending,
		};
	},
	filters: { role: 'role' },
};

/** By the values that saved workflows hold. Which records each is given follows from its path. */
export const events: Record<string, VizdomEvent> = {
	dashboardCreated,
	dashboardUpdated,
	dataSourceCreated,
	exportCompleted,
	exportFailed,
	userJoined,
};

function created({ created_at }: Dashboard | DataSource): Seen {
	return { time: timeOf(created_at), version: version(true), isEvent: true };
}

function ended({ created_at, status }: Export, end: 'completed' | 'failed'): Seen {
	const isEvent = isWord(status, end);
	const isPending = !isWord(status, 'completed') && !isWord(status, 'failed');
	return { time: timeOf(created_at), version: version(isEvent), isEvent, isPending };
}

/** Of what happens to a record once. */
function version(hasHappened: boolean): string {
	return hasHappened ? 'done' : '';
}

function timeOf(timestamp: unknown): number {
	return (typeof timestamp === 'string' && Date.parse(timestamp)) || 0;
}
