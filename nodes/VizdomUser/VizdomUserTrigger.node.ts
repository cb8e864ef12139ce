import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { methods } from '../shared/n8n/methods';
import { pollFor } from '../shared/n8n/poll';
import { triggerNode, triggerProperties } from '../shared/n8n/trigger';
import { events } from './events';

export class VizdomUserTrigger implements INodeType {
	description: INodeTypeDescription = {
		...triggerNode,
		displayName: 'Vizdom User Trigger',
		name: 'vizdomUserTrigger',
		icon: { light: 'file:../../icons/vizdom.svg', dark: 'file:../../icons/vizdom.dark.svg' },
		subtitle: '={{ $parameter["event"].replace(/([A-Z])/g, " $1").toLowerCase() }}',
		description:
			'Starts the workflow when someone is invited to a Vizdom workspace, joins it, is given another role or is removed',
		defaults: { name: 'Vizdom User Trigger' },
		credentials: [{ name: 'vizdomApi', required: true, testedBy: 'vizdomApiTest' }],
		properties: triggerProperties(events),
	};

	methods = methods;

	poll = pollFor(events);
}
