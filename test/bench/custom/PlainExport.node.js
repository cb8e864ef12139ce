/** A download as n8n's documentation has it for a declarative node. */
class PlainExport {
	description = {
		displayName: 'Plain Export',
		name: 'plainExport',
		group: ['transform'],
		version: 1,
		description: 'Download a file from Vizdom',
		defaults: { name: 'Plain Export' },
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: 'vizdomApi', required: true }],
		requestDefaults: { method: 'GET', encoding: 'arraybuffer' },
		properties: [
			{
				displayName: 'Link',
				name: 'link',
				type: 'string',
				default: '',
				routing: {
					request: { url: '={{ $value }}' },
					output: {
						postReceive: [
							{ type: 'set', properties: { value: '={{ {} }}' } },
							{ type: 'binaryData', properties: { destinationProperty: 'data' } },
						],
					},
				},
			},
		],
	};
}

module.exports = { PlainExport };
