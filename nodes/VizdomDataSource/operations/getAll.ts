import { dataSourceIn, ofType } from '../../shared/n8n/filters';
import { manyRecords, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';

export const getAll: Operation = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many data sources',
	description: 'Retrieve a list of data sources',
	request: { method: 'GET', url: paths.dataSources },
	...manyRecords([ofType, dataSourceIn]),
};
