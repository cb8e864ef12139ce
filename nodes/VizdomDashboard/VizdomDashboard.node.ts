import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { methods } from '../shared/n8n/methods';
import { operationNode, operationProperties } from '../shared/n8n/operation';
import { create } from './operations/create';
import { del } from './operations/delete';
import { get } from './operations/get';
import { getAll } from './operations/getAll';
import { update } from './operations/update';

export class VizdomDashboard implements INodeType {
	description: INodeTypeDescription = {
		...operationNode,
		displayName: 'Vizdom Dashboard',
		name: 'vizdomDashboard',
		icon: { light: 'file:../../icons/vizdom.svg', dark: 'file:../../icons/vizdom.dark.svg' },
		subtitle: '={{ $parameter["operation"] === "getAll" ? "get many" : $parameter["operation"] }}',
		description: 'Create, read, change and delete dashboards in Vizdom',
		defaults: { name: 'Vizdom Dashboard' },
		usableAsTool: true,
		properties: operationProperties('Dashboard', [create, del, get, getAll, update], 'getAll'),
	};

	methods = methods;
}
