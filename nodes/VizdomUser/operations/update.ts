import { userId } from '../../shared/n8n/locators';
import { oneRecord, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';
import { role } from '../fields';

export const update: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update user',
	description: 'Change the role of a user, effective immediately',
	request: { method: 'PATCH', url: paths.user },
	driver: oneRecord,
	// No default: a role changes only to one that the user has chosen.
	fields: [userId, { ...role, default: '' }],
};
