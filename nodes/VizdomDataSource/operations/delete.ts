import { paths } from '../../shared/api';
import { dataSourceId } from '../../shared/fields/locators';
import type { Operation } from '../../shared/operation';
import { deletion } from '../../shared/request/drivers';

export const del: Operation = {
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete data source',
		description: 'Delete a data source permanently',
		routing: { request: { method: 'DELETE', url: paths.dataSource }, ...deletion },
	},
	fields: [dataSourceId],
};
