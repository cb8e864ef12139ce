import { dataSourceId } from '../../shared/n8n/locators';
import { oneRecord, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get data source',
	description: 'Retrieve a data source',
	request: { method: 'GET', url: paths.dataSource },
	driver: oneRecord,
	fields: [dataSourceId],
};
