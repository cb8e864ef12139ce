/** The assumed form of a request's path, query and body. */
import { unescape } from 'node:querystring';
import { validationFailed } from '../api-error.mts';
import { ASSUMED_PAGING } from '../dialects.mts';
import { idFromNumber } from '../ids.mts';
import { idsOf, isExportStart, isList, kindOf, type Exchange, type Json } from './exchange.mts';
import { pageAsked } from './paging.mts';

/** The query parameters of links to files. */
const FILE_PARAMETERS = ['expires', 'token'];

function refusal(status: 400 | 422, fields: string[], message: string) {
	return validationFailed(
		status,
		fields.map((field) => ({ field, message })),
	);
}

export function assumedPath(exchange: Exchange): string {
	const { dialect, operation, id } = exchange;
	if (dialect.numericIds && /\D/.test(id)) throw refusal(422, ['id'], 'must be a number');
	const assumedId = dialect.numericIds ? idFromNumber(kindOf(exchange).prefix, Number(id)) : id;
	return `/v1${operation.path.replace('{id}', () => assumedId)}`;
}

/** Remembers the page of a list for the response. */
export function assumedQuery(exchange: Exchange): URLSearchParams {
	const { sandbox, dialect, query } = exchange;
	const { paging = ASSUMED_PAGING, refusesUnknown } = dialect;
	const known = isList(exchange) ? [paging.position, paging.size] : FILE_PARAMETERS;
	const unknown = [...query.keys()].filter((name) => !known.includes(name));
	if (refusesUnknown && unknown.length > 0) throw refusal(refusesUnknown, unknown, 'is unknown');
	if (!isList(exchange)) {
		return new URLSearchParams([...query].filter(([name]) => known.includes(name)));
	}
	const page = pageAsked(paging, query, idsOf(exchange), sandbox.settings.maxPageSize);
	exchange.page = page;
	return new URLSearchParams({ limit: String(page.size), offset: String(page.offset) });
}

export function assumedBody(exchange: Exchange, body: unknown): unknown {
	if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
	if (isExportStart(exchange)) return assumedStart(exchange, body as Json);
	const replaces = exchange.dialect.put && exchange.operation.method === 'PATCH';
	return replaces ? assumedChanges(exchange, body as Json) : body;
}

/** The dashboard's ID is in the body, or in the path. */
function assumedStart({ dialect, id }: Exchange, body: Json): Json {
	const given = id ? unescape(id) : body.dashboard_id;
	if (!dialect.numericIds || given === undefined) return { ...body, dashboard_id: given };
	if (!id && typeof given !== 'number') throw refusal(422, ['dashboard_id'], 'must be a number');
	return { ...body, dashboard_id: idFromNumber('dash', Number(given)) };
}

/** The fields that PUT requires, and those that it sets, with the value of a missing one. */
const REPLACEMENTS: Record<string, { required: string[]; sets: Json }> = {
	dashboards: { required: ['name'], sets: { name: undefined, description: '' } },
	'data-sources': { required: ['name', 'type'], sets: { name: undefined, config: {} } },
	users: { required: ['email', 'name', 'role'], sets: { role: undefined } },
};

/** Changes to all settable fields, because PUT replaces a record. */
function assumedChanges(exchange: Exchange, body: Json): Json {
	const { required = [], sets = {} } = REPLACEMENTS[kindOf(exchange).name] ?? {};
	const missing = required.filter((field) => !(field in body));
	if (missing.length > 0) throw refusal(400, missing, 'is required');
	const writable = [...required, ...Object.keys(sets)];
	const readOnly = Object.keys(body).filter((field) => !writable.includes(field));
	if (exchange.dialect.put === 'refuses read-only fields' && readOnly.length > 0) {
		throw refusal(422, readOnly, 'is read-only');
	}
	const entries = Object.entries(sets);
	return Object.fromEntries(
		entries.map(([field, lost]) => [field, field in body ? body[field] : lost]),
	);
}
