import type { INodeProperties } from 'n8n-workflow';

export const name: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. Production Warehouse',
	routing: { send: { type: 'body', property: 'name' } },
};

export const config: INodeProperties = {
	displayName: 'Config',
	name: 'config',
	type: 'json',
	default: '{}',
	placeholder: 'e.g. {"host": "db.example.com", "database": "sales"}',
	description: 'How Vizdom connects to the source, as a JSON object',
	routing: { send: { type: 'body', property: 'config' } },
};
