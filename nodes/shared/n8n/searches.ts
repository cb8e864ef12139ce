import { type ILoadOptionsFunctions, type INodeListSearchItems, UserError } from 'n8n-workflow';
import { paths } from '../vizdom/facts';
import type { Dashboard, DataSource, Export, User } from '../vizdom/facts';
import type { Part } from '../vizdom/part';
import { folded, visible } from '../vizdom/text';
import { dayOf } from '../vizdom/values';
import { vizdomFor } from './client';

const rowsWanted = 20; // enough to fill the editor's list, which asks for more as the user scrolls
const mostParts = 300; // of a search: it must not use up the minute

/**
 * A locator's searchable list. The API has no search of its own, so the names are compared here. With
 * a filter, the editor asks for more only if what came fills its list (n8n-editor-ui 2.40.7,
 * ResourceLocatorDropdown.vue): so parts are read until there are enough rows, or the list ends.
 * @param titleOf a record; its ID if that is empty
 * @throws {UserError} if there is no row after very many parts
 */
function searchOf<T extends { id: string }>(
	path: string,
	titleOf: (record: T) => string,
	detailOf: (record: T) => unknown = () => '',
) {
	const rowOf = (record: T): INodeListSearchItems => {
		const detail = shown(detailOf(record));
		const name = joined(' ', titleOf(record) || record.id, detail && `(${detail})`);
		return { name, value: record.id };
	};
	return async function (this: ILoadOptionsFunctions, filter = '', paginationToken?: string) {
		const vizdom = await vizdomFor(this);
		const wanted = folded(filter);
		const isWanted = ({ name, value }: INodeListSearchItems) =>
			folded(`${name} ${value}`).includes(wanted);
		const results: INodeListSearchItems[] = [];
		let token = paginationToken;
		for (let parts = 0; parts < mostParts; parts++) {
			const { records, next }: Part<T> = await vizdom.part<T>(path, token);
			const rows = records.filter(({ id }) => shown(id) !== '').map(rowOf);
			results.push(...rows.filter(isWanted));
			token = next;
			if (token === undefined || results.length >= rowsWanted) break;
		}
		if (token !== undefined && results.length === 0) throw notFound(filter);
		return { results, paginationToken: token };
	};
}

function notFound(filter: string): UserError {
	const description = "The list is too long to search. Choose 'By ID' and enter the ID.";
	return new UserError(`Nothing matches '${filter}' so far`, { description });
}

/** A field as a row shows it; '' if it is missing, or has nothing to see. */
function shown(value: unknown): string {
	const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
	return visible(text) && text.trim();
}

function joined(separator: string, ...values: unknown[]): string {
	return values.map(shown).filter(Boolean).join(separator);
}

export const searchDashboards = searchOf<Dashboard>(paths.dashboards, ({ name }) => shown(name));

export const searchDataSources = searchOf<DataSource>(
	paths.dataSources,
	({ name }) => shown(name),
	({ type }) => type,
);

export const searchExports = searchOf<Export>(
	paths.exports,
	({ dashboard_id, format, status }) =>
		joined(', ', joined(' of ', shown(format).toUpperCase(), dashboard_id), status),
	({ created_at }) => dayOf(created_at),
);

export const searchUsers = searchOf<User>(
	paths.users,
	({ name, email }) => joined(', ', name, email),
	({ role }) => role,
);
