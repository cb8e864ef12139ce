import { NodeConnectionTypes } from 'n8n-workflow';
import type { INodeProperties, INodePropertyOptions, INodeType } from 'n8n-workflow';

const get: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	routing: {
		request: { method: 'GET', url: '=/dashboards/{{ $parameter.dashboardId }}' },
		output: { postReceive: [{ type: 'rootProperty', properties: { property: 'data' } }] },
	},
};

const getAll: INodePropertyOptions = {
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

const operation: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	options: [get, getAll],
	default: 'getAll',
};

const dashboardId: INodeProperties = {
	displayName: 'Dashboard ID',
	name: 'dashboardId',
	type: 'string',
	default: '',
	displayOptions: { show: { operation: ['get'] } },
};

/** The same two operations, as n8n's documentation has a declarative node written: with what n8n itself offers. */
export const plainNode: INodeType = {
	description: {
		displayName: 'Plain Dashboard',
		name: 'plainDashboard',
		group: ['transform'],
		version: 1,
		description: 'Read dashboards in Vizdom',
		defaults: { name: 'Plain Dashboard' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'vizdomApi', required: true }],
		requestDefaults: { baseURL: '={{ $credentials.baseUrl }}' },
		properties: [operation, dashboardId],
	},
};
