import type { Dialect } from '../dialects.mts';
import type { IdPrefix } from '../ids.mts';
import type { Operation } from '../openapi.mts';
import type { Sandbox } from '../sandbox.mts';
import type { Page } from './paging.mts';

/** A request in a dialect, with host, path and query as received. */
export interface Exchange {
	sandbox: Sandbox;
	dialect: Dialect;
	operation: Operation;
	/** The value of `{id}`, if the operation has one. */
	id: string;
	host: string | undefined;
	path: string;
	query: URLSearchParams;
	/** For a list. */
	page?: Page;
}

export type Json = Record<string, unknown>;

const PREFIXES: Record<string, IdPrefix> = {
	dashboards: 'dash',
	'data-sources': 'ds',
	users: 'user',
	exports: 'exp',
};

/** The operation's records: the beginning of their path and of their IDs. */
export function kindOf({ operation }: Exchange): { name: string; prefix: IdPrefix } {
	const name = operation.path.split('/')[1] ?? '';
	return { name, prefix: PREFIXES[name] as IdPrefix };
}

export function isList({ operation }: Exchange): boolean {
	return operation.method === 'GET' && !operation.path.includes('{');
}

export function isExportStart({ operation }: Exchange): boolean {
	return operation.method === 'POST' && operation.path === '/exports';
}

/** The IDs of all records of the operation's kind, in the order of their list. */
export function idsOf(exchange: Exchange): string[] {
	const { dashboards, dataSources, users, exports } = exchange.sandbox.store;
	const byPrefix = { dash: dashboards, ds: dataSources, user: users, exp: exports };
	return byPrefix[kindOf(exchange).prefix].all.map(({ id }) => id);
}
