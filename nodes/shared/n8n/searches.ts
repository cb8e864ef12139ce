import type { ILoadOptionsFunctions, INodeListSearchItems } from 'n8n-workflow';
import { largestPage, paths } from '../vizdom/facts';
import type { Dashboard, DataSource, Export, User } from '../vizdom/facts';
import type { Page } from '../vizdom/joiner';
import { vizdomFor } from './client';

const rowsWanted = 20; // enough to fill the editor's list, which asks for more as the user scrolls
const mostPages = 20; // of a search without a match in one go

/**
 * A locator's searchable list. The API has no search of its own, so the names are compared here,
 * page by page, until there are rows to show. The pagination token is the offset of the next page,
 * and the first row of the one before it.
 */
function searchOf<T extends { id: string }>(path: string, nameOf: (record: T) => string) {
	return async function (this: ILoadOptionsFunctions, filter = '', paginationToken = '0') {
		const vizdom = await vizdomFor(this);
		const [start, ...before] = paginationToken.split(' ');
		const wanted = filter.trim().toLowerCase();
		const results: INodeListSearchItems[] = [];
		let firstId = before.join(' ');
		let offset: number | undefined = Number(start);
		for (let pages = 0; pages < mostPages; pages++) {
			if (offset === undefined || results.length >= rowsWanted) break;
			const page: Page<T> = await vizdom.page<T>(path, offset, largestPage);
			const { records, total = Infinity } = page;
			const rows = records.map((record) => ({ name: nameOf(record), value: record.id }));
			// A server that ignores the offset has no other page.
			if (firstId !== '' && firstId === String(rows[0]?.value)) return { results };
			firstId = String(rows[0]?.value ?? '');
			results.push(
				...rows.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(wanted)),
			);
			const end: number = offset + records.length;
			// Without a total only an empty page is the last: a server may serve fewer records than asked for.
			offset = end >= total || records.length === 0 ? undefined : end;
		}
		return { results, paginationToken: offset === undefined ? undefined : `${offset} ${firstId}` };
	};
}

export const searchDashboards = searchOf<Dashboard>(paths.dashboards, ({ name }) => name);

export const searchDataSources = searchOf<DataSource>(
	paths.dataSources,
	({ name, type }) => `${name} (${type})`,
);

export const searchExports = searchOf<Export>(
	paths.exports,
	({ dashboard_id, format, status, created_at }) =>
		`${String(format).toUpperCase()} of ${dashboard_id}, ${status} (${String(created_at ?? '').slice(0, 10)})`,
);

export const searchUsers = searchOf<User>(
	paths.users,
	({ name, email, role }) => `${name ? `${name}, ` : ''}${email} (${role})`,
);
