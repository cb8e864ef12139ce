import type {
	IDataObject,
	INodeProperties,
	INodePropertyOptions,
	IPollFunctions,
} from 'n8n-workflow';
import { exportFormats, roles } from '../shared/api';
import { dashboardId } from '../shared/fields/locators';
import { choice, idParameter } from '../shared/request/parameters';
import { events } from './events';
import type { FilterName, VizdomEvent } from './events';

interface Filter {
	/** How the editor asks for it */
	field: INodeProperties;
	/** What a record's field must be */
	wanted: (poll: IPollFunctions) => string;
}

const filters: Record<FilterName, Filter> = {
	dashboardId: {
		field: { ...dashboardId, required: false, description: 'Only what is about this dashboard' },
		wanted: (poll) => idParameter(poll, 'dashboardId', 'filters.dashboardId'),
	},
	format: {
		field: {
			displayName: 'Format',
			name: 'format',
			type: 'options',
			options: optionsOf(exportFormats, (format) => format.toUpperCase()),
			default: 'pdf',
			description: 'Only exports in this format',
		},
		wanted: (poll) => choice(poll, 'filters.format', 'Format', exportFormats),
	},
	role: {
		field: {
			displayName: 'Role',
			name: 'role',
			type: 'options',
			options: optionsOf(roles, (role) => role.charAt(0).toUpperCase() + role.slice(1)),
			default: 'viewer',
			description: 'Only users with this role',
		},
		wanted: (poll) => choice(poll, 'filters.role', 'Role', roles),
	},
};

/** The collection Filters of each event that has any. */
export function filterFields(): INodeProperties[] {
	return Object.entries(events).flatMap(([value, event]) => {
		const names = Object.keys(event.filters ?? {}) as FilterName[];
		return names.length === 0 ? [] : [collection(value, names)];
	});
}

function collection(event: string, names: FilterName[]): INodeProperties {
	return {
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: names.map((name) => filters[name].field),
		displayOptions: { show: { event: [event] } },
	};
}

/**
 * Whether a record is one that the user wants.
 *
 * @throws {NodeOperationError} where a filter's value cannot be used
 */
export function filterOf(
	poll: IPollFunctions,
	event: VizdomEvent,
): (record: IDataObject) => boolean {
	const chosen = poll.getNodeParameter('filters', {}) as IDataObject;
	const fields = Object.entries(event.filters ?? {}) as Array<[FilterName, string]>;
	const wanted = fields
		.filter(([name]) => chosen[name] !== undefined)
		.map(([name, field]) => ({ field, value: filters[name].wanted(poll) }));
	return (record) => wanted.every(({ field, value }) => record[field] === value);
}

function optionsOf(
	values: readonly string[],
	nameOf: (value: string) => string,
): INodePropertyOptions[] {
	return values.map((value) => ({ name: nameOf(value), value }));
}
