import { paths } from '../../nodes/shared/vizdom/facts.ts';
import { isRecord } from '../../nodes/shared/vizdom/envelope.ts';
import type { PagingParameters } from './checks/paging.mts';
import type { Answer, Server } from './server.mts';

export type Item = Record<string, unknown>;

export interface Resource {
	/** Of its path, in `paths` */
	list: keyof typeof paths;
	one: keyof typeof paths;
	/** In the contract */
	schema: string;
	name: string;
	plural: string;
	/** Where other APIs have such a list */
	otherPaths: string[];
}

export const dashboards: Resource = {
	list: 'dashboards',
	one: 'dashboard',
	schema: 'Dashboard',
	name: 'dashboard',
	plural: 'dashboards',
	otherPaths: ['/dashboard', '/boards'],
};

export const exportJobs: Resource = {
	list: 'exports',
	one: 'export',
	schema: 'Export',
	name: 'export',
	plural: 'exports',
	otherPaths: ['/export', '/export-jobs', '/export_jobs', '/dashboard-exports'],
};

export const resources: Resource[] = [
	dashboards,
	{
		list: 'dataSources',
		one: 'dataSource',
		schema: 'DataSource',
		name: 'data source',
		plural: 'data sources',
		otherPaths: ['/datasources', '/data_sources', '/dataSources', '/sources', '/connections'],
	},
	{
		list: 'users',
		one: 'user',
		schema: 'User',
		name: 'user',
		plural: 'users',
		otherPaths: ['/members', '/team', '/workspace/users', '/workspace/members'],
	},
	exportJobs,
];

/** A list as it comes without parameters. */
export interface List {
	path: string;
	answer: Answer;
	items: Item[];
	total?: number;
}

/** What was found out so far. Later checks go on from there. */
export interface Known {
	server: Server;
	lists: Map<Resource, List>;
	/** Answers with one record */
	singles: Answer[];
	/** Answers to what has to be refused */
	refusals: Answer[];
	/** Whether lists come in the same order each time */
	isStable: boolean;
	/** Those that work */
	paging: Partial<PagingParameters>;
	/** The dashboard that this probe made, until it is deleted; without a path where its ID did not come */
	own?: { name: string; path?: string; id?: string };
	/** Path of the export that this probe started */
	started?: string;
}

export function nothingKnown(server: Server): Known {
	return { server, lists: new Map(), singles: [], refusals: [], isStable: false, paging: {} };
}

/** The list that tells most about paging. */
export function longestList({ lists }: Known): List | undefined {
	const size = ({ total, items }: List) => total ?? items.length;
	return [...lists.values()].sort((one, other) => size(other) - size(one))[0];
}

/** The records of a list, also where its envelope is another one. */
export function itemsIn(body: unknown): Item[] | undefined {
	const inner = isRecord(body) ? body.data : undefined;
	const places = [inner, body, ...valuesIn(inner), ...valuesIn(body)];
	return places.find(Array.isArray)?.filter(isRecord);
}

function valuesIn(value: unknown): unknown[] {
	return isRecord(value) ? Object.values(value) : [];
}

/** A record that came alone, also where its envelope is another one. */
export function itemIn(body: unknown): Item | undefined {
	const item = isRecord(body) && isRecord(body.data) ? body.data : body;
	return isRecord(item) ? item : undefined;
}

export function totalIn(body: unknown): number | undefined {
	const total = isRecord(body) && isRecord(body.meta) ? body.meta.total : undefined;
	return Number.isInteger(total) ? Number(total) : undefined;
}

/** Where a record is read, below the list's path as it turned out to be. */
export function pathOfItem({ one, list }: Resource, { path }: List): string {
	return paths[one].replace(paths[list], path);
}

export function idOf({ id }: Item): string | undefined {
	return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}
