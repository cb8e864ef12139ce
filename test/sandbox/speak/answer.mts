/** Translates a response from the assumed form into the dialect. */
import type { Response } from 'express';
import { ASSUMED_PAGING, type Dialect } from '../dialects.mts';
import { numberFromId } from '../ids.mts';
import { timestamp } from '../time.mts';
import { idsOf, isExportStart, kindOf, type Exchange, type Json } from './exchange.mts';
import { hintsOf } from './paging.mts';
import { spokenPath } from './routes.mts';

interface Answer {
	data: Json | Json[];
	meta?: { total: number };
	error?: { message: string };
}

export function translateAnswer(exchange: Exchange, res: Response): void {
	const json = res.json.bind(res);
	res.json = (body: Answer) => {
		res.status(spokenStatus(exchange, res.statusCode));
		return json(spokenBody(exchange, body));
	};
	if (exchange.operation.method === 'DELETE') translateDeletion(exchange, res);
}

/** In the assumed form, a deletion has no body, so `res.json` is not called. */
function translateDeletion(exchange: Exchange, res: Response): void {
	const { json, end } = res;
	res.end = ((...content: Parameters<typeof end>) => {
		res.end = end;
		const isDeleted = res.statusCode === 204;
		res.status(spokenStatus(exchange, res.statusCode));
		if (isDeleted && exchange.dialect.showsDeleted) {
			return json.call(res, { data: res.locals.deleted as Json });
		}
		return res.end(...content);
	}) as typeof end;
}

function spokenStatus(exchange: Exchange, status: number): number {
	const { created = 201, started = 201, deleted = 204 } = exchange.dialect.statuses ?? {};
	if (status === 204) return deleted;
	if (status === 201) return isExportStart(exchange) ? started : created;
	return status;
}

function spokenBody(exchange: Exchange, { data, meta, error }: Answer) {
	if (error) return { error: spokenError(exchange.dialect, error) };
	if (!Array.isArray(data)) return { data: spokenRecord(exchange, data) };
	const records = data.map((record) => spokenRecord(exchange, record));
	return spokenList(exchange, records, meta?.total ?? 0);
}

function spokenError({ numericIds }: Dialect, error: { message: string }) {
	if (!numericIds) return error;
	const asNumber = (id: string) => String(numberFromId(id));
	return { ...error, message: error.message.replace(/\b(dash|ds|user|exp)_\w+/g, asNumber) };
}

function spokenList(exchange: Exchange, data: Json[], total: number): Json {
	const { dialect, page, path, query, host } = exchange;
	const { paging = ASSUMED_PAGING, totalAsText } = dialect;
	const list = { data, meta: { total: totalAsText ? String(total) : total } };
	if (!page || !paging.hints) return list;
	const counts = { total, count: data.length, ids: idsOf(exchange) };
	const hints = hintsOf(paging, page, counts, (position) => {
		const other = new URLSearchParams(query);
		other.set(paging.position, position);
		return new URL(`http://${host}${path}?${other}`);
	});
	for (const [place, hint] of Object.entries(paging.hints)) setAt(list, place, hints[hint]);
	return list;
}

/** Sets a field such as `links.next`. */
function setAt(target: Json, place: string, value: unknown): void {
	const [name = '', ...rest] = place.split('.');
	if (rest.length === 0) target[name] = value;
	else setAt((target[name] ??= {}) as Json, rest.join('.'), value);
}

const TIMES: Record<NonNullable<Dialect['times']>, (milliseconds: number) => number | string> = {
	seconds: (milliseconds) => milliseconds / 1000,
	milliseconds: (milliseconds) => milliseconds,
	'with a space': (milliseconds) => timestamp(milliseconds).replace('T', ' ').replace('Z', ''),
	'with an offset': (milliseconds) => timestamp(milliseconds + 7_200_000).replace('Z', '+02:00'),
};

function spokenRecord(exchange: Exchange, record: Json): Json {
	const { dialect } = exchange;
	const { numericIds, times } = dialect;
	const isExport = kindOf(exchange).name === 'exports';
	const spoken = isExport ? spokenExport(exchange, record) : { ...record };
	for (const [field, value] of Object.entries(spoken)) {
		if (typeof value !== 'string') continue;
		if (numericIds && /(^|_)id$/.test(field)) spoken[field] = numberFromId(value);
		if (times && field.endsWith('_at')) spoken[field] = TIMES[times](Date.parse(value));
	}
	if (dialect.startsWithoutId && isExportStart(exchange)) delete spoken.id;
	return spoken;
}

function spokenExport({ dialect }: Exchange, record: Json): Json {
	const { states, file = { field: 'download_url' } } = dialect;
	const { download_url: address, status, ...spoken } = record;
	spoken.status = states?.[status as keyof typeof states] ?? status;
	if (file.field === null) return spoken;
	setAt(spoken, file.field, address && spokenAddress(dialect, record));
	return spoken;
}

/** The file's address, with the dialect's path and ID. */
function spokenAddress(dialect: Dialect, { id, download_url: address }: Json): string {
	const operation = { method: 'GET', path: '/exports/{id}/file' };
	const spokenId = dialect.numericIds ? numberFromId(String(id)) : id;
	const path = spokenPath(dialect, operation).replace('{id}', String(spokenId));
	if (dialect.file?.address === 'path') return `/v1${path}`;
	if (dialect.file?.address === 'path below the base URL') return path;
	return String(address).replace(/\/v1\/exports\/[^/]+\/file/, () => `/v1${path}`);
}
