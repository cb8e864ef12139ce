import type { INodeProperties } from 'n8n-workflow';
import { bodyField, oneOfItsOptions } from '../shared/n8n/checks';
import { collection } from '../shared/n8n/fields';

export const format = bodyField({
	displayName: 'Format',
	name: 'format',
	type: 'options',
	required: true,
	options: [
		{ name: 'CSV', value: 'csv', description: 'The figures as comma-separated values' },
		{ name: 'PDF', value: 'pdf', description: 'A document to read and print' },
		{ name: 'PNG', value: 'png', description: 'A picture' },
		{ name: 'XLSX', value: 'xlsx', description: 'The figures as an Excel workbook' },
	],
	default: 'pdf',
	description: 'The kind of file to make',
	check: oneOfItsOptions,
});

const withFile: INodeProperties['displayOptions'] = { hide: { '/downloadFile': [false] } };

export const fileName: INodeProperties = {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	default: '',
	placeholder: 'e.g. revenue.pdf',
	description: 'Name of the file in the output. If empty, Vizdom names it.',
	displayOptions: withFile,
};

export const binaryPropertyName: INodeProperties = {
	displayName: 'Output Data Field Name',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	description: 'The name of the output field that holds the file',
	displayOptions: withFile,
};

export const options = collection('Options', 'options', 'Add Option', [
	fileName,
	binaryPropertyName,
	{
		displayName: 'Timeout',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 300,
		description: 'How many seconds to wait for the export at the most',
	},
]);
