import {
	type INodeProperties,
	type INodePropertyOptions,
	type INodeTypeDescription,
	NodeConnectionTypes,
	updateDisplayOptions,
} from 'n8n-workflow';
import type { Watched } from '../vizdom/watch';
import { documentation } from './documentation';
import { type Filter, filtersField } from './filters';

/** An event that a trigger can watch for. */
export interface TriggerEvent extends Watched {
	name: string; // in the list Trigger On
	action: string; // in the nodes panel
	description: string;
	filters?: Filter[];
	notice?: string; // shown in the editor
}

/** By the values in saved workflows. */
export type TriggerEvents = Record<string, TriggerEvent>;

/** The common part of the descriptions of all triggers. */
export const triggerNode = {
	group: ['trigger'],
	version: 1,
	polling: true,
	documentationUrl: documentation('start-a-workflow-when-something-happens-in-vizdom'),
	inputs: [],
	outputs: [NodeConnectionTypes.Main],
} satisfies Partial<INodeTypeDescription>;

/** Such as `role changed: user`. */
export function triggerSubtitle(resource: string): string {
	return `={{ $parameter["event"].replace(/([A-Z])/g, " $1").toLowerCase() }}: ${resource}`;
}

/** The list of events and the fields of each. The first event is the default. */
export function triggerProperties(events: TriggerEvents): INodeProperties[] {
	const options = Object.entries(events).map(
		([value, { name, action, description }]): INodePropertyOptions => ({
			name,
			value,
			action,
			description,
		}),
	);
	const fields = Object.entries(events).flatMap(([event, { notice, filters }]) => {
		const noticeField = { displayName: notice ?? '', name: 'notice', type: 'notice' as const };
		return updateDisplayOptions({ show: { event: [event] } }, [
			...(notice ? [{ ...noticeField, default: '' }] : []),
			...(filters ? [filtersField(filters)] : []),
		]);
	});
	const [defaultEvent = ''] = Object.keys(events);
	return [
		{
			// n8n's nodes panel finds the events by this name.
			displayName: 'Trigger On',
			name: 'event',
			type: 'options',
			noDataExpression: true,
			required: true,
			options,
			default: defaultEvent,
		},
		...fields,
	];
}
