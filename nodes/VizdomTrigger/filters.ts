import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { dashboardId } from '../shared/n8n/locators';
import type { Parameters } from '../shared/n8n/parameters';
import { exportFormats, isWord, roles } from '../shared/vizdom/facts';
import { events, type FilterName, type VizdomEvent } from './events';

interface Filter {
	/** How the editor asks for it */
	field: INodeProperties;
	/** Whether a record's field is what the user wants */
	isWanted: (parameters: Parameters) => (value: unknown) => boolean;
}

const format: INodeProperties = {
	displayName: 'Format',
	name: 'format',
	type: 'options',
	options: optionsOf(exportFormats, (value) => value.toUpperCase()),
	default: 'pdf',
	description: 'Only exports in this format',
};

const role: INodeProperties = {
	displayName: 'Role',
	name: 'role',
	type: 'options',
	options: optionsOf(roles, (value) => value.charAt(0).toUpperCase() + value.slice(1)),
	default: 'viewer',
	description: 'Only users with this role',
};

const filters: Record<FilterName, Filter> = {
	dashboardId: {
		field: { ...dashboardId, required: false, description: 'Only what is about this dashboard' },
		isWanted: (parameters) => {
			const id = parameters.id(dashboardId, 'filters.dashboardId');
			return (value) => String(value) === id;
		},
	},
	format: { field: format, isWanted: isChosen(format) },
	role: { field: role, isWanted: isChosen(role) },
};

function isChosen(field: INodeProperties): Filter['isWanted'] {
	return (parameters) => {
		const choice = parameters.choice(field, `filters.${field.name}`);
		return (value) => isWord(value, choice);
	};
}

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
 * @throws {UserError} if a filter's value cannot be used
 */
export function filterOf(
	parameters: Parameters,
	event: VizdomEvent,
): (record: IDataObject) => boolean {
	const chosen = parameters.value('filters', {}) as IDataObject;
	const fields = Object.entries(event.filters ?? {}) as Array<[FilterName, string]>;
	const wanted = fields
		.filter(([name]) => chosen[name] !== undefined)
		.map(([name, field]) => ({ field, isWanted: filters[name].isWanted(parameters) }));
	return (record) => wanted.every(({ field, isWanted }) => isWanted(record[field]));
}

function optionsOf(
	values: readonly string[],
	nameOf: (value: string) => string,
): INodePropertyOptions[] {
	return values.map((value) => ({ name: nameOf(value), value }));
}
