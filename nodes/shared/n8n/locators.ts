import type { INodeProperties } from 'n8n-workflow';
import { dashboardWebAddress } from '../vizdom/facts';

export const dashboardId = locator('Dashboard', 'dashboardId', 'searchDashboards', 'dash_abc123', {
	modes: [
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
	],
});

export const dataSourceId = locator(
	'Data Source',
	'dataSourceId',
	'searchDataSources',
	'ds_abc123',
);
export const exportId = locator('Export', 'exportId', 'searchExports', 'exp_abc123');
export const userId = locator('User', 'userId', 'searchUsers', 'user_abc123');

/**
 * @param searchListMethod key of the node's methods.listSearch
 * @param example of an ID
 * @param modes other than by list or ID
 */
function locator(
	displayName: string,
	name: string,
	searchListMethod: string,
	example: string,
	{ modes = [] }: Pick<INodeProperties, 'modes'> = {},
): INodeProperties {
	const typeOptions = { searchListMethod, searchable: true };
	return {
		displayName,
		name,
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: '' },
		modes: [
			{ displayName: 'From List', name: 'list', type: 'list', typeOptions },
			...modes,
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: `e.g. ${example}` },
		],
	};
}
