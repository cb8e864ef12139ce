import type {
	IDataObject,
	INodeProperties,
	INodePropertyOptions,
	IPollFunctions,
} from 'n8n-workflow';
import { exportFormats, isWord, roles } from '../shared/api';
import { dashboardId } from '../shared/fields/locators';
import { choice, idParameter } from '../shared/request/parameters';
import { events } from './events';
import type { FilterName, VizdomEvent } from './events';

interface Filter {
	/** How the editor asks for it */
	field: INodeProperties;
	/** Whether a record's field is what the user wants */
	isWanted: (context: IPollFunctions) => (value: unknown) => boolean;
}

const filters: Record<FilterName, Filter> = {
	dashboardId: {
		field: { ...dashboardId, required: false, description: 'Only what is about this dashboard' },
		isWanted: (context) => {
			const id = idParameter(context, 'dashboardId', 'filters.dashboardId');
			return (value) => String(value) === id;
		},
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
		isWanted: (context) => {
			const format = choice(context, 'filters.format', 'Format', exportFormats);
			return (value) => isWord(value, format);
		},
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
		isWanted: (context) => {
			const role = choice(context, 'filters.role', 'Role', roles);
			return (value) => isWord(value, role);
		},
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
	context: IPollFunctions,
	event: VizdomEvent,
): (record: IDataObject) => boolean {
	const chosen = context.getNodeParameter('filters', {}) as IDataObject;
	const fields = Object.entries(event.filters ?? {}) as Array<[FilterName, string]>;
	const wanted = fields
		.filter(([name]) => chosen[name] !== undefined)
		.map(([name, field]) => ({ field, isWanted: filters[name].isWanted(context) }));
	return (record) => wanted.every(({ field, isWanted }) => isWanted(record[field]));
}

function optionsOf(
	values: readonly string[],
	nameOf: (value: string) => string,
): INodePropertyOptions[] {
	return values.map((value) => ({ name: nameOf(value), value }));
}
