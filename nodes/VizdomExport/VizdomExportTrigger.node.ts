import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { methods } from '../shared/n8n/methods';
import { pollFor } from '../shared/n8n/poll';
import { triggerNode, triggerProperties, triggerSubtitle } from '../shared/n8n/trigger';
import { events } from './events';

export class VizdomExportTrigger implements INodeType {
	description: INodeTypeDescription = {
		...triggerNode,
		displayName: 'Vizdom Export Trigger',
		name: 'vizdomExportTrigger',
		icon: { light: 'file:../../icons/vizdom.svg', dark: 'file:../../icons/vizdom.dark.svg' },
		subtitle: triggerSubtitle('export'),
		description:
			'Export dashboards as PDF, PNG, CSV or Excel files, and start workflows when exports finish or fail',
		defaults: { name: 'Vizdom Export Trigger' },
		credentials: [{ name: 'vizdomApi', required: true, testedBy: 'vizdomApiTest' }],
		properties: triggerProperties(events),
	};

	methods = methods;

	poll = pollFor(events);
}
