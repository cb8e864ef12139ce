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
	type: 'options',
	allowArbitraryValues: true,
	options: [
		{ name: 'BigQuery', value: 'bigquery' },
		{ name: 'Google Sheets', value: 'google_sheets' },
		{ name: 'MySQL', value: 'mysql' },
		{ name: 'PostgreSQL', value: 'postgresql' },
		{ name: 'Snowflake', value: 'snowflake' },
	],
	default: 'postgresql',
	description:
		"The type of source. For another type, switch to Expression and enter Vizdom's name for it.",
	check: filledText,
});

export const config = bodyField({
	displayName: 'Config',
	name: 'config',
	// n8n's editor of JSON marks an empty field as wrong, and shows no placeholder.
	type: 'string',
	typeOptions: { rows: 4 },
	default: '',
	placeholder: 'e.g. {"host": "db.example.com", "database": "sales"}',
	description: 'How Vizdom connects to the source, as a JSON object',
	hint: 'The workflow stores this in plain text, including passwords',
	check: jsonObject,
});
