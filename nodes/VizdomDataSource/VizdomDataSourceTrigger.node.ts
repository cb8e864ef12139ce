import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { methods } from '../shared/n8n/methods';
import { pollFor } from '../shared/n8n/poll';
import { triggerNode, triggerProperties, triggerSubtitle } from '../shared/n8n/trigger';
import { events } from './events';

export class VizdomDataSourceTrigger implements INodeType {
	description: INodeTypeDescription = {
		...triggerNode,
		displayName: 'Vizdom Data Source Trigger',
		name: 'vizdomDataSourceTrigger',
		icon: { light: 'file:../../icons/vizdom.svg', dark: 'file:../../icons/vizdom.dark.svg' },
		subtitle: triggerSubtitle('data source'),
		description:
			'Connect, read, change and delete data sources, and start workflows when data sources change',
		defaults: { name: 'Vizdom Data Source Trigger' },
		credentials: [{ name: 'vizdomApi', required: true, testedBy: 'vizdomApiTest' }],
		properties: triggerProperties(events),
	};

	methods = methods;

	poll = pollFor(events);
}
