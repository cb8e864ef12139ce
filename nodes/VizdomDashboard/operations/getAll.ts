import { named } from '../../shared/n8n/filters';
import { manyRecords, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';

export const getAll: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many dashboards',
	description: 'Retrieve a list of dashboards',
	request: { method: 'GET', url: paths.dashboards },
	...manyRecords([named]),
};
