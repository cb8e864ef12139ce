import { userId } from '../../shared/n8n/locators';
import { oneRecord, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get user',
	description: 'Retrieve a user',
	request: { method: 'GET', url: paths.user },
	driver: oneRecord,
	fields: [userId],
};
