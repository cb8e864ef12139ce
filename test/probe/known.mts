import { paths } from '../../nodes/shared/vizdom/facts.ts';
import type { Source } from './contract.mts';
import type { Answer, Server } from './server.mts';

export type Verdict = 'agrees' | 'differs' | 'unknown';

export interface Seen {
	verdict: Verdict;
	seen: string;
}

/** One thing that the package takes for granted. */
export interface Check {
	what: string;
	source: Source;
	expected: string;
	/** File to correct, and names in it */
	where: string;
	see(known: Known): Promise<Seen> | Seen;
}

export type Item = Record<string, unknown>;

export interface Resource {
	name: string;
	plural: string;
	list: keyof typeof paths;
	one: keyof typeof paths;
	/** Name in the contract */
	schema: string;
	/** Where other APIs have such a list */
	elsewhere: string[];
}

interface List {
	path: string;
	answer: Answer;
	items: Item[];
	/** As far as known */
	total: number;
}

/** What was found out so far: later checks build on it. */
export class Known {
	readonly lists = new Map<Resource, List>();
	/** Answers with one record */
	readonly records: Answer[] = [];
	/** Answers to what has to be refused */
	readonly refusals: Answer[] = [];
	/** Name of the parameter for the number of records */
	size?: string;

	constructor(readonly server: Server) {}

	/** The list that shows most about paging. */
	get longest(): List | undefined {
		return [...this.lists.values()].sort((one, other) => other.total - one.total)[0];
	}

	recordPath(resource: Resource, id: string): string {
		const list = this.lists.get(resource)?.path ?? paths[resource.list];
		const path = paths[resource.one].replace(paths[resource.list], list);
		return path.replace(/\{\w+\}/, encodeURIComponent(id));
	}
}

export const agrees = (seen: string): Seen => ({ verdict: 'agrees', seen });
export const differs = (seen: string): Seen => ({ verdict: 'differs', seen });
export const unknown = (seen: string): Seen => ({ verdict: 'unknown', seen });

/** Where assumptions are written down. */
export const places = {
	api: 'nodes/shared/vizdom/facts.ts',
	contract: 'test/sandbox/vizdom.openapi.yaml',
	dashboards: 'nodes/VizdomDashboard',
	download: 'nodes/shared/vizdom/files.ts',
	envelope: 'nodes/shared/vizdom/envelope.ts',
	errorBodies: 'nodes/shared/vizdom/serverErrors.ts',
	errors: 'nodes/shared/vizdom/errors.ts',
	exports: 'nodes/VizdomExport',
	paging: 'nodes/shared/vizdom/list.ts',
	rate: 'nodes/shared/http/turns.ts',
};

export const dashboards: Resource = {
	name: 'dashboard',
	plural: 'dashboards',
	list: 'dashboards',
	one: 'dashboard',
	schema: 'Dashboard',
	elsewhere: ['/dashboard', '/boards'],
};

export const exportJobs: Resource = {
	name: 'export',
	plural: 'exports',
	list: 'exports',
	one: 'export',
	schema: 'Export',
	elsewhere: ['/export', '/export-jobs', '/export_jobs', '/dashboard-exports'],
};

export const resources: Resource[] = [
	dashboards,
	{
		name: 'data source',
		plural: 'data sources',
		list: 'dataSources',
		one: 'dataSource',
		schema: 'DataSource',
		elsewhere: ['/datasources', '/data_sources', '/dataSources', '/sources', '/connections'],
	},
	{
		name: 'user',
		plural: 'users',
		list: 'users',
		one: 'user',
		schema: 'User',
		elsewhere: ['/members', '/team', '/workspace/users', '/workspace/members'],
	},
	exportJobs,
];

export function isRecord(value: unknown): value is Item {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The records of a list, even in another envelope. */
export function itemsIn(body: unknown): Item[] | undefined {
	const values = isRecord(body) ? [body.data, ...Object.values(body)] : [body];
	return values.find(Array.isArray)?.filter(isRecord);
}

/** A single record, even without an envelope. */
export function itemIn(body: unknown): Item {
	if (!isRecord(body)) return {};
	return isRecord(body.data) ? body.data : body;
}

export function fieldsOf(body: unknown): string {
	return isRecord(body) ? `{${Object.keys(body).join(', ')}}` : typeof body;
}
