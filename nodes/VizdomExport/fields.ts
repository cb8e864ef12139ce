import type { INodeProperties } from 'n8n-workflow';
import { bodyField, oneOfItsOptions } from '../shared/n8n/checks';
import { collection } from '../shared/n8n/fields';

export const format = bodyField({
	displayName: 'Format',
	name: 'format',
	type: 'options',
	required: true,
	options: [
		{ name: 'CSV', value: 'csv', description: 'Data as comma-separated values' },
		{ name: 'PDF', value: 'pdf', description: 'Document to read and print' },
		{ name: 'PNG', value: 'png', description: 'Image of the dashboard' },
		{ name: 'XLSX', value: 'xlsx', description: 'Data as an Excel workbook' },
	],
	default: 'pdf',
	description: 'The file format',
	check: oneOfItsOptions,
});

// Not `show` for true: the text 'true' would hide these, and n8n drops hidden values.
const ifWaiting = { hide: { waitForCompletion: [false] } };
const ifDownloading = { hide: { '/downloadFile': [false] } };

export const waitForCompletion: INodeProperties = {
	displayName: 'Wait for Completion',
	name: 'waitForCompletion',
	type: 'boolean',
	default: true,
	description: 'Whether to wait for the export to finish instead of returning when it starts',
};

export const downloadFile: INodeProperties = {
	displayName: 'Download File',
	name: 'downloadFile',
	type: 'boolean',
	default: true,
	description: 'Whether to add the finished file to the output',
	displayOptions: { hide: { ...ifWaiting.hide, '@tool': [true] } },
};

/** The same for an AI agent, which gets no files. */
export const downloadFileAsTool: INodeProperties = {
	...downloadFile,
	default: false,
	displayOptions: { ...ifWaiting, show: { '@tool': [true] } },
};

export const toolNotice: INodeProperties = {
	displayName:
		"Files do not pass through an AI agent. Have the agent answer with the export's ID, and put a Vizdom Export node with the operation Download behind the agent in the workflow.",
	name: 'toolNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { '@tool': [true] } },
};

export const fileName: INodeProperties = {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	default: '',
	placeholder: 'e.g. revenue.pdf',
	description: 'Name of the file in the output. If empty, Vizdom names it.',
};

export const binaryPropertyName: INodeProperties = {
	displayName: 'Output Data Field Name',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	description: 'The name of the output field that holds the file',
};

export const timeout: INodeProperties = {
	displayName: 'Timeout (Seconds)',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 300,
	description: 'How long to wait for the export and its file',
};

export const downloadOptions = collection('Options', 'options', 'Add Option', [
	fileName,
	binaryPropertyName,
	timeout,
]);

export const createOptions: INodeProperties = {
	...collection('Options', 'options', 'Add Option', [
		{ ...fileName, displayOptions: ifDownloading },
		{ ...binaryPropertyName, displayOptions: ifDownloading },
		timeout,
	]),
	displayOptions: ifWaiting,
};
