import {
	type ILoadOptionsFunctions,
	type INodeListSearchItems,
	type INodeListSearchResult,
	UserError,
} from 'n8n-workflow';
import { Deadline } from '../http/deadline';
import { settled } from '../http/signals';
import type { Vizdom } from '../vizdom/client';
import { paths } from '../vizdom/facts';
import type { Dashboard, DataSource, Export, User } from '../vizdom/facts';
import { byCreation } from '../vizdom/order';
import type { Part } from '../vizdom/part';
import { folded, visible } from '../vizdom/text';
import { hasFailed, momentsIn, stateWordOf } from '../vizdom/values';
import { vizdomFor } from './client';

const rowsWanted = 20; // enough to fill the editor's list, which requests more as the user scrolls
const maxParts = 300; // of a search, so that it does not use up the minute's requests
const maxWhole = 2_000; // records of a list that is read whole, about 20 requests
const maxForNames = 10_000; // ms to wait for the names in the rows

/** A locator's searchable list, in the server's order. */
function searchOf<T extends { id: string }>(
	path: string,
	nameOf: (record: T) => string,
	detailOf: (record: T) => unknown = () => '',
) {
	const titleOf = (record: T) => {
		const detail = shown(detailOf(record));
		return joined(' ', nameOf(record) || record.id, detail && `(${detail})`);
	};
	return async function (this: ILoadOptionsFunctions, filter = '', token?: string) {
		const vizdom = await vizdomFor(this);
		const read = async (from?: string) => await vizdom.part<T>(path, from);
		return await rowsIn(await read(token), read, titleOf, filter);
	};
}

export const searchDashboards = searchOf<Dashboard>(paths.dashboards, ({ name }) => shown(name));

export const searchDataSources = searchOf<DataSource>(
	paths.dataSources,
	({ name }) => shown(name),
	({ type }) => type,
);

export const searchUsers = searchOf<User>(
	paths.users,
	({ name, email }) => joined(', ', name, email),
	({ role }) => role,
);

/**
 * Newest first, unless the list is very long. For Download, only exports that have a file or may
 * get one.
 */
export async function searchExports(this: ILoadOptionsFunctions, filter = '', token?: string) {
	const vizdom = await vizdomFor(this);
	const isDownload = this.getCurrentNodeParameter('operation') === 'download';
	const momentOf = momentsIn(this.getTimezone());
	const read = async (from?: string) => await vizdom.part<Export>(paths.exports, from);
	const [first, names] = await Promise.all([
		token === undefined ? newest(vizdom, read) : read(token),
		dashboardNames(vizdom),
	]);
	const titleOf = (record: Export) => {
		const { dashboard_id: id, format, created_at } = record;
		const dashboard = names.get(String(id)) || id;
		const state = stateWordOf(record);
		return joined(', ', dashboard, shown(format).toUpperCase(), momentOf(created_at), state);
	};
	const isOffered = (record: Export) => !isDownload || !hasFailed(record);
	return await rowsIn(first, read, titleOf, filter, isOffered);
}

async function newest(vizdom: Vizdom, read: () => Promise<Part<Export>>): Promise<Part<Export>> {
	const whole = vizdom.list<Export>(paths.exports, Infinity, maxWhole);
	const { value } = await settled(whole);
	return value ? { records: byCreation(value) } : await read();
}

/** Names by ID; none if they cannot be read soon. */
async function dashboardNames(vizdom: Vizdom): Promise<Map<string, string>> {
	const hurried = vizdom.until(new Deadline(maxForNames));
	const all = hurried.list<Dashboard>(paths.dashboards, Infinity, maxWhole);
	const { value = [] } = await settled(all);
	return new Map(value.map(({ id, name }) => [String(id), shown(name)]));
}

/**
 * The rows of a list that match. The API has no search of its own, so the names are compared here.
 * With a filter, the editor requests more only if the rows fill its list (n8n-editor-ui 2.40.7,
 * ResourceLocatorDropdown.vue), so parts are read until there are enough rows or the list ends.
 * @param titleOf a record; its ID if that is empty
 * @throws {UserError} if there is no row after very many parts
 */
async function rowsIn<T extends { id: string }>(
	first: Part<T>,
	read: (token: string) => Promise<Part<T>>,
	titleOf: (record: T) => string,
	filter: string,
	isOffered: (record: T) => boolean = () => true,
): Promise<INodeListSearchResult> {
	const wanted = folded(filter);
	const isWanted = ({ name, value }: INodeListSearchItems) =>
		folded(`${name} ${value}`).includes(wanted);
	const rows: INodeListSearchItems[] = [];
	let part = first;
	for (let parts = 1; ; parts++) {
		const offered = part.records.filter((record) => shown(record.id) !== '' && isOffered(record));
		const titled = offered.map((record) => ({
			name: titleOf(record) || String(record.id),
			value: record.id,
		}));
		rows.push(...titled.filter(isWanted));
		if (part.next === undefined || rows.length >= rowsWanted || parts === maxParts) break;
		part = await read(part.next);
	}
	if (part.next !== undefined && rows.length === 0) throw notFound(filter);
	return { results: toldApart(rows), paginationToken: part.next };
}

/** Adds the ID to rows that look the same, in front: n8n cuts off the end of a long row. */
function toldApart(rows: INodeListSearchItems[]): INodeListSearchItems[] {
	const names = rows.map(({ name }) => folded(name));
	const seen = new Set<string>();
	const repeated = new Set(names.filter((name) => seen.size === seen.add(name).size));
	return rows.map(({ name, value }) => ({
		name: repeated.has(folded(name)) ? `${value}, ${name}` : name,
		value,
	}));
}

function notFound(filter: string): UserError {
	const description = "Choose 'By ID' and enter the ID.";
	return new UserError(`The list is too long to search for '${filter}'`, { description });
}

/** A field as a row shows it; '' if it is missing or invisible. */
function shown(value: unknown): string {
	const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
	return visible(text) && text.trim();
}

function joined(separator: string, ...values: unknown[]): string {
	return values.map(shown).filter(Boolean).join(separator);
}
