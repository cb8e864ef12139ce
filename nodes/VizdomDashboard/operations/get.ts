import { dashboardId } from '../../shared/n8n/locators';
import { oneRecord, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get dashboard',
	description: 'Retrieve a dashboard',
	request: { method: 'GET', url: paths.dashboard },
	driver: oneRecord,
	fields: [dashboardId],
};
