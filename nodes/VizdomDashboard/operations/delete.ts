import { paths } from '../../shared/api';
import { dashboardId } from '../../shared/fields/locators';
import type { Operation } from '../../shared/operation';
import { deletion } from '../../shared/request/drivers';

export const del: Operation = {
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete dashboard',
		description: 'Delete a dashboard permanently',
		routing: { request: { method: 'DELETE', url: paths.dashboard }, ...deletion },
	},
	fields: [dashboardId],
};
