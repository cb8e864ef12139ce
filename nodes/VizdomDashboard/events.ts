import { ofDashboard } from '../shared/n8n/filters';
import type { TriggerEvents } from '../shared/n8n/trigger';
import { paths } from '../shared/vizdom/facts';
import { changed, once } from '../shared/vizdom/observation';

const list = { path: paths.dashboards, record: paths.dashboard };

export const events: TriggerEvents = {
	created: {
		...list,
		name: 'Dashboard Created',
		action: 'On dashboard created',
		description: 'A dashboard was created',
		observe: (dashboard) => once(dashboard, 'happened'),
	},
	updated: {
		...list,
		name: 'Dashboard Updated',
		action: 'On dashboard updated',
		description: 'A dashboard was changed',
		observe: (dashboard) => {
			const { name, description, visualization_count } = dashboard;
			return changed(dashboard, name, description, visualization_count);
		},
		filters: [ofDashboard('id')],
	},
	deleted: {
		...list,
		name: 'Dashboard Deleted',
		action: 'On dashboard deleted',
		description: 'A dashboard was deleted',
		filters: [ofDashboard('id')],
	},
};
