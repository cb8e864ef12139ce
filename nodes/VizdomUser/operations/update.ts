import { paths } from '../../shared/api';
import { userId } from '../../shared/fields/locators';
import type { Operation } from '../../shared/operation';
import { oneRecord } from '../../shared/request/drivers';
import { role } from '../fields';

export const update: Operation = {
	option: {
		name: 'Update',
		value: 'update',
		action: 'Update user',
		description: 'Change the role of a user, at once',
		routing: { request: { method: 'PATCH', url: paths.user }, ...oneRecord },
	},
	// Nobody's role is changed by a choice that the user has not made.
	fields: [userId, { ...role, default: '' }],
};
