import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { exportFormats, roles } from '../vizdom/facts';
import { folded } from '../vizdom/text';
import { isExportIn, isSameWord, isUserIn, isWord } from '../vizdom/values';
import { collection } from './fields';
import { dashboardId } from './locators';
import type { Parameters } from './parameters';

/** What the events of a trigger, or the records of a Get Many, can be filtered by. */
export interface Filter {
	parameter: INodeProperties;
	field: string; // of the record that it compares
	/** Whether a record is one that the parameter's value stands for */
	matches: (record: IDataObject, value: string) => boolean;
}

/** @param field that holds the ID of the dashboard */
export function ofDashboard(field: string): Filter {
	const description = 'Only for this dashboard';
	return {
		parameter: { ...dashboardId, required: false, description },
		field,
		matches: (record, id) => String(record[field]) === id,
	};
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
	matches: ({ format }, value) => isWord(format, value),
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
	matches: ({ role }, value) => isWord(role, value),
};

export const named: Filter = {
	parameter: {
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'e.g. revenue',
		description: 'Only dashboards whose name contains this text, in any letter case',
	},
	field: 'name',
	matches: ({ name }, part) => typeof name === 'string' && folded(name).includes(folded(part)),
};

export const ofType: Filter = {
	parameter: {
		displayName: 'Type',
		name: 'type',
		type: 'string',
		default: '',
		placeholder: 'e.g. postgresql',
		description: "Only data sources of this type, by Vizdom's name for it",
	},
	field: 'type',
	matches: ({ type }, value) => typeof type === 'string' && folded(type) === folded(value),
};

export const exportIn = withStatus('queued, processing, completed or failed', isExportIn);
export const userIn = withStatus('active, invited or suspended', isUserIn);
export const dataSourceIn = withStatus('connected, syncing or error', ({ status }, word) =>
	isSameWord(status, word),
);

/** A text, because it is the server that has the words. */
function withStatus(words: string, matches: Filter['matches']): Filter {
	return {
		parameter: {
			displayName: 'Status',
			name: 'status',
			type: 'string',
			default: '',
			placeholder: `e.g. ${words.split(/,| or /)[0]}`,
			description: `Only records with this status, such as ${words}`,
		},
		field: 'status',
		matches,
	};
}

export function filtersField(filters: Filter[]): INodeProperties {
	const parameters = filters.map(({ parameter }) => parameter);
	return collection('Filters', 'filters', 'Add Filter', parameters);
}

/**
 * Whether a record is one that the user wants; undefined if all are.
 * @throws {UserError} if a filter's value cannot be used
 */
export function filterOf(
	parameters: Parameters,
	filters: Filter[],
): ((record: IDataObject) => boolean) | undefined {
	const chosen = parameters.value('filters', {}) as IDataObject;
	const wanted = filters
		.filter(({ parameter }) => parameter.name in chosen)
		.map(({ parameter, matches }) => ({ matches, value: valueOf(parameter, parameters) }));
	if (wanted.length === 0) return undefined;
	return (record) => wanted.every(({ matches, value }) => matches(record, value));
}

function valueOf(parameter: INodeProperties, parameters: Parameters): string {
	const path = `filters.${parameter.name}`;
	if (parameter.type === 'resourceLocator') return parameters.id(parameter, path);
	if (parameter.type === 'options') return parameters.choice(parameter, path);
	return parameters.filledText(parameter, path);
}
