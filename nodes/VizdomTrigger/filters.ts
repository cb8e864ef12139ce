import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { collection } from '../shared/n8n/fields';
import { dashboardId } from '../shared/n8n/locators';
import type { Parameters } from '../shared/n8n/parameters';
import { exportFormats, roles } from '../shared/vizdom/facts';
import { isWord } from '../shared/vizdom/values';
import { events, type FilterName, type VizdomEvent } from './events';

const fields: Record<FilterName, INodeProperties> = {
	dashboardId: { ...dashboardId, required: false, description: 'Only about this dashboard' },
	format: {
		displayName: 'Format',
		name: 'format',
		type: 'options',
		options: exportFormats.map((value) => ({ name: value.toUpperCase(), value })),
		default: 'pdf',
		description: 'Only exports in this format',
	},
	role: {
		displayName: 'Role',
		name: 'role',
		type: 'options',
		options: roles.map((value) => ({ name: value[0]?.toUpperCase() + value.slice(1), value })),
		default: 'viewer',
		description: 'Only users with this role',
	},
};

/** The collection Filters of each event that has any. */
export const filterFields = Object.entries(events).flatMap(([event, { filters }]) => {
	if (!filters) return [];
	const options = Object.keys(filters).map((name) => fields[name as FilterName]);
	const displayOptions = { show: { event: [event] } };
	return [{ ...collection('Filters', 'filters', 'Add Filter', options), displayOptions }];
});

/**
 * Whether a record is one that the user wants.
 * @throws {UserError} if a filter's value cannot be used
 */
export function filterOf(
	parameters: Parameters,
	{ filters = {} }: VizdomEvent,
): (record: IDataObject) => boolean {
	const chosen = parameters.value('filters', {}) as IDataObject;
	const wanted = (Object.entries(filters) as Array<[FilterName, string]>)
		.filter(([name]) => name in chosen)
		.map(([name, field]) => ({ field, isWanted: comparisonWith(name, parameters) }));
	return (record) => wanted.every(({ field, isWanted }) => isWanted(record[field]));
}

function comparisonWith(name: FilterName, parameters: Parameters): (value: unknown) => boolean {
	const path = `filters.${name}`;
	if (name === 'dashboardId') {
		const id = parameters.id(dashboardId, path);
		return (value) => String(value) === id;
	}
	const choice = parameters.choice(fields[name], path);
	return (value) => isWord(value, choice);
}
