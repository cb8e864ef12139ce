import { paths } from '../../shared/api';
import type { Operation } from '../../shared/operation';
import { oneRecord } from '../../shared/request/drivers';
import { config, name } from '../fields';

export const create: Operation = {
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create data source',
		description: 'Connect a new data source',
		routing: { request: { method: 'POST', url: paths.dataSources }, ...oneRecord },
	},
	fields: [
		{ ...name, required: true },
		{
			displayName: 'Type',
			name: 'type',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. postgresql',
			description: 'The kind of source, as Vizdom calls it',
			routing: { send: { type: 'body', property: 'type' } },
		},
		{ ...config, required: true },
	],
};
