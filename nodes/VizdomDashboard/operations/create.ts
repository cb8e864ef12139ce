import { creationOf } from '../../shared/n8n/ifExists';
import type { Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';
import { description, name } from '../fields';

const { driver, fields } = creationOf({
	list: paths.dashboards,
	identityOf: (dashboard) => [dashboard.name, dashboard.description],
	resource: 'dashboard',
	nameOf: (dashboard) => dashboard.name,
	texts: {
		description: 'What to do if a dashboard with exactly this name exists',
		anyway: 'Create Anyway',
		create: 'Create another dashboard with this name',
		return: 'Return the existing dashboard unchanged',
		stop: 'Fail without creating a dashboard',
	},
});

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create dashboard',
	description: 'Create a new dashboard',
	request: { method: 'POST', url: paths.dashboards },
	driver,
	fields: [{ ...name, required: true }, description, ...fields],
};
