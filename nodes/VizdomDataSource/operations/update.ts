import { collection } from '../../shared/n8n/fields';
import { dataSourceId } from '../../shared/n8n/locators';
import { oneRecord, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';
import { config, name } from '../fields';

export const update: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update data source',
	description: 'Change the name or the connection of a data source',
	request: { method: 'PATCH', url: paths.dataSource },
	driver: oneRecord,
	fields: [dataSourceId, collection('Update Fields', 'updateFields', 'Add Field', [name, config])],
};
