import { collection } from '../../shared/n8n/fields';
import { dashboardId } from '../../shared/n8n/locators';
import { oneRecord, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';
import { description, name } from '../fields';

export const update: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update dashboard',
	description: 'Change the name or the description of a dashboard',
	request: { method: 'PATCH', url: paths.dashboard },
	driver: oneRecord,
	fields: [
		dashboardId,
		collection('Update Fields', 'updateFields', 'Add Field', [name, description]),
	],
};
