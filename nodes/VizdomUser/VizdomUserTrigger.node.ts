import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { methods } from '../shared/n8n/methods';
import { pollFor } from '../shared/n8n/poll';
import { triggerNode, triggerProperties, triggerSubtitle } from '../shared/n8n/trigger';
import { events } from './events';

export class VizdomUserTrigger implements INodeType {
	description: INodeTypeDescription = {
		...triggerNode,
		displayName: 'Vizdom User Trigger',
		name: 'vizdomUserTrigger',
		icon: { light: 'file:../../icons/vizdom.svg', dark: 'file:../../icons/vizdom.dark.svg' },
		subtitle: triggerSubtitle('user'),
		description:
			'Invite, read, change and remove users, and start workflows when users join, change or leave',
		defaults: { name: 'Vizdom User Trigger' },
		credentials: [{ name: 'vizdomApi', required: true, testedBy: 'vizdomApiTest' }],
		properties: triggerProperties(events),
	};

	methods = methods;

	poll = pollFor(events);
}
