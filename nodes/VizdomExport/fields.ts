import type { INodeProperties } from 'n8n-workflow';

const withFile: INodeProperties['displayOptions'] = { hide: { '/downloadFile': [false] } };

export const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'File Name',
			name: 'fileName',
			type: 'string',
			default: '',
			placeholder: 'e.g. revenue.pdf',
			description: 'Name of the file in the output. Left empty, it is the name that Vizdom gives.',
			displayOptions: withFile,
		},
		{
			displayName: 'Output Data Field Name',
			name: 'binaryPropertyName',
			type: 'string',
			default: 'data',
			description: 'The name of the output field that holds the file',
			displayOptions: withFile,
		},
		{
			displayName: 'Timeout',
			name: 'timeout',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 300,
			description: 'How many seconds to wait for the export at the most',
		},
	],
};
