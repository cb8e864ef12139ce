import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import { runNode, startNode } from '../engine.mts';
import type { NodeRun, Outcome } from '../engine.mts';
import { locator } from '../support.mts';
import { expectClean, startTogether, textOf, textOfError } from './cases.mts';
import { bytes, content, json, refusal, startServer } from './faultyServer.mts';
import type { FaultyServer, Reply } from './faultyServer.mts';

type Kind = 'invite' | 'export' | 'dashboard';

const kinds: Record<Kind, { node: string; list: string; parameters: IDataObject }> = {
	invite: {
		node: 'vizdomUser',
		list: '/v1/users',
		parameters: { operation: 'invite', email: '={{ $json.name }}@Example.com', role: 'viewer' },
	},
	export: {
		node: 'vizdomExport',
		list: '/v1/exports',
		parameters: {
			operation: 'create',
			dashboardId: locator('={{ $json.name }}'),
			format: 'csv',
			waitForCompletion: false,
		},
	},
	dashboard: {
		node: 'vizdomDashboard',
		list: '/v1/dashboards',
		parameters: { operation: 'create', name: '={{ $json.name }}', description: '=' },
	},
};

/** The outcome of a POST: `error` is an error in a success, `no ID` a success without an ID. */
interface Post {
	isMade: boolean;
	answer: 'ok' | 'lost' | '422' | '429' | '500' | 'error' | 'no ID';
	afterMs?: number;
}

type Page = (records: IDataObject[], query: URLSearchParams) => IDataObject;

interface Case {
	/** A sentence: the test's name */
	name: string;
	kind: Kind;
	/** One after the other, as they arrive */
	posts: Post[];
	/** Names of the items; equal names make items alike */
	items?: string[];
	/** Existing records, oldest first */
	before?: IDataObject[];
	run?: Partial<NodeRun>;
	/** The IDs of the output records and the error texts, in any order */
	gives: Array<string | RegExp>;
	/** Reads of the list */
	reads?: number;
	/** How the server lists records, and how it answers some reads instead */
	page?: Page;
	instead?: Reply[];
	/** The Date header, and the format of times */
	date?: (now: number) => string;
	time?: (now: number) => string | number | null;
}

const hour = 3_600_000;
/** The server's clock differs from this machine's. */
const serverNow = () => Date.now() + 5 * hour;
const isoOf = (now: number) => new Date(now).toISOString();
const httpDateOf = (now: number) => new Date(now).toUTCString();

const made = (answer: Post['answer'], afterMs?: number): Post => ({
	isMade: true,
	answer,
	afterMs,
});
const notMade = (answer: Post['answer']): Post => ({ isMade: false, answer });

const notFound = /may have been .* anyway.* So far, it was not found in Vizdom\.$/;
const mayBe = (ids: string) =>
	new RegExp(`may have been .* anyway.* Possible matches in Vizdom: ${ids}\\.$`);
const asBefore = /may have been .* anyway: check in Vizdom before you run this again\.$/;

const ascending: Page = (records, query) => {
	const [offset, limit] = [Number(query.get('offset')), Number(query.get('limit') ?? 20)];
	return { data: records.slice(offset, offset + limit), meta: { total: records.length } };
};
const descending: Page = (records, query) => ascending(records.toReversed(), query);
const unordered: Page = (records, query) =>
	ascending(
		records.toSorted((one, other) => String(one.hash).localeCompare(String(other.hash))),
		query,
	);
const numbered: Page = (records, query) => {
	const [page, size] = [Number(query.get('page') ?? 1), Number(query.get('per_page') ?? 20)];
	const data = records.slice((page - 1) * size, page * size);
	return { data, meta: { total: records.length } };
};
const byCursor: Page = (records, query) => {
	const [start, size] = [Number(query.get('cursor') ?? 0), Number(query.get('limit') ?? 20)];
	const end = start + size;
	const next_cursor = end < records.length ? String(end) : null;
	return { data: records.slice(start, end), meta: { total: records.length, next_cursor } };
};

/** Older records, an hour apart. */
function older(count: number): IDataObject[] {
	return Array.from({ length: count }, (_, index) => ({
		id: `old_${index}`,
		name: `Old ${index}`,
		email: `old${index}@example.com`,
		hash: `${(index * 7) % 10}${index}`,
		created_at: isoOf(serverNow() - (count - index) * hour),
	}));
}

const replies: Record<Post['answer'], (record: IDataObject) => Reply> = {
	ok: (data) => json(201, { data }),
	lost: () => bytes('', 'reset'),
	'422': () => refusal(422, 'No'),
	'429': () => refusal(429, 'Slow down', { 'retry-after': '4' }),
	'500': () => refusal(500, 'Down'),
	error: () => json(200, { data: null, error: { message: 'It is locked' } }),
	'no ID': () => json(201, { data: { status: 'queued' } }),
};

async function serverOf({ kind, posts, before = [], page = ascending, ...manner }: Case) {
	const { list } = kinds[kind];
	const { instead = [], date = httpDateOf, time = isoOf } = manner;
	const records = [...before];
	let count = 0;
	let reads = 0;
	const server = await startServer((request) => {
		const { method, path, body } = request;
		const { pathname, searchParams } = new URL(path, 'http://localhost');
		if (method === 'POST') {
			const { isMade, answer, afterMs = 0 } = posts[Math.min(count++, posts.length - 1)] as Post;
			const created_at = time(serverNow());
			const record = {
				id: `new_${count}`,
				hash: '55',
				...(JSON.parse(body) as object),
				created_at,
			};
			if (isMade) records.push(stored(kind, record));
			return (...connection) =>
				void setTimeout(() => replies[answer](record)(...connection), afterMs);
		}
		if (pathname.endsWith('/file'))
			return content(200, 'a,b\n1,2\n', { 'content-type': 'text/csv' });
		if (pathname !== list) {
			const record = records.find(({ id }) => pathname.endsWith(`/${String(id)}`));
			return json(200, { data: { ...record, status: 'completed', download_url: '/v1/file' } });
		}
		const reply = instead[Math.min(reads++, instead.length - 1)];
		return reply ?? json(200, page(records, searchParams), { date: date(serverNow()) });
	});
	return { server, readsOf: () => reads };
}

/**
 * As a server may show it: addresses in lower case, an empty description as null, other line
 * breaks.
 */
function stored(kind: Kind, { description, ...record }: IDataObject): IDataObject {
	if (kind === 'invite') return { ...record, email: String(record.email).toLowerCase() };
	if (kind === 'export') return { ...record, status: 'queued' };
	const shown = description === undefined ? null : String(description);
	return { ...record, description: shown && shown.replace(/\r\n/g, '\n').normalize('NFC') };
}

interface Result {
	outcome: Outcome;
	server: FaultyServer;
	reads: number;
}

async function runCase(one: Case): Promise<Result> {
	const { kind, items = ['north'], run } = one;
	const { server, readsOf } = await serverOf(one);
	const { node, parameters } = kinds[kind];
	const outcome = await runNode({
		node,
		credential: server.credential,
		input: items.map((name) => ({ json: { name } })),
		onError: 'continueRegularOutput',
		...run,
		parameters: { ...parameters, ...run?.parameters },
	}).finally(server.close);
	return { outcome, server, reads: readsOf() };
}

function testCreates(cases: Case[]): void {
	const results = startTogether(cases, runCase);
	test.each(cases)(
		'$name',
		async (one) => {
			const { outcome, server, reads } = await results(one);
			const { items, error } = outcome;
			const given = items.map(({ json: item }) => (item.error ? textOf(item) : String(item.id)));
			if (error) given.push(textOfError(error));
			for (const expected of one.gives) {
				const index = given.findIndex((text) =>
					typeof expected === 'string' ? text === expected : expected.test(text),
				);
				expect({ expected, given, isGiven: index >= 0 }).toMatchObject({ isGiven: true });
				given.splice(index, 1);
			}
			expect(given).toEqual([]);
			expect(server.sent().POST).toBe(one.posts.length);
			if (one.reads !== undefined) expect(reads).toBe(one.reads);
			expectClean(outcome, server);
		},
		60_000,
	);
}

const alike = ['north', 'north'];
const answers = ['lost', '500'] as const;
const all: Kind[] = ['invite', 'export', 'dashboard'];
const timed: Kind[] = ['export', 'dashboard'];

describe('After an unclear POST, the node looks for what it may have created', () => {
	testCreates(
		answers.flatMap((answer): Case[] => [
			...all.flatMap((kind): Case[] => [
				{
					name: `${kind}, ${answer}, made: that is the result`,
					kind,
					posts: [made(answer)],
					gives: ['new_1'],
					reads: 1,
				},
				{
					name: `${kind}, ${answer}, not made: the failure, which says that it was not found`,
					kind,
					posts: [notMade(answer)],
					gives: [notFound],
					reads: 3,
				},
				{
					name: `${kind}, ${answer}, made, beside another item: each has its own`,
					kind,
					items: ['north', 'south'],
					posts: [made(answer), made('ok')],
					gives: ['new_1', 'new_2'],
				},
				{
					name: `${kind}, two alike, both ${answer}, none made: neither is found`,
					kind,
					items: alike,
					posts: [notMade(answer), notMade(answer)],
					gives: [notFound, notFound],
				},
				{
					name: `${kind}, two alike, both ${answer}, both made: neither is guessed`,
					kind,
					items: alike,
					posts: [made(answer), made(answer)],
					// On a busy machine, the second may start after the first is found.
					gives: ['new_1', 'new_2'].map(
						(id) => new RegExp(`^${id}$|${mayBe("'new_1', 'new_2'").source}`),
					),
				},
			]),
			...timed.flatMap((kind): Case[] => [
				{
					name: `${kind}, two alike, both ${answer}, one made: one item gets it`,
					kind,
					items: alike,
					posts: [made(answer), notMade(answer)],
					gives: ['new_1', notFound],
				},
				{
					name: `${kind}, two alike, one ${answer} and not made: it does not take the other's`,
					kind,
					items: alike,
					posts: [notMade(answer), made('ok')],
					gives: ['new_2', notFound],
				},
				{
					name: `${kind}, two alike, one ${answer} and not made: it waits for the other's answer`,
					kind,
					items: alike,
					posts: [notMade(answer), made('ok', 2_500)],
					gives: ['new_2', notFound],
				},
				{
					name: `${kind}, two alike, one ${answer} and made: each has its own`,
					kind,
					items: alike,
					posts: [made(answer), made('ok', 2_500)],
					gives: ['new_1', 'new_2'],
				},
			]),
			{
				name: `invite, two alike, both ${answer}, one made: the person is invited`,
				kind: 'invite',
				items: ['north', 'NORTH'],
				posts: [made(answer), notMade(answer)],
				gives: ['new_1', 'new_1'],
			},
		]),
	);
});

/** A server with times in whole seconds, which creates the record at the very end of one. */
function atTheEndOfASecond(): Pick<Case, 'date' | 'time'> {
	let ahead: number | undefined;
	const secondsOf = (now: number) => {
		ahead ??= 999 - (now % 1_000);
		return Math.floor((now + ahead) / 1_000);
	};
	return { time: secondsOf, date: (now) => httpDateOf(secondsOf(now) * 1_000) };
}

const like: IDataObject = { name: 'north', dashboard_id: 'north', format: 'csv' };
const aged = (seconds: number) => isoOf(serverNow() - seconds * 1_000);

describe('Only a record made since then can match', () => {
	testCreates([
		...timed.flatMap((kind): Case[] => [
			{
				name: `${kind}: none that is older by the server's clock`,
				kind,
				before: [{ ...like, id: 'old', created_at: aged(4) }],
				posts: [notMade('lost')],
				gives: [notFound],
			},
			{
				name: `${kind}: nor by the clock in another item's response`,
				kind,
				items: alike,
				before: [{ ...like, id: 'old', created_at: aged(4) }],
				posts: [notMade('lost'), { isMade: false, answer: '422', afterMs: 2_500 }],
				gives: [notFound, /^No/],
			},
			{
				name: `${kind}: the new one, next to an older one`,
				kind,
				before: [{ ...like, id: 'old', created_at: aged(4) }],
				posts: [made('lost')],
				gives: ['new_1'],
			},
			{
				name: `${kind}: none that somebody made while the request waited`,
				kind,
				posts: [made('429'), notMade('lost')],
				gives: [notFound],
			},
			{
				name: `${kind}: also with times in whole seconds`,
				kind,
				posts: [made('lost')],
				...atTheEndOfASecond(),
				gives: ['new_1'],
			},
			{
				name: `${kind}: without the server's time, it is named as a possible match`,
				kind,
				posts: [made('lost')],
				date: () => 'now',
				gives: [mayBe("'new_1'")],
			},
			{
				name: `${kind}: also without its own time`,
				kind,
				posts: [made('lost')],
				time: () => null,
				gives: [mayBe("'new_1'")],
			},
		]),
		{
			name: 'invite: an address is enough, whenever the person was invited',
			kind: 'invite',
			before: [{ id: 'old', email: 'North@example.com' }],
			posts: [notMade('500')],
			gives: ['old'],
		},
		{
			name: 'dashboard: one whose description the server shows differently',
			kind: 'dashboard',
			posts: [made('lost')],
			run: { parameters: { description: '={{ "Cafe\\u0301\\r\\nToday " }}' } },
			gives: ['new_1'],
		},
		{
			name: 'dashboard: none with another description',
			kind: 'dashboard',
			posts: [made('lost'), notMade('lost')],
			items: ['north', 'north'],
			run: { parameters: { description: '={{ $itemIndex === 0 ? "A" : "B" }}' } },
			gives: ['new_1', notFound],
		},
	]);
});

describe('The search covers where new records appear', () => {
	const common = { kind: 'dashboard' as const, before: older(250), posts: [made('lost')] };
	const gives = ['new_1'];
	testCreates([
		{ ...common, name: 'at the end of a list in order of creation', gives, reads: 2 },
		{ ...common, name: 'at its start, in the reverse order', page: descending, gives, reads: 1 },
		{ ...common, name: 'anywhere in a list without order', page: unordered, gives },
		{ ...common, name: 'at the end of a list with page numbers', page: numbered, gives },
		{ ...common, name: 'at the end of a list with cursors', page: byCursor, gives },
		{
			...common,
			name: 'at the start of a list with cursors',
			page: (records, query) => byCursor(records.toReversed(), query),
			gives,
		},
		{
			...common,
			name: 'finally in the whole list',
			kind: 'invite',
			posts: [notMade('500')],
			before: older(250).with(150, { id: 'there', email: 'north@example.com' }),
			page: (records, query) => descending(records, query),
			gives: ['there'],
		},
	]);
});

describe('A list that cannot be read', () => {
	testCreates([
		...all.map(
			(kind): Case => ({
				name: `${kind}: because of its role, leaves the failure unchanged`,
				kind,
				posts: [made('lost')],
				instead: [refusal(403, 'No')],
				gives: [asBefore],
				reads: 1,
			}),
		),
		{
			name: 'for a moment is read again',
			kind: 'export',
			posts: [made('lost')],
			instead: [...Array<Reply>(4).fill(refusal(500, 'Down')), undefined as unknown as Reply],
			gives: ['new_1'],
		},
		{
			name: 'at all leaves the failure unchanged',
			kind: 'export',
			posts: [made('lost')],
			instead: [refusal(500, 'Down')],
			gives: [asBefore],
		},
	]);
});

describe('Other unclear responses, and what follows', () => {
	const waiting = { waitForCompletion: true };
	const retrying = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
	testCreates([
		...all.map(
			(kind): Case => ({
				name: `${kind}: an error in a success`,
				kind,
				posts: [made('error')],
				gives: ['new_1'],
			}),
		),
		{
			name: 'export: a success without an ID',
			kind: 'export',
			posts: [made('no ID')],
			gives: ['new_1'],
		},
		{
			name: 'export: goes on to its file',
			kind: 'export',
			posts: [made('lost')],
			run: { parameters: waiting },
			gives: ['new_1'],
		},
		{
			name: 'export: no longer than Timeout',
			kind: 'export',
			posts: [notMade('lost')],
			run: { parameters: { ...waiting, options: { timeout: 2 } } },
			gives: [notFound],
			reads: 1,
		},
		...all.flatMap((kind): Case[] => [
			{
				name: `${kind}: Retry On Fail does not send again what was not found`,
				kind,
				posts: [notMade('lost')],
				run: { settings: retrying, onError: 'stopWorkflow' },
				gives: [notFound],
				reads: 3,
			},
			{
				name: `${kind}: Retry On Fail returns what was found while another item failed`,
				kind,
				items: ['north', 'south'],
				posts: [made('lost'), notMade('422'), made('ok')],
				run: { settings: retrying, onError: 'stopWorkflow' },
				gives: ['new_1', 'new_3'],
			},
		]),
	]);
});

test('The search ends when the user stops the execution', async () => {
	const one: Case = { name: '', kind: 'dashboard', posts: [notMade('lost')], gives: [] };
	const { server, readsOf } = await serverOf(one);
	const { node, parameters } = kinds.dashboard;
	const { outcome, stop } = startNode({
		node,
		parameters,
		credential: server.credential,
		input: [{ json: { name: 'north' } }],
	});
	while (readsOf() === 0) await sleep(20);
	stop();
	expect((await outcome).run.status).toBe('canceled');
	await sleep(5_000);
	server.close();
	expect(server.sent()).toEqual({ POST: 1, GET: 1 });
}, 20_000);
