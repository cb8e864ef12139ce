/**
 * How a server may differ from the assumed Vizdom API. Missing fields are as assumed. speak/
 * translates.
 */
export interface Dialect {
	/** Shown in the list of dialects. */
	about: string;
	paging?: Paging;
	/** Refuses unknown query parameters with this status. Unless given, they are ignored. */
	refusesUnknown?: 400 | 422;
	/**
	 * Replaces a path of the OpenAPI file and those below it. A key such as `POST /exports` applies
	 * only to that operation.
	 */
	paths?: Record<string, string>;
	/** An unknown method of a known path answers 404, not 405. */
	hidesMethods?: boolean;
	/** PUT replaces a record, and there is no PATCH. */
	put?: 'ignores read-only fields' | 'refuses read-only fields';
	/** Replaces 201 for a creation or the start of an export, and 204 for a deletion. */
	statuses?: { created?: number; started?: number; deleted?: number };
	/** A deletion returns the record. */
	showsDeleted?: boolean;
	/** An export is complete as soon as it is started. */
	exportsAtOnce?: boolean;
	/** The response to a start has no ID. */
	startsWithoutId?: boolean;
	states?: Record<'queued' | 'processing' | 'completed' | 'failed', string>;
	/** The field with the file's address, such as `links.download`; null if there is none. */
	file?: { field: string | null; address?: 'path' | 'path below the base URL' };
	numericIds?: boolean;
	times?: 'seconds' | 'milliseconds' | 'with a space' | 'with an offset';
	totalAsText?: boolean;
}

export interface Paging {
	/** The query parameter that says where a page begins. */
	position: string;
	counts: Counting;
	/** The query parameter for the size of a page. Without one the size is fixed. */
	size?: string;
	defaultSize: number;
	maxSize: number;
	/** Refuses a larger size with this status. Unless given, it is cut to the largest. */
	aboveMax?: 400 | 422;
	/** The response's fields about its page, such as `meta.page`. */
	hints?: Record<string, Hint>;
}

export type Counting =
	| 'pages from 1'
	| 'pages from 0'
	| 'records'
	/** Points behind the last record, whatever is added or deleted before it. */
	| 'a cursor of records'
	/** Skips or repeats a record when one before it is deleted or added. */
	| 'a cursor of an offset';

/** On the last page, `next` is null, `nextOrEmpty` is empty and `nextOrAbsent` is absent. */
export type Hint =
	| 'page'
	| 'pages'
	| 'size'
	| 'count'
	| 'hasMore'
	| 'next'
	| 'nextOrEmpty'
	| 'nextOrAbsent'
	| 'nextAddress'
	| 'nextPath';

type PagingOptions = Partial<Pick<Paging, 'defaultSize' | 'maxSize' | 'aboveMax' | 'hints'>>;

function paging(
	counts: Counting,
	position: string,
	size?: string,
	options?: PagingOptions,
): Paging {
	return { counts, position, size, defaultSize: 20, maxSize: 100, ...options };
}

function fixedSize(counts: Counting, position: string, pageSize: number): Paging {
	return paging(counts, position, undefined, { defaultSize: pageSize, maxSize: pageSize });
}

/** The default paging of a dialect. */
export const ASSUMED_PAGING = paging('records', 'offset', 'limit', {
	defaultSize: 100,
	aboveMax: 422,
});

const limitAndOffset = (options: PagingOptions) => paging('records', 'offset', 'limit', options);
const pageNumber = paging('pages from 1', 'page', 'per_page', {
	hints: { 'meta.page': 'page', 'meta.per_page': 'size' },
});
const skipAndLimit = paging('records', 'skip', 'limit');
const cursor = paging('a cursor of records', 'cursor', 'limit', {
	hints: { 'meta.next_cursor': 'next' },
});

const members = { '/users': '/members' };
const startBelowDashboard = { 'POST /exports': '/dashboards/{id}/exports' };

const upperCaseStates = {
	queued: 'PENDING',
	processing: 'RUNNING',
	completed: 'DONE',
	failed: 'ERROR',
};
const readyStates = {
	queued: 'in_progress',
	processing: 'in_progress',
	completed: 'ready',
	failed: 'cancelled',
};

const DIALECTS = {
	assumed: { about: 'What the OpenAPI file says' },

	// Page numbers
	'page-number': { about: '?page=2&per_page=20, with both in meta', paging: pageNumber },
	'page-number-no-hints': {
		about: '?page=2&per_page=10, at most 50, and only the total in meta',
		paging: paging('pages from 1', 'page', 'per_page', { defaultSize: 10, maxSize: 50 }),
	},
	'page-number-strict': {
		about: '?page=2&per_page=20, and anything else is refused with 400',
		paging: pageNumber,
		refusesUnknown: 400,
	},
	'page-and-page-size': {
		about: '?page=2&page_size=25, with the number of pages in meta',
		paging: paging('pages from 1', 'page', 'page_size', {
			defaultSize: 25,
			hints: { 'meta.page': 'page', 'meta.page_size': 'size', 'meta.total_pages': 'pages' },
		}),
	},
	'page-and-limit': {
		about: '?page=2&limit=10, without hints; offset is ignored',
		paging: paging('pages from 1', 'page', 'limit', { defaultSize: 10 }),
	},
	'page-and-camel-size': {
		about: '?page=2&pageSize=50, with meta.hasMore',
		paging: paging('pages from 1', 'page', 'pageSize', {
			defaultSize: 50,
			hints: { 'meta.hasMore': 'hasMore' },
		}),
	},
	'page-from-zero': {
		about: '?page=1&size=20, counted from 0, as in Spring',
		paging: paging('pages from 0', 'page', 'size', {
			hints: { 'meta.number': 'page', 'meta.size': 'size', 'meta.totalPages': 'pages' },
		}),
	},
	'page-alone': {
		about: '?page=2, always 20 a page',
		paging: fixedSize('pages from 1', 'page', 20),
	},
	'page-alone-from-zero': {
		about: '?page=1, counted from 0, always 25 a page',
		paging: fixedSize('pages from 0', 'page', 25),
	},
	'page-nested': {
		about: '?page[number]=2&page[size]=20, as in JSON:API',
		paging: paging('pages from 1', 'page[number]', 'page[size]', {
			hints: { 'meta.last_page': 'pages' },
		}),
	},
	'page-camel': {
		about: '?pageNumber=2&pageSize=10, with both in meta',
		paging: paging('pages from 1', 'pageNumber', 'pageSize', {
			defaultSize: 10,
			hints: { 'meta.pageNumber': 'page', 'meta.pageSize': 'size' },
		}),
	},

	// Offsets
	'limit-offset-strict': {
		about: '?limit=20&offset=20, and anything else is refused with 400',
		paging: limitAndOffset({ aboveMax: 400 }),
		refusesUnknown: 400,
	},
	'skip-limit': { about: '?skip=20&limit=20', paging: skipAndLimit },
	'skip-limit-strict': {
		about: '?skip=20&limit=20, and anything else is refused with 422',
		paging: { ...skipAndLimit, aboveMax: 422 },
		refusesUnknown: 422,
	},
	'skip-take': {
		about: '?skip=50&take=50',
		paging: paging('records', 'skip', 'take', { defaultSize: 50 }),
	},
	'start-count': {
		about: '?start=10&count=10, with both in meta',
		paging: paging('records', 'start', 'count', {
			defaultSize: 10,
			hints: { 'meta.count': 'count', 'meta.has_more': 'hasMore' },
		}),
	},

	// Cursors and links
	cursor: { about: '?cursor=...&limit=20, from meta.next_cursor', paging: cursor },
	'cursor-strict': {
		about: '?cursor=...&limit=20, and anything else is refused with 422',
		paging: cursor,
		refusesUnknown: 422,
	},
	'cursor-of-offset': {
		about: '?cursor=...&limit=25, whose cursor moves when the list changes',
		paging: paging('a cursor of an offset', 'cursor', 'limit', {
			defaultSize: 25,
			hints: { 'meta.next_cursor': 'nextOrAbsent', 'meta.has_more': 'hasMore' },
		}),
	},
	'page-token': {
		about: '?page_token=...&page_size=50, from meta.next_page_token, as at Google',
		paging: paging('a cursor of records', 'page_token', 'page_size', {
			defaultSize: 50,
			hints: { 'meta.next_page_token': 'nextOrEmpty' },
		}),
	},
	'next-link': {
		about: 'links.next is an address with the number of the page',
		paging: { ...pageNumber, hints: { 'links.next': 'nextAddress' } },
	},
	'cursor-link': {
		about: 'links.next is an address with a cursor',
		paging: { ...cursor, hints: { 'links.next': 'nextAddress' } },
	},
	'next-path': {
		about: 'meta.next is a path with the number of the page, always 30 a page',
		paging: { ...fixedSize('pages from 1', 'page', 30), hints: { 'meta.next': 'nextPath' } },
	},

	// Page sizes
	'at-most-50': {
		about: 'limit and offset, cut to 50 in silence',
		paging: limitAndOffset({ defaultSize: 50, maxSize: 50 }),
	},
	'at-most-50-refused': {
		about: 'limit and offset, 20 by default, above 50 refused with 422',
		paging: limitAndOffset({ maxSize: 50, aboveMax: 422 }),
	},
	'fixed-25': {
		about: 'offset alone, always 25 a page',
		paging: fixedSize('records', 'offset', 25),
	},

	// Paths
	datasources: { about: '/datasources', paths: { '/data-sources': '/datasources' } },
	'underscored-data-sources': {
		about: '/data_sources',
		paths: { '/data-sources': '/data_sources' },
	},
	connections: {
		about: '/connections for data sources',
		paths: { '/data-sources': '/connections' },
	},
	members: { about: '/members for users, and POST /members/invite', paths: members },
	invitations: { about: 'POST /invitations', paths: { '/users/invite': '/invitations' } },
	'users-invitations': {
		about: 'POST /users/invitations',
		paths: { '/users/invite': '/users/invitations' },
	},
	'members-invitations': {
		about: '/members for users, and POST /members/invitations',
		paths: { ...members, '/users/invite': '/members/invitations' },
	},
	'export-jobs': { about: '/export-jobs for exports', paths: { '/exports': '/export-jobs' } },
	'dashboard-exports': {
		about: '/dashboard-exports for exports',
		paths: { '/exports': '/dashboard-exports' },
	},
	'start-below-dashboard': {
		about: 'POST /dashboards/{id}/exports, and 405 for POST /exports',
		paths: startBelowDashboard,
	},
	'start-below-dashboard-404': {
		about: 'POST /dashboards/{id}/exports, and 404 for any unknown method',
		paths: startBelowDashboard,
		hidesMethods: true,
	},

	// Methods and statuses
	put: { about: 'PUT in place of PATCH', put: 'ignores read-only fields' },
	'put-strict': {
		about: 'PUT in place of PATCH, and 422 for a field that cannot be set',
		put: 'refuses read-only fields',
	},
	'created-200': { about: '200 for what is created', statuses: { created: 200, started: 200 } },
	'accepted-202': {
		about: '202 for started exports and for deletions',
		statuses: { started: 202, deleted: 202 },
	},
	'shows-deleted': {
		about: 'A deletion answers 200 with the record',
		statuses: { deleted: 200 },
		showsDeleted: true,
	},
	'export-at-once': {
		about: 'An export is complete in the answer to its start',
		exportsAtOnce: true,
	},
	'export-at-once-without-id': {
		about: 'An export is complete in the answer to its start, which has no ID',
		statuses: { started: 200 },
		exportsAtOnce: true,
		startsWithoutId: true,
	},

	// Exports: states and files
	'upper-case-states': { about: 'PENDING, RUNNING, DONE, ERROR', states: upperCaseStates },
	'ready-states': { about: 'in_progress, ready, cancelled', states: readyStates },
	'unknown-states': {
		about: 'waiting_for_worker, rendering, completed, failed',
		states: {
			queued: 'waiting_for_worker',
			processing: 'rendering',
			completed: 'completed',
			failed: 'failed',
		},
	},
	'file-in-url': { about: 'The address of the file is in url', file: { field: 'url' } },
	'file-in-file-url': {
		about: 'The address of the file is in file_url',
		file: { field: 'file_url' },
	},
	'file-nested': { about: 'The address of the file is in file.url', file: { field: 'file.url' } },
	'file-in-links': {
		about: 'The address of the file is in links.download',
		file: { field: 'links.download' },
	},
	'file-path': {
		about: 'path holds /v1/exports/{id}/file',
		file: { field: 'path', address: 'path' },
	},
	'file-below-base': {
		about: 'download_url holds /exports/{id}/file, to be put behind the base URL',
		file: { field: 'download_url', address: 'path below the base URL' },
	},
	'file-without-field': {
		about: 'GET /exports/{id}/download, which no field names',
		paths: { '/exports/{id}/file': '/exports/{id}/download' },
		file: { field: null },
	},

	// IDs, times, numbers
	'numeric-ids': { about: 'IDs are numbers', numericIds: true },
	'epoch-seconds': { about: 'Times are seconds since 1970', times: 'seconds' },
	'epoch-milliseconds': { about: 'Times are milliseconds since 1970', times: 'milliseconds' },
	'spaced-times': { about: 'Times such as 2026-01-15 09:00:00', times: 'with a space' },
	'offset-times': { about: 'Times such as 2026-01-15T11:00:00+02:00', times: 'with an offset' },
	'total-as-text': { about: 'meta.total is text', totalAsText: true },

	// Several at once
	'mixed-page-number': {
		about: 'page-number, members, PUT, 202, upper-case states, file_url',
		paging: pageNumber,
		paths: members,
		put: 'ignores read-only fields',
		statuses: { started: 202, deleted: 202 },
		states: upperCaseStates,
		file: { field: 'file_url' },
	},
	'mixed-cursor': {
		about: 'cursor-link, numeric IDs, epoch seconds, exports below the dashboard',
		paging: { ...cursor, hints: { 'links.next': 'nextAddress' } },
		paths: { ...startBelowDashboard, '/users/invite': '/invitations' },
		states: readyStates,
		file: { field: 'links.download' },
		numericIds: true,
		times: 'seconds',
	},
	'mixed-skip': {
		about: 'skip-limit-strict, strict PUT, deleted records shown, a file without a field',
		paging: { ...skipAndLimit, maxSize: 100 },
		refusesUnknown: 422,
		paths: { '/exports/{id}/file': '/exports/{id}/download' },
		put: 'refuses read-only fields',
		statuses: { created: 200, started: 202, deleted: 200 },
		showsDeleted: true,
		file: { field: null },
	},
} satisfies Record<string, Dialect>;

export type DialectName = keyof typeof DIALECTS;

export const dialects: Readonly<Record<DialectName, Dialect>> = DIALECTS;

export const dialectNames = Object.keys(DIALECTS) as [DialectName, ...DialectName[]];
