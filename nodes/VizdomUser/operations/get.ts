import { paths } from '../../shared/api';
import { userId } from '../../shared/fields/locators';
import type { Operation } from '../../shared/operation';
import { oneRecord } from '../../shared/request/drivers';

export const get: Operation = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get user',
		description: 'Retrieve a user',
		routing: { request: { method: 'GET', url: paths.user }, ...oneRecord },
	},
	fields: [userId],
};
