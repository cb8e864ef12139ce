import { paths } from '../../shared/api';
import { dashboardId } from '../../shared/fields/locators';
import type { Operation } from '../../shared/operation';
import { oneRecord } from '../../shared/request/drivers';
import { description, name } from '../fields';

export const update: Operation = {
	option: {
		name: 'Update',
		value: 'update',
		action: 'Update dashboard',
		description: 'Change the name or the description of a dashboard',
		routing: { request: { method: 'PATCH', url: paths.dashboard }, ...oneRecord },
	},
	fields: [
		dashboardId,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			options: [description, name],
		},
	],
};
