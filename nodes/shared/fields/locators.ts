import type { INodeProperties } from 'n8n-workflow';
import { dashboardWebAddress } from '../api';

export const dashboardId: INodeProperties = {
	displayName: 'Dashboard',
	name: 'dashboardId',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchDashboards', searchable: true },
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://app.vizdom.ai/acme/dashboards/dash_abc123',
			extractValue: { type: 'regex', regex: dashboardWebAddress },
			validation: [
				{
					type: 'regex',
					properties: {
						regex: `${dashboardWebAddress}.*`,
						errorMessage: 'Not the address of a Vizdom dashboard',
					},
				},
			],
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. dash_abc123' },
	],
};

export const dataSourceId = locator({
	displayName: 'Data Source',
	name: 'dataSourceId',
	searchListMethod: 'searchDataSources',
	placeholder: 'e.g. ds_abc123',
});

export const userId = locator({
	displayName: 'User',
	name: 'userId',
	searchListMethod: 'searchUsers',
	placeholder: 'e.g. user_abc123',
});

export const exportId = locator({
	displayName: 'Export',
	name: 'exportId',
	searchListMethod: 'searchExports',
	placeholder: 'e.g. exp_abc123',
});

function locator(field: {
	displayName: string;
	name: string;
	/** Key of the node's methods.listSearch */
	searchListMethod: string;
	placeholder: string;
}): INodeProperties {
	const { displayName, name, searchListMethod, placeholder } = field;
	return {
		displayName,
		name,
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: '' },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod, searchable: true },
			},
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder },
		],
	};
}
