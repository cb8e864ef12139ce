import { paths } from '../../shared/api';
import { dataSourceId } from '../../shared/fields/locators';
import type { Operation } from '../../shared/operation';
import { oneRecord } from '../../shared/request/drivers';

export const get: Operation = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get data source',
		description: 'Retrieve a data source',
		routing: { request: { method: 'GET', url: paths.dataSource }, ...oneRecord },
	},
	fields: [dataSourceId],
};
