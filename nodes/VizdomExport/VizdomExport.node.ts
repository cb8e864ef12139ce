import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { methods } from '../shared/n8n/methods';
import { operationNode, operationProperties, operationSubtitle } from '../shared/n8n/operation';
import { create } from './operations/create';
import { download } from './operations/download';
import { get } from './operations/get';
import { getAll } from './operations/getAll';

export class VizdomExport implements INodeType {
	description: INodeTypeDescription = {
		...operationNode,
		displayName: 'Vizdom Export',
		name: 'vizdomExport',
		icon: { light: 'file:../../icons/vizdom.svg', dark: 'file:../../icons/vizdom.dark.svg' },
		subtitle: operationSubtitle('export'),
		description:
			'Export dashboards as PDF, PNG, CSV or Excel files, and start workflows when exports finish or fail',
		defaults: { name: 'Vizdom Export' },
		usableAsTool: true,
		properties: operationProperties('Export', [create, download, get, getAll], 'create'),
	};

	methods = methods;
}
