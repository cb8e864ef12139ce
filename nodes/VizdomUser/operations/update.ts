import { userId } from '../../shared/n8n/locators';
import { oneRecord, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';
import { role } from '../fields';

export const update: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update user',
	description: 'Change the role of a user, effective at once',
	request: { method: 'PATCH', url: paths.user },
	driver: oneRecord,
	// Nobody's role is changed by a choice that the user has not made.
	fields: [userId, { ...role, default: '' }],
};
