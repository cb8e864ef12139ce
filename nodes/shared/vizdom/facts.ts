import type { Paging } from './paging';
import type { components } from './vizdom-api';

/**
 * Everything this package takes for granted about the Vizdom API, one fact per line.
 * "documented": the API's introduction page says so. "assumed": derived from the documented
 * conventions. In a list, the first is assumed, and the others are alternatives in order of
 * likelihood: dialect.ts finds out which one holds. test/sandbox/vizdom.openapi.yaml has the same
 * marks.
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

/** Other paths of a list and the records below it. */
export const otherListPaths: Record<string, string[] | undefined> = {
	[paths.dataSources]: '/datasources /data_sources /sources /dataSources /connections'.split(' '),
	[paths.users]: '/members /workspace/members /team-members /workspace/users /team'.split(' '),
	[paths.exports]: '/dashboard-exports /export-jobs /dashboard_exports /jobs /export'.split(' '),
};

/** Other paths to post a new record to. `{name}` stands for a field that is then omitted from the body. */
export const otherPostPaths: Record<string, string[] | undefined> = {
	[paths.invitations]: '/users/invitations /invitations /users /users/invites /invites'.split(' '),
	[paths.exports]: ['/dashboards/{dashboard_id}/exports', '/dashboards/{dashboard_id}/export'],
};

/** Paths of an export's file, if the export has no link. */
export const filePaths = ['download', 'file', 'content'].map((name) => `${paths.export}/${name}`);

export const updateMethods = ['PATCH', 'PUT'] as const;

/** Fields of a record that only the server sets. */
export const readOnlyFields = ['id', 'created_at', 'updated_at', 'visualization_count', 'status'];

/** The path of one record, such as `/dashboards/dash_abc123`. */
export function recordPath(path: string, id: string): string {
	return path.replace(/\{\w+\}/, () => encodeURIComponent(id));
}

export const assumedPaging: Paging = {
	by: 'offset',
	position: 'offset',
	size: 'limit',
	largest: 100,
};

export const smallerPages = [50, 25, 10] as const; // to try if a page is refused for its size

/** Other names of the parameters; those of a set can be sent in one query. */
export const otherPaging = [
	{ page: 'page', offset: 'skip', sizes: 'per_page limit page_size pageSize size take'.split(' ') },
	{ page: 'pageNumber', offset: 'start', sizes: 'pageSize count limit size perPage'.split(' ') },
	{ page: 'page[number]', offset: 'page[offset]', sizes: ['page[size]', 'page[limit]'] },
	{ page: 'page_number', offset: 'from', sizes: 'page_size per_page size limit'.split(' ') },
	{ page: 'pageIndex', offset: 'startIndex', sizes: 'pageSize count limit'.split(' ') },
	{ page: 'p', offset: 'start_index', sizes: 'per_page limit count max_results'.split(' ') },
] as const;

export const cursorParameters = 'cursor after page_token next starting_after page[after]'.split(
	' ',
);

export const roles = ['admin', 'editor', 'viewer'] as const satisfies Array<User['role']>; // documented, their spelling assumed
export const exportFormats = ['csv', 'pdf', 'png', 'xlsx'] as const satisfies Array<
	Export['format']
>; // assumed

/** Words for the states of an export. In any other state, it may still complete. */
export const exportStates = {
	running: 'queued processing pending running in_progress started created scheduled waiting new',
	completed:
		'completed complete done finished ready success succeeded successful available exported',
	failed: 'failed failure error errored rejected denied expired timed_out timeout',
	cancelled:
		'cancelled canceled aborted called_off stopped terminated killed interrupted revoked withdrawn abandoned discarded dismissed superseded skipped voided removed deleted user_cancelled user_canceled cancelled_by_user canceled_by_user',
} as const;

/** Words for running exports that have not begun. */
export const queuedStates = 'queued pending created scheduled waiting new';

/** Words for the states of a user. In any other state, the user may still join. */
export const userStates = {
	active: 'active activated enabled accepted joined member registered confirmed verified',
	invited: 'invited pending invitation_sent awaiting unconfirmed unverified open',
	suspended:
		'suspended deactivated disabled inactive blocked banned locked frozen paused archived removed deleted',
} as const;

/** Fields of an export that have the address of its file, and fields that may have it. */
export const fileFields = [/download/i, /file|artifact|result|output|content/i];
export const addressFields = [/(^|\.)(url|uri|href|link|location|path)$/i, /url|uri|href|link/i];

/** Fields of an export with another address. */
export const otherAddresses =
	/dashboard|self|html|app|page|preview|thumb|status|callback|hook|avatar|logo|cancel|help|doc|poll/i;

/** The web address of a dashboard; the group is its ID. Host and slug are documented, the ID's place is assumed. */
export const dashboardWebAddress =
	'^(?:https?://)?app\\.vizdom\\.ai/[^/?#]+/dashboards/([^/?#\\s]+)(?:[/?#].*)?$';

/**
 * The role that a change needs; any role can read. Documented: Viewers view, Editors create and edit,
 * only Admins manage members. Assumed: whoever can view can export.
 */
export function roleNeeded(method: string, path: string): string | undefined {
	if (method === 'GET' || path.startsWith(paths.exports)) return undefined;
	return path.startsWith(paths.users) ? 'Admin' : 'Editor or Admin';
}
