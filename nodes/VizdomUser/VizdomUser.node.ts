import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { methods } from '../shared/n8n/methods';
import { operationNode, operationProperties, operationSubtitle } from '../shared/n8n/operation';
import { del } from './operations/delete';
import { get } from './operations/get';
import { getAll } from './operations/getAll';
import { invite } from './operations/invite';
import { update } from './operations/update';

export class VizdomUser implements INodeType {
	description: INodeTypeDescription = {
		...operationNode,
		displayName: 'Vizdom User',
		name: 'vizdomUser',
		icon: { light: 'file:../../icons/vizdom.svg', dark: 'file:../../icons/vizdom.dark.svg' },
		subtitle: operationSubtitle('user'),
		description:
			'Invite, read, change and remove users, and start workflows when users join, change or leave',
		defaults: { name: 'Vizdom User' },
		usableAsTool: true,
		properties: operationProperties('User', [del, get, getAll, invite, update], 'getAll'),
	};

	methods = methods;
}
