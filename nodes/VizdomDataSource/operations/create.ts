import { oneRecord, type Operation } from '../../shared/n8n/operation';
import { paths } from '../../shared/vizdom/facts';
import { config, name, type } from '../fields';

export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create data source',
	description: 'Connect a new data source',
	request: { method: 'POST', url: paths.dataSources },
	driver: oneRecord,
	fields: [{ ...name, required: true }, type, { ...config, required: true }],
};
