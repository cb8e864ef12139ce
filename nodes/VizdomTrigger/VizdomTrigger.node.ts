import { type INodeType, type INodeTypeDescription, NodeConnectionTypes } from 'n8n-workflow';
import { vizdomApiTest } from '../shared/n8n/credentialTest';
import { searchDashboards } from '../shared/n8n/searches';
import { events } from './events';
import { filterFields } from './filters';
import { poll } from './poll';

export class VizdomTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Vizdom Trigger',
		name: 'vizdomTrigger',
		icon: { light: 'file:../../icons/vizdom.svg', dark: 'file:../../icons/vizdom.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["event"].replace(/([A-Z])/g, " $1").toLowerCase() }}',
		description: 'Starts the workflow when something happens in Vizdom',
		defaults: { name: 'Vizdom Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'vizdomApi', required: true, testedBy: 'vizdomApiTest' }],
		properties: [
			{
				displayName: 'Trigger On',
				name: 'event',
				type: 'options',
				noDataExpression: true,
				required: true,
				options: Object.entries(events).map(([value, { name, description }]) => ({
					name,
					value,
					description,
				})),
				default: 'dashboardCreated',
			},
			...filterFields,
		],
	};

	methods = { credentialTest: { vizdomApiTest }, listSearch: { searchDashboards } };

	poll = poll;
}
