import { collection } from '../../shared/n8n/fields';
import { oneRecord, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';
import { description, name } from '../fields';

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create dashboard',
	description: 'Create a new dashboard',
	request: { method: 'POST', url: paths.dashboards },
	driver: oneRecord,
	fields: [
		{ ...name, required: true },
		collection('Additional Fields', 'additionalFields', 'Add Field', [description]),
	],
};
