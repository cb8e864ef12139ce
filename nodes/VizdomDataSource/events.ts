import type { TriggerEvents } from '../shared/n8n/trigger';
import { paths } from '../shared/vizdom/facts';
import { changed, once } from '../shared/vizdom/observation';

const list = { path: paths.dataSources, record: paths.dataSource };

export const events: TriggerEvents = {
	created: {
		...list,
		name: 'Data Source Created',
		action: 'On data source created',
		description: 'A data source was connected',
		observe: (dataSource) => once(dataSource, 'happened'),
	},
	updated: {
		...list,
		name: 'Data Source Updated',
		action: 'On data source updated',
		description: 'A data source was changed',
		observe: (dataSource) => changed(dataSource, dataSource.name, dataSource.type),
	},
	deleted: {
		...list,
		name: 'Data Source Deleted',
		action: 'On data source deleted',
		description: 'A data source was deleted',
	},
};
