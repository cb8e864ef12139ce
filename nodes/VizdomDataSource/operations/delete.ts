import { dataSourceId } from '../../shared/n8n/locators';
import { deletion, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';

export const del: Operation = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete data source',
	description: 'Delete a data source permanently',
	request: { method: 'DELETE', url: paths.dataSource },
	driver: deletion,
	fields: [dataSourceId],
};
