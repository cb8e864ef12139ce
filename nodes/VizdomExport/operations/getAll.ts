import { exportIn, inFormat, ofDashboard } from '../../shared/n8n/filters';
import { manyRecords, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';

export const getAll: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many exports',
	description: 'Retrieve a list of exports',
	request: { method: 'GET', url: paths.exports },
	...manyRecords([ofDashboard('dashboard_id'), inFormat, exportIn]),
};
