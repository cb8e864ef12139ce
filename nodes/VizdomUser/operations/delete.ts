import { userId } from '../../shared/n8n/locators';
import { deletion, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';

export const del: Operation = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete user',
	description: 'Remove a user from the workspace permanently',
	request: { method: 'DELETE', url: paths.user },
	driver: deletion,
	fields: [userId],
};
