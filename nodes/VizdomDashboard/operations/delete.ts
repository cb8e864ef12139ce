import { dashboardId } from '../../shared/n8n/locators';
import { deletion, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';

export const del: Operation = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete dashboard',
	description: 'Delete a dashboard permanently',
	request: { method: 'DELETE', url: paths.dashboard },
	driver: deletion,
	fields: [dashboardId],
};
