import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { methods } from '../shared/n8n/methods';
import { pollFor } from '../shared/n8n/poll';
import { triggerNode, triggerProperties, triggerSubtitle } from '../shared/n8n/trigger';
import { events } from './events';

export class VizdomDashboardTrigger implements INodeType {
	description: INodeTypeDescription = {
		...triggerNode,
		displayName: 'Vizdom Dashboard Trigger',
		name: 'vizdomDashboardTrigger',
		icon: { light: 'file:../../icons/vizdom.svg', dark: 'file:../../icons/vizdom.dark.svg' },
		subtitle: triggerSubtitle('dashboard'),
		description:
			'Create, read, change and delete dashboards, and start workflows when dashboards change',
		defaults: { name: 'Vizdom Dashboard Trigger' },
		credentials: [{ name: 'vizdomApi', required: true, testedBy: 'vizdomApiTest' }],
		properties: triggerProperties(events),
	};

	methods = methods;

	poll = pollFor(events);
}
