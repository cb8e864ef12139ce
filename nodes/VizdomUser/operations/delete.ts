import { paths } from '../../shared/api';
import { userId } from '../../shared/fields/locators';
import type { Operation } from '../../shared/operation';
import { deletion } from '../../shared/request/drivers';

export const del: Operation = {
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete user',
		description: 'Remove a user from the workspace permanently',
		routing: { request: { method: 'DELETE', url: paths.user }, ...deletion },
	},
	fields: [userId],
};
