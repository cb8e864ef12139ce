import { type INodeType, type INodeTypeDescription, NodeConnectionTypes } from 'n8n-workflow';
import { vizdomApiTest } from '../shared/n8n/credentialTest';
import { operationProperties } from '../shared/n8n/operation';
import { searchDataSources } from '../shared/n8n/searches';
import { create } from './operations/create';
import { del } from './operations/delete';
import { get } from './operations/get';
import { getAll } from './operations/getAll';
import { update } from './operations/update';

export class VizdomDataSource implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Vizdom Data Source',
		name: 'vizdomDataSource',
		icon: { light: 'file:../../icons/vizdom.svg', dark: 'file:../../icons/vizdom.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] === "getAll" ? "get many" : $parameter["operation"] }}',
		description: 'Create, read, change and delete data sources in Vizdom',
		defaults: { name: 'Vizdom Data Source' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'vizdomApi', required: true, testedBy: 'vizdomApiTest' }],
		requestDefaults: { baseURL: '={{$credentials.baseUrl}}' },
		properties: operationProperties(
			{ name: 'Data Source', value: 'dataSource' },
			[create, del, get, getAll, update],
			'getAll',
		),
	};

	methods = { credentialTest: { vizdomApiTest }, listSearch: { searchDataSources } };
}
