import { paths } from '../../shared/api';
import { dashboardId } from '../../shared/fields/locators';
import type { Operation } from '../../shared/operation';
import { oneRecord } from '../../shared/request/drivers';

export const get: Operation = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get dashboard',
		description: 'Retrieve a dashboard',
		routing: { request: { method: 'GET', url: paths.dashboard }, ...oneRecord },
	},
	fields: [dashboardId],
};
