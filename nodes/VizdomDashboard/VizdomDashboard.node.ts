import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { methods } from '../shared/n8n/methods';
import { operationNode, operationProperties, operationSubtitle } from '../shared/n8n/operation';
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
		subtitle: operationSubtitle('dashboard'),
		description:
			'Create, read, change and delete dashboards, and start workflows when dashboards change',
		defaults: { name: 'Vizdom Dashboard' },
		usableAsTool: true,
		properties: operationProperties('Dashboard', [create, del, get, getAll, update], 'getAll'),
	};

	methods = methods;
}
