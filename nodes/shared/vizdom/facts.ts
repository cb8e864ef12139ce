import type { components } from './vizdom-api';

/**
 * What the package takes for granted about the Vizdom API, each fact on one line.
 * "documented": the API's introduction page says so. "assumed": chosen from the documented
 * conventions, to be corrected here. test/sandbox/vizdom.openapi.yaml has the same marks.
 */

export type Dashboard = components['schemas']['Dashboard'];
export type DataSource = components['schemas']['DataSource'];
export type User = components['schemas']['User'];
export type Export = components['schemas']['Export'];

export const defaultBaseUrl = 'https://api.vizdom.ai/v1'; // documented
export const documentedRequestsPerMinute = 1000; // documented

/** Paths below the base URL. `{name}` stands for the encoded value of the node parameter `name`. */
export const paths = {
	dashboards: '/dashboards', // documented
	dashboard: '/dashboards/{dashboardId}', // assumed
	dataSources: '/data-sources', // assumed
	dataSource: '/data-sources/{dataSourceId}', // assumed
	users: '/users', // assumed
	user: '/users/{userId}', // assumed
	invitations: '/users/invite', // assumed
	exports: '/exports', // assumed
	export: '/exports/{exportId}', // assumed
} as const;

/** The path of one record, such as `/dashboards/dash_abc123`. */
export function recordPath(path: string, id: string): string {
	return path.replace(/\{\w+\}/, () => encodeURIComponent(id));
}

export const limitParameter = 'limit'; // assumed
export const offsetParameter = 'offset'; // assumed
export const largestPage = 100; // assumed

export const roles = ['admin', 'editor', 'viewer'] as const satisfies Array<User['role']>; // documented, their spelling assumed
export const exportFormats = ['csv', 'pdf', 'png', 'xlsx'] as const satisfies Array<
	Export['format']
>; // assumed

/** Whether a state, role or format in a response is this one: their letter case is assumed. */
export function isWord(value: unknown, word: string): boolean {
	return typeof value === 'string' && value.toLowerCase() === word;
}

/** The web address of a dashboard; the group is its ID. Host and slug are documented, the ID's place is assumed. */
export const dashboardWebAddress = 'https://app\\.vizdom\\.ai/[a-z0-9-]+/dashboards/([^/?#\\s]+)';

/**
 * The role that a change needs; reading needs none in particular. Documented: Viewers view, Editors
 * create and edit, only Admins manage members. Assumed: whoever may view may export.
 */
export function roleNeeded(method: string, path: string): string | undefined {
	if (method === 'GET' || path.startsWith(paths.exports)) return undefined;
	return path.startsWith(paths.users) ? 'Admin' : 'Editor or Admin';
}
