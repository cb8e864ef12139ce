import { exportId } from '../../shared/n8n/locators';
import { oneRecord, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get export',
	description: 'Retrieve an export',
	request: { method: 'GET', url: paths.export },
	driver: oneRecord,
	fields: [exportId],
};
