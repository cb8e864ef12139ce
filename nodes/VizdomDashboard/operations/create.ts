import { paths } from '../../shared/api';
import type { Operation } from '../../shared/operation';
import { oneRecord } from '../../shared/request/drivers';
import { description, name } from '../fields';

export const create: Operation = {
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create dashboard',
		description: 'Create a new dashboard',
		routing: { request: { method: 'POST', url: paths.dashboards }, ...oneRecord },
	},
	fields: [
		{ ...name, required: true },
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			options: [description],
		},
	],
};
