import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { methods } from '../shared/n8n/methods';
import { operationNode, operationProperties, operationSubtitle } from '../shared/n8n/operation';
import { create } from './operations/create';
import { del } from './operations/delete';
import { get } from './operations/get';
import { getAll } from './operations/getAll';
import { update } from './operations/update';

export class VizdomDataSource implements INodeType {
	description: INodeTypeDescription = {
		...operationNode,
		displayName: 'Vizdom Data Source',
		name: 'vizdomDataSource',
		icon: { light: 'file:../../icons/vizdom.svg', dark: 'file:../../icons/vizdom.dark.svg' },
		subtitle: operationSubtitle('data source'),
		description:
			'Connect, read, change and delete data sources, and start workflows when data sources change',
		defaults: { name: 'Vizdom Data Source' },
		usableAsTool: true,
		properties: operationProperties('Data Source', [create, del, get, getAll, update], 'getAll'),
	};

	methods = methods;
}
