import { type INodeType, type INodeTypeDescription, NodeConnectionTypes } from 'n8n-workflow';
import { vizdomApiTest } from '../shared/n8n/credentialTest';
import { operationProperties } from '../shared/n8n/operation';
import { searchDashboards } from '../shared/n8n/searches';
import { create } from './operations/create';
import { del } from './operations/delete';
import { get } from './operations/get';
import { getAll } from './operations/getAll';
import { update } from './operations/update';

export class VizdomDashboard implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Vizdom Dashboard',
		name: 'vizdomDashboard',
		icon: { light: 'file:../../icons/vizdom.svg', dark: 'file:../../icons/vizdom.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] === "getAll" ? "get many" : $parameter["operation"] }}',
		description: 'Create, read, change and delete dashboards in Vizdom',
		defaults: { name: 'Vizdom Dashboard' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'vizdomApi', required: true, testedBy: 'vizdomApiTest' }],
		requestDefaults: { baseURL: '={{$credentials.baseUrl}}' },
		properties: operationProperties(
			{ name: 'Dashboard', value: 'dashboard' },
			[create, del, get, getAll, update],
			'getAll',
		),
	};

	methods = { credentialTest: { vizdomApiTest }, listSearch: { searchDashboards } };
}
