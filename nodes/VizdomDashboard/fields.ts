import type { INodeProperties } from 'n8n-workflow';

export const name: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. Q4 Revenue Overview',
	routing: { send: { type: 'body', property: 'name' } },
};

export const description: INodeProperties = {
	displayName: 'Description',
	name: 'description',
	type: 'string',
	typeOptions: { rows: 2 },
	default: '',
	placeholder: 'e.g. Executive summary of Q4 revenue metrics',
	routing: { send: { type: 'body', property: 'description' } },
};
