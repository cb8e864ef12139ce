import { bodyField, filledText } from '../shared/n8n/checks';
import { jsonObject } from '../shared/n8n/jsonObject';

export const name = bodyField({
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. Production Warehouse',
	check: filledText,
});

export const type = bodyField({
	displayName: 'Type',
	name: 'type',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. postgresql',
	description: 'The kind of source, as Vizdom calls it',
	check: filledText,
});

export const config = bodyField({
	displayName: 'Config',
	name: 'config',
	type: 'json',
	default: '{}',
	placeholder: 'e.g. {"host": "db.example.com", "database": "sales"}',
	description: 'How Vizdom connects to the source, as a JSON object',
	check: jsonObject,
});
