import type { ILoadOptionsFunctions, INodeListSearchItems } from 'n8n-workflow';
import { paths } from '../vizdom/facts';
import type { Dashboard, DataSource, Export, User } from '../vizdom/facts';
import type { Part } from '../vizdom/part';
import { dayOf } from '../vizdom/values';
import { vizdomFor } from './client';

const rowsWanted = 20; // enough to fill the editor's list, which asks for more as the user scrolls
const mostParts = 20; // of a search without a match in one go

/**
 * A locator's searchable list. The API has no search of its own, so the names are compared here,
 * part by part, until there are rows to show.
 */
function searchOf<T extends { id: string }>(path: string, nameOf: (record: T) => string) {
	return async function (this: ILoadOptionsFunctions, filter = '', paginationToken?: string) {
		const vizdom = await vizdomFor(this);
		const wanted = filter.trim().toLowerCase();
		const results: INodeListSearchItems[] = [];
		let token = paginationToken;
		for (let parts = 0; parts < mostParts; parts++) {
			const { records, next }: Part<T> = await vizdom.part<T>(path, token);
			const rows = records.map((record) => ({ name: nameOf(record), value: record.id }));
			results.push(
				...rows.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(wanted)),
			);
			token = next;
			if (token === undefined || results.length >= rowsWanted) break;
		}
		return { results, paginationToken: token };
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
		`${String(format).toUpperCase()} of ${dashboard_id}, ${status} (${dayOf(created_at)})`,
);

export const searchUsers = searchOf<User>(
	paths.users,
	({ name, email, role }) => `${name ? `${name}, ` : ''}${email} (${role})`,
);
