import { paths } from '../../shared/api';
import { exportId } from '../../shared/fields/locators';
import type { Operation } from '../../shared/operation';
import { oneRecord } from '../../shared/request/drivers';

export const get: Operation = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get export',
		description: 'Retrieve an export',
		routing: { request: { method: 'GET', url: paths.export }, ...oneRecord },
	},
	fields: [exportId],
};
