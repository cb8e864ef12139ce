import { paths } from '../../shared/api';
import { dataSourceId } from '../../shared/fields/locators';
import type { Operation } from '../../shared/operation';
import { oneRecord } from '../../shared/request/drivers';
import { config, name } from '../fields';

export const update: Operation = {
	option: {
		name: 'Update',
		value: 'update',
		action: 'Update data source',
		description: 'Change the name or the connection of a data source',
		routing: { request: { method: 'PATCH', url: paths.dataSource }, ...oneRecord },
	},
	fields: [
		dataSourceId,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			options: [config, name],
		},
	],
};
