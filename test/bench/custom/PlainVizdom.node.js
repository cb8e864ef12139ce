/** What n8n itself offers: a declarative node, written as n8n's documentation shows it. */
class PlainVizdom {
	description = {
		displayName: 'Plain Vizdom',
		name: 'plainVizdom',
		group: ['transform'],
		version: 1,
		description: 'Read from Vizdom',
		defaults: { name: 'Plain Vizdom' },
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: 'vizdomApi', required: true }],
		requestDefaults: { baseURL: '={{ $credentials.baseUrl }}' },
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				default: 'getAll',
				options: [get, getAll, getAllByPage, download],
			},
			{ displayName: 'ID', name: 'dashboardId', type: 'string', default: '' },
			{ displayName: 'Link', name: 'link', type: 'string', default: '' },
		],
	};
}

const get = {
	name: 'Get',
	value: 'get',
	routing: {
		request: { method: 'GET', url: '=/dashboards/{{ $parameter.dashboardId }}' },
		output: { postReceive: [{ type: 'rootProperty', properties: { property: 'data' } }] },
	},
};

const getAll = {
	name: 'Get Many',
	value: 'getAll',
	routing: {
		request: { method: 'GET', url: '/dashboards' },
		send: { paginate: true },
		operations: {
			pagination: {
				type: 'offset',
				properties: {
					limitParameter: 'limit',
					offsetParameter: 'offset',
					pageSize: 100,
					rootProperty: 'data',
					type: 'query',
				},
			},
		},
	},
};

const getAllByPage = {
	name: 'Get Many by Page Number',
	value: 'getAllByPage',
	routing: {
		request: { method: 'GET', url: '/dashboards' },
		send: { paginate: true },
		operations: {
			pagination: {
				type: 'generic',
				properties: {
					continue:
						'={{ $response.body.meta.page * $response.body.meta.per_page < $response.body.meta.total }}',
					request: {
						qs: { page: '={{ ($response.body?.meta.page ?? 0) + 1 }}', per_page: 100 },
					},
				},
			},
		},
		output: { postReceive: [{ type: 'rootProperty', properties: { property: 'data' } }] },
	},
};

const download = {
	name: 'Download',
	value: 'download',
	routing: {
		request: { method: 'GET', url: '={{ $parameter.link }}', encoding: 'arraybuffer' },
		output: {
			postReceive: [
				{ type: 'set', properties: { value: '={{ {} }}' } },
				{ type: 'binaryData', properties: { destinationProperty: 'data' } },
			],
		},
	},
};

module.exports = { PlainVizdom };
