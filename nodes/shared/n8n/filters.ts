import {
	type IDataObject,
	type INodeProperties,
	type INodePropertyOptions,
	UserError,
} from 'n8n-workflow';
import { exportFormats, roles } from '../vizdom/facts';
import { folded } from '../vizdom/text';
import { isExportIn, isSameWord, isUserIn, isWord } from '../vizdom/values';
import { ifExpression } from './checks';
import { collection } from './fields';
import { dashboardId } from './locators';
import type { Parameters } from './parameters';

/** A filter for the events of a trigger or the records of Get Many. */
export interface Filter {
	parameter: INodeProperties;
	field: string; // of the record, which it compares
	/** Whether a record matches the parameter's value */
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
		options: roles.map(option),
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
	matches: ({ type }, value) => typeof type === 'string' && lettersOf(type) === lettersOf(value),
};

/** The same for `google_sheets` and Google Sheets. */
function lettersOf(text: string): string {
	return folded(text).replace(/[\s_-]+/g, '');
}

export const exportIn = withStatus(['completed', 'failed', 'processing', 'queued'], isExportIn);
export const userIn = withStatus(['active', 'invited', 'suspended'], isUserIn);
export const dataSourceIn = withStatus(['connected', 'error', 'syncing'], ({ status }, word) =>
	isSameWord(status, word),
);

function withStatus(words: string[], matches: Filter['matches']): Filter {
	const [usual = ''] = words;
	return {
		parameter: {
			displayName: 'Status',
			name: 'status',
			type: 'options',
			// The server may use others.
			allowArbitraryValues: true,
			options: words.map(option),
			default: usual,
			description:
				"Only records with this status. For another one, switch to Expression and enter Vizdom's name for it.",
		},
		field: 'status',
		matches,
	};
}

function option(value: string): INodePropertyOptions {
	return { name: value.charAt(0).toUpperCase() + value.slice(1), value };
}

export function filtersField(filters: Filter[]): INodeProperties {
	const parameters = filters.map(({ parameter }) => parameter);
	return collection('Filters', 'filters', 'Add Filter', parameters);
}

/**
 * Whether a record passes the filters; undefined if there are none.
 * @throws {UserError} if a filter's value cannot be used
 */
export function filterOf(
	parameters: Parameters,
	filters: Filter[],
): ((record: IDataObject) => boolean) | undefined {
	const wanted = chosenOf(parameters, filters).map(({ parameter, matches }) => ({
		matches,
		value: valueOf(parameter, parameters),
	}));
	if (wanted.length === 0) return undefined;
	return (record) => wanted.every(({ matches, value }) => matches(record, value));
}

/** The filters that the user has added. */
export function chosenOf(parameters: Parameters, filters: Filter[]): Filter[] {
	const chosen = parameters.value('filters', {}) as IDataObject;
	return filters.filter(({ parameter }) => parameter.name in chosen);
}

function valueOf(parameter: INodeProperties, parameters: Parameters): string {
	const { type, name, displayName, allowArbitraryValues = false } = parameter;
	const path = `filters.${name}`;
	if (parameters.isEmpty(path)) {
		const description = `Enter a value, or remove the filter. ${ifExpression}`;
		throw new UserError(`The filter '${displayName}' is empty`, { description });
	}
	if (type === 'resourceLocator') return parameters.id(parameter, path);
	if (type === 'options' && !allowArbitraryValues) return parameters.choice(parameter, path);
	return parameters.text(parameter, path);
}
