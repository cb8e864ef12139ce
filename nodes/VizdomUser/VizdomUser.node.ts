import { type INodeType, type INodeTypeDescription, NodeConnectionTypes } from 'n8n-workflow';
import { vizdomApiTest } from '../shared/n8n/credentialTest';
import { operationProperties } from '../shared/n8n/operation';
import { searchUsers } from '../shared/n8n/searches';
import { del } from './operations/delete';
import { get } from './operations/get';
import { getAll } from './operations/getAll';
import { invite } from './operations/invite';
import { update } from './operations/update';

export class VizdomUser implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Vizdom User',
		name: 'vizdomUser',
		icon: { light: 'file:../../icons/vizdom.svg', dark: 'file:../../icons/vizdom.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] === "getAll" ? "get many" : $parameter["operation"] }}',
		description: 'Invite, read, change and remove the users of a Vizdom workspace',
		defaults: { name: 'Vizdom User' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'vizdomApi', required: true, testedBy: 'vizdomApiTest' }],
		requestDefaults: { baseURL: '={{$credentials.baseUrl}}' },
		properties: operationProperties(
			{ name: 'User', value: 'user' },
			[del, get, getAll, invite, update],
			'getAll',
		),
	};

	methods = { credentialTest: { vizdomApiTest }, listSearch: { searchUsers } };
}
