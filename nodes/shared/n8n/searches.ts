import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';
import { largestPage, paths } from '../vizdom/facts';
import type { Dashboard, DataSource, Export, User } from '../vizdom/facts';
import type { Page } from '../vizdom/joiner';
import { vizdomFor } from './client';

/** Enough rows to fill the editor's list; it asks for more as the user scrolls. */
const rowsWanted = 20;

/** A search without a match goes no further in one go. */
const mostPages = 20;

type ListSearch = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

/**
 * A locator's searchable list. The API has no search of its own, so the names are compared here,
 * page by page, until there are rows to show. The pagination token is the offset of the next page,
 * and the first row of the one before it.
 */
function searchOf<T>(path: string, toRow: (record: T) => INodeListSearchItems): ListSearch {
	return async function (filter = '', paginationToken = '0') {
		const vizdom = await vizdomFor(this);
		const [start, ...before] = paginationToken.split(' ');
		const wanted = filter.trim().toLowerCase();
		const results: INodeListSearchItems[] = [];
		let firstRow = before.join(' ');
		let offset: number | undefined = Number(start);
		for (let pages = 0; pages < mostPages; pages++) {
			if (offset === undefined || results.length >= rowsWanted) break;
			const page: Page<T> = await vizdom.page<T>(path, offset, largestPage);
			const rows = page.records.map(toRow);
			// A server that ignores the offset has no other page.
			if (firstRow !== '' && firstRow === String(rows[0]?.value)) return { results };
			firstRow = String(rows[0]?.value ?? '');
			results.push(
				...rows.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(wanted)),
			);
			offset = nextOffset(page);
		}
		return { results, paginationToken: offset === undefined ? undefined : `${offset} ${firstRow}` };
	};
}

/** Without a total only an empty page is the last: a server may serve fewer records than asked for. */
function nextOffset<T>({ offset, records, total = Infinity }: Page<T>): number | undefined {
	const end = offset + records.length;
	return end >= total || records.length === 0 ? undefined : end;
}

export const searchDashboards = searchOf<Dashboard>(paths.dashboards, ({ id, name }) => ({
	name,
	value: id,
}));

export const searchDataSources = searchOf<DataSource>(paths.dataSources, ({ id, name, type }) => ({
	name: `${name} (${type})`,
	value: id,
}));

export const searchUsers = searchOf<User>(paths.users, ({ id, name, email, role }) => ({
	name: `${name ? `${name}, ` : ''}${email} (${role})`,
	value: id,
}));

export const searchExports = searchOf<Export>(
	paths.exports,
	({ id, dashboard_id, format, status, created_at }) => ({
		name: `${String(format).toUpperCase()} of ${dashboard_id}, ${status} (${String(created_at ?? '').slice(0, 10)})`,
		value: id,
	}),
);
