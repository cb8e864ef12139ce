import type { INodeProperties } from 'n8n-workflow';
import { dashboardWebAddress } from '../vizdom/facts';

// Looser than the pattern for reading, because n8n's check is case-sensitive.
const regex = '[^]*/dashboards/[^]*';
const errorMessage =
	'Not the address of a Vizdom dashboard: copy it while the dashboard is open in the browser';

export const dashboardId = locator('Dashboard', 'dashboardId', 'searchDashboards', 'dash', {
	other: 'a web address or ',
	modes: [
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://app.vizdom.ai/acme/dashboards/dash_abc123',
			extractValue: { type: 'regex', regex: dashboardWebAddress },
			validation: [{ type: 'regex', properties: { regex, errorMessage } }],
		},
	],
});

export const dataSourceId = locator('Data Source', 'dataSourceId', 'searchDataSources', 'ds');
export const exportId = locator('Export', 'exportId', 'searchExports', 'exp');
export const userId = locator('User', 'userId', 'searchUsers', 'user', {
	other: 'an e-mail address or ',
	modes: [
		{
			displayName: 'By Email',
			name: 'email',
			type: 'string',
			placeholder: 'e.g. nathan@example.com',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: '[^]*(@|%40)[^]*',
						errorMessage: 'Not an e-mail address such as nathan@example.com',
					},
				},
			],
		},
	],
});

/**
 * @param searchListMethod key of listSearch in methods.ts
 * @param modes besides From List and By ID
 * @param other that can be entered, in words
 */
function locator(
	displayName: string,
	name: string,
	searchListMethod: string,
	idPrefix: string,
	{ modes = [], other = '' }: Pick<INodeProperties, 'modes'> & { other?: string } = {},
): INodeProperties {
	const typeOptions = { searchListMethod, searchable: true };
	return {
		displayName,
		name,
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: '' },
		description: `Choose from the list, or enter ${other}an ID. Vizdom ${displayName}: Get Many lists the IDs.`,
		modes: [
			{ displayName: 'From List', name: 'list', type: 'list', typeOptions },
			...modes,
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: `e.g. ${idPrefix}_abc123` },
		],
	};
}
