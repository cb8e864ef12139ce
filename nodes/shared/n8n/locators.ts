import type { INodeProperties } from 'n8n-workflow';
import { dashboardWebAddress } from '../vizdom/facts';

export const dataSourceId = locator(
	'Data Source',
	'dataSourceId',
	'searchDataSources',
	'ds_abc123',
);
export const userId = locator('User', 'userId', 'searchUsers', 'user_abc123');
export const exportId = locator('Export', 'exportId', 'searchExports', 'exp_abc123');

const byListOrId = locator('Dashboard', 'dashboardId', 'searchDashboards', 'dash_abc123');
const [byList = [], byId = []] = [byListOrId.modes?.slice(0, 1), byListOrId.modes?.slice(1)];

export const dashboardId: INodeProperties = {
	...byListOrId,
	modes: [
		...byList,
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
		...byId,
	],
};

/**
 * @param searchListMethod key of the node's methods.listSearch
 * @param example of an ID
 */
function locator(
	displayName: string,
	name: string,
	searchListMethod: string,
	example: string,
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
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: `e.g. ${example}` },
		],
	};
}
