import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { exportFormats, roles } from '../vizdom/facts';
import { isWord } from '../vizdom/values';
import { dashboardId } from './locators';
import type { Parameters } from './parameters';

/** What the events of a trigger can be filtered by. */
export interface Filter {
	parameter: INodeProperties;
	field: string; // of the record that it compares
}

/** @param field that holds the ID of the dashboard */
export function ofDashboard(field: string): Filter {
	const description = 'Only about this dashboard';
	return { parameter: { ...dashboardId, required: false, description }, field };
}

export const inFormat: Filter = {
	parameter: {
		displayName: 'Format',
		name: 'format',
		type: 'options',
		options: exportFormats.map((value) => ({ name: value.toUpperCase(), value })),
		default: 'pdf',
		description: 'Only exports in this format',
	},
	field: 'format',
};

export const withRole: Filter = {
	parameter: {
		displayName: 'Role',
		name: 'role',
		type: 'options',
		options: roles.map((value) => ({ name: value[0]?.toUpperCase() + value.slice(1), value })),
		default: 'viewer',
		description: 'Only users with this role',
	},
	field: 'role',
};

/**
 * Whether a record is one that the user wants.
 * @throws {UserError} if a filter's value cannot be used
 */
export function filterOf(
	parameters: Parameters,
	filters: Filter[],
): (record: IDataObject) => boolean {
	const chosen = parameters.value('filters', {}) as IDataObject;
	const wanted = filters
		.filter(({ parameter }) => parameter.name in chosen)
		.map(({ parameter, field }) => ({ field, isWanted: comparisonWith(parameter, parameters) }));
	return (record) => wanted.every(({ field, isWanted }) => isWanted(record[field]));
}

function comparisonWith(
	parameter: INodeProperties,
	parameters: Parameters,
): (value: unknown) => boolean {
	const path = `filters.${parameter.name}`;
	if (parameter.type === 'resourceLocator') {
		const id = parameters.id(parameter, path);
		return (value) => String(value) === id;
	}
	const choice = parameters.choice(parameter, path);
	return (value) => isWord(value, choice);
}
