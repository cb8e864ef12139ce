import { runNode, searchList } from '../engine.mts';
import { useSandbox } from '../support.mts';
import { startTogether, textOfError } from './cases.mts';
import { bytes, json, refusal, startServer } from './faultyServer.mts';
import type { FaultyServer, Reply } from './faultyServer.mts';

interface Dashboard {
	id: string;
	name: string;
}

function dashboards(count: number, prefix = 'dash'): Dashboard[] {
	return Array.from({ length: count }, (_, index) => ({
		id: `${prefix}_${index}`,
		name: `${prefix} ${index}`,
	}));
}

interface Paging {
	/** A sentence: the test's name */
	name: string;
	list: Dashboard[];
	/** Records per page at most; by default the API's own maximum */
	largestPage?: number;
	ignoresOffset?: boolean;
	ignoresLimit?: boolean;
	/** `meta` of a response; by default the true total */
	meta?: (list: Dashboard[]) => unknown;
	/** Happens when the nth request (from 1) arrives, before its response */
	before?: (nth: number, list: Dashboard[]) => void;
	/**
	 * Happens between the two queries for the nth response; the total comes first if `countsFirst`
	 */
	between?: (nth: number, list: Dashboard[]) => void;
	countsFirst?: boolean;
	/** Rows that the server counts but leaves out of its pages */
	leavesOut?: (id: string) => boolean;
	/** Reply to the nth request instead of the page */
	fault?: (nth: number) => Reply | undefined;
	limit?: number;
	/** IDs that come out; by default those in the list at the start */
	ids?: string[];
	/** How many at most; exactly that many without `says` and `roughly` */
	requests: number;
	roughly?: boolean;
	says?: RegExp;
}

const ids = (list: Dashboard[]) => list.map(({ id }) => id);
const onlyAt = (at: number, reply: Reply) => (nth: number) => (nth === at ? reply : undefined);
const none = () => undefined;

const doubled = [...dashboards(150), ...dashboards(100).slice(20, 40), ...dashboards(50, 'more')];

const cases: Paging[] = [
	{ name: 'A list is read whole, in order', list: dashboards(280), requests: 3 },
	{
		name: 'A server that serves 25 a page is read in pages of 25',
		list: dashboards(280),
		largestPage: 25,
		requests: 13,
	},
	{
		name: 'A server that serves one record per page is read',
		list: dashboards(9),
		largestPage: 1,
		requests: 11,
	},
	{
		name: 'A server that serves two records per page is read',
		list: dashboards(9),
		largestPage: 2,
		requests: 9,
	},
	{
		name: 'A list without meta is read to its end',
		list: dashboards(280),
		meta: none,
		requests: 4,
	},
	{
		name: 'A list whose meta is null is read to its end',
		list: dashboards(280),
		meta: () => null,
		requests: 4,
	},
	{
		name: 'A list whose total is a text is read to its end',
		list: dashboards(280),
		meta: () => ({ total: '280' }),
		requests: 3,
	},
	{
		name: 'A list whose total is too small is read to its end, too',
		list: dashboards(280),
		meta: () => ({ total: 7 }),
		requests: 7,
		roughly: true,
	},
	{
		name: 'A full page does not prove a longer list if its total is as large',
		list: dashboards(280),
		meta: () => ({ total: 100 }),
		requests: 6,
		roughly: true,
	},
	{
		name: 'A record inserted between count and page hides none',
		list: dashboards(100),
		between: (nth, list) => void (nth === 1 && list.unshift({ id: 'new', name: 'New' })),
		countsFirst: true,
		requests: 2,
		ids: ['new', ...ids(dashboards(100))],
	},
	{
		name: 'A record deleted between page and count hides no other',
		list: dashboards(199),
		between: (nth, list) => void (nth === 2 && list.shift()),
		requests: 3,
		ids: ids(dashboards(199)),
	},
	{
		name: 'A record that moves to the front in an order of change is found there',
		list: dashboards(900),
		before: (nth, list) => void (nth === 5 && list.unshift(...list.splice(850, 1))),
		requests: 14,
		ids: [...ids(dashboards(900)).filter((id) => id !== 'dash_850'), 'dash_850'],
	},
	{
		name: 'A first page that is empty once, despite a total, is read again',
		list: dashboards(250),
		fault: onlyAt(1, json(200, { data: [], meta: { total: 250 } })),
		requests: 4,
	},
	{
		name: 'An empty list that claims to have records is not accepted as empty',
		list: [],
		meta: () => ({ total: 250 }),
		requests: 2,
		says: /^The server reports that the list has 250 records, but returns none from record 1 on/,
	},
	{
		name: 'A page in the middle that is empty once is read again',
		list: dashboards(280),
		fault: onlyAt(2, json(200, { data: [], meta: { total: 280 } })),
		requests: 4,
	},
	{
		name: 'A page in the middle that is always empty fails the list',
		list: dashboards(700),
		leavesOut: (id) => Number(id.slice(5)) >= 100 && Number(id.slice(5)) < 400,
		requests: 20,
		says: /^The server reports that the list has 700 records, but returns none from record \d+ on/,
	},
	{
		name: 'A list with hidden records is read to its end',
		list: dashboards(480),
		leavesOut: (id) => /5$/.test(id),
		requests: 20,
		roughly: true,
		ids: ids(dashboards(480)).filter((id) => !id.endsWith('5')),
	},
	{
		name: 'A list that is null, with a total of 0, is empty',
		list: [],
		fault: () => json(200, { data: null, meta: { total: 0 } }),
		requests: 1,
	},
	{
		name: 'A list whose total is too large ends where the records end',
		list: dashboards(280),
		meta: () => ({ total: 300 }),
		requests: 7,
	},
	{
		name: 'A list without pages comes out once',
		list: dashboards(30),
		meta: none,
		ignoresOffset: true,
		ignoresLimit: true,
		requests: 7,
		roughly: true,
	},
	{
		name: 'A large list without pages comes out once',
		list: dashboards(280),
		meta: none,
		ignoresOffset: true,
		ignoresLimit: true,
		requests: 7,
		roughly: true,
	},
	{
		name: 'A large list without pages, but with a total, is read once',
		list: dashboards(280),
		ignoresOffset: true,
		ignoresLimit: true,
		requests: 1,
	},
	{
		name: 'A server that ignores the offset is detected',
		list: dashboards(280),
		ignoresOffset: true,
		requests: 10,
		says: /^The server pages its lists in a way .*the same 100 of 280 .*skip=.*issues.*'Return All'.*'Limit'/,
	},
	{
		name: 'A server that ignores the offset is detected without meta, too',
		list: dashboards(280),
		ignoresOffset: true,
		meta: none,
		requests: 10,
		says: /^The server pages its lists in a way .*the same 100 of all/,
	},
	{
		name: 'A server that ignores the offset can serve a Limit within one page',
		list: dashboards(280),
		ignoresOffset: true,
		limit: 40,
		ids: ids(dashboards(40)),
		requests: 1,
	},
	{
		name: 'Records that come twice come out once',
		list: doubled,
		ids: [...new Set(ids(doubled))],
		requests: 11,
		roughly: true,
	},
	{
		name: 'A record that is added at the end while the list is read does no harm',
		list: dashboards(280),
		before: (nth, list) => void (nth === 2 && list.push({ id: 'new', name: 'New' })),
		ids: [...ids(dashboards(280)), 'new'],
		requests: 3,
	},
	{
		name: 'Five records added at the front while the list is read neither hide nor repeat one',
		list: dashboards(280),
		before: (nth, list) => void (nth === 2 && list.unshift(...dashboards(5, 'new'))),
		requests: 3,
	},
	{
		name: 'Five records removed from the front while the list is read hide none',
		list: dashboards(280),
		before: (nth, list) => void (nth === 2 && list.splice(0, 5)),
		requests: 4,
	},
	{
		name: 'Records added and removed at each request neither hide nor repeat one',
		list: dashboards(280),
		before: (nth, list) => {
			if (nth < 2) return;
			list.splice(0, 1);
			list.push({ id: `new_${nth}`, name: 'New' });
		},
		requests: 20,
		roughly: true,
	},
	{
		name: 'Only the page that meets 500 once is read again',
		list: dashboards(280),
		fault: onlyAt(2, refusal(500, 'Down')),
		requests: 4,
	},
	{
		name: 'Only the page that is refused (429) once is read again',
		list: dashboards(280),
		fault: onlyAt(3, refusal(429, 'Slow down', { 'retry-after': '1' })),
		requests: 4,
	},
	{
		name: 'A page whose connection breaks off is read again',
		list: dashboards(280),
		fault: onlyAt(1, bytes('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"data"', 'reset')),
		requests: 4,
	},
	{
		name: 'A page that fails with 403 fails the list: none of it comes out',
		list: dashboards(280),
		fault: onlyAt(3, refusal(403, 'Not that page')),
		requests: 3,
		says: /^Not that page/,
	},
	{
		name: 'A page with something that is not a record fails the list',
		list: dashboards(280),
		fault: onlyAt(3, json(200, { data: [null] })),
		requests: 3,
		says: /^The server did not answer \/dashboards with a list/,
	},
	{
		name: 'A page that is not a list fails the list',
		list: dashboards(280),
		fault: onlyAt(3, json(200, { data: null })),
		requests: 3,
		says: /^The server did not answer \/dashboards with a list/,
	},
];

const results = startTogether(cases, async (paging) => {
	const { list, meta = ({ length: total }) => ({ total }), before, fault, limit } = paging;
	const live = [...list];
	let nth = 0;
	const server = await startServer(({ path }) => {
		nth++;
		before?.(nth, live);
		const query = new URL(path, 'http://x').searchParams;
		const offset = paging.ignoresOffset ? 0 : Number(query.get('offset'));
		const asked = paging.ignoresLimit ? Infinity : Number(query.get('limit'));
		const end = offset + Math.min(asked, paging.largestPage ?? Infinity);
		const { between, countsFirst, leavesOut = () => false } = paging;
		const counted = meta(live);
		if (countsFirst) between?.(nth, live);
		const data = live.slice(offset, end).filter(({ id }) => !leavesOut(id));
		if (!countsFirst) between?.(nth, live);
		return fault?.(nth) ?? json(200, { data, meta: countsFirst ? counted : meta(live) });
	});
	const outcome = await runNode({
		node: 'vizdomDashboard',
		parameters: { operation: 'getAll', returnAll: limit === undefined, limit },
		credential: server.credential,
	}).finally(server.close);
	return { outcome, server, live };
});

test.each(cases)(
	'$name',
	async (paging) => {
		const { outcome, server, live } = await results(paging);
		const { items, error } = outcome;
		if (paging.says) {
			expect(textOfError(error)).toMatch(paging.says);
			expect(items).toEqual([]);
			expect(server.requests.length).toBeLessThanOrEqual(paging.requests);
			return;
		}
		expect(error).toBeUndefined();
		expect(items.every(({ pairedItem }) => (pairedItem as { item: number }).item === 0)).toBe(true);
		const out = items.map(({ json: { id } }) => String(id));
		expect(new Set(out).size).toBe(out.length);
		if (paging.roughly) expect(server.requests.length).toBeLessThanOrEqual(paging.requests);
		else expect(server.sent()).toEqual({ GET: paging.requests });
		if (paging.before && !paging.ids) {
			// Records that existed throughout come out, in their order.
			const throughout = ids(paging.list).filter((id) => ids(live).includes(id));
			expect(out.filter((id) => throughout.includes(id))).toEqual(throughout);
		} else {
			expect(out).toEqual(paging.ids ?? ids(paging.list));
		}
	},
	30_000,
);

describe('A search', () => {
	async function search(pageOf: (offset: number) => unknown, filter: string) {
		const server = await startServer(({ path }) => {
			const offset = Number(new URL(path, 'http://localhost').searchParams.get('offset'));
			return json(200, pageOf(offset));
		});
		const { credential } = server;
		const found = await searchList('vizdomDashboard', 'searchDashboards', credential, filter);
		server.close();
		return { found, requests: server.requests.length };
	}

	test.each([undefined, {}, { total: '60' }, { total: 60 }])(
		'finds the last of three short pages if meta is %j',
		async (meta) => {
			const all = dashboards(60);
			const pageOf = (offset: number) => ({ data: all.slice(offset, offset + 25), meta });
			const { found } = await search(pageOf, 'dash_59');
			expect(found.results).toEqual([{ name: 'dash 59', value: 'dash_59' }]);
			expect(found.paginationToken).toBeUndefined();
		},
	);

	test('lists each once if the server has neither offset nor total', async () => {
		const { found, requests } = await search(() => ({ data: dashboards(5) }), '');
		expect(found.results).toHaveLength(5);
		expect(found.paginationToken).toBeUndefined();
		expect(requests).toBe(2);
	});

	test('ends if the server has neither, and as many rows as the editor takes at once', async () => {
		const server = await startServer(() => json(200, { data: dashboards(50) }));
		const search = async (token?: string) =>
			await searchList('vizdomDashboard', 'searchDashboards', server.credential, '', token);
		const first = await search();
		const next = await search(first.paginationToken as string);
		server.close();
		expect(first.results).toHaveLength(50);
		expect(next).toEqual({ results: [] });
	});
});

async function returnAll({ credential, close }: FaultyServer) {
	return await runNode({
		node: 'vizdomDashboard',
		parameters: { operation: 'getAll', returnAll: true },
		credential,
	}).finally(close);
}

test('The total of a page is not mistaken for that of the list if there is a next page', async () => {
	const all = dashboards(180);
	const server = await startServer(({ path }) => {
		const from = Number(new URL(path, 'http://x').searchParams.get('cursor'));
		const data = all.slice(from, from + 50);
		const next_cursor = from + 50 < all.length ? String(from + 50) : null;
		return json(200, { data, meta: { total: data.length, next_cursor } });
	});
	const { items, error } = await returnAll(server);
	expect(error).toBeUndefined();
	expect(items.map(({ json: { id } }) => id)).toEqual(ids(all));
});

test('Records without an ID, or with the ID 0, are separate records', async () => {
	const records = ['', '', 0, 0, null].map((id, index) => ({ id, name: `Number ${index}` }));
	const twins = [{ name: 'Twin' }, { name: 'Twin' }];
	const server = await startServer(() => json(200, { data: [...records, ...twins] }));
	const { items, error } = await returnAll(server);
	expect(error).toBeUndefined();
	expect(items.map(({ json: { name } }) => name)).toEqual([
		...records.map(({ name }) => name),
		'Twin',
		'Twin',
	]);
});

test.each([undefined, { total: 60_000 }])(
	'A list that turns out too long for n8n fails with a clear error if meta is %j',
	async (meta) => {
		const server = await startServer(({ path }) => {
			const { searchParams } = new URL(path, 'http://localhost');
			const [offset, limit] = ['offset', 'limit'].map((name) => Number(searchParams.get(name)));
			const page = Array.from({ length: limit ?? 0 }, (_, index) => ({
				id: (offset ?? 0) + index,
			}));
			const grown = meta && (offset ?? 0) > 0 ? { total: 130_000 } : meta;
			return json(200, { data: page, meta: grown });
		});
		const { error } = await runNode({
			node: 'vizdomDashboard',
			parameters: { operation: 'getAll', returnAll: true },
			credential: { ...server.credential, requestsPerMinute: 100_000 },
		}).finally(server.close);
		expect(textOfError(error)).toMatch(
			/^The list has at least 1[03]\d{4} records, more than n8n takes.*'Limit'/,
		);
		expect(server.requests.length).toBeLessThan(1_100);
	},
	60_000,
);

describe('In the sandbox', () => {
	const setup = useSandbox();

	test('each item reads its own list, with a page of 25 and two pages that fail once', async () => {
		const { sandbox } = setup;
		sandbox.settings.maxPageSize = 25;
		sandbox.store.resize('dashboards', 60);
		sandbox.faults.push({ status: 503, skip: 1, times: 1 }, { status: 429, skip: 3, times: 1 });
		const { items, error } = await runNode({
			node: 'vizdomDashboard',
			parameters: { operation: 'getAll', returnAll: true },
			credential: setup.credential('viewer'),
			input: [{ json: {} }, { json: {} }],
		});
		expect(error).toBeUndefined();
		const all = sandbox.store.dashboards.all.map(({ id }) => id);
		expect(items.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual(
			[0, 1].flatMap((item) => all.map((id) => [id, { item }])),
		);
		expect(sandbox.requests).toHaveLength(2 * 3 + 2);
	}, 30_000);

	test('a search goes on after a page that fails once', async () => {
		setup.sandbox.faults.push({ status: 502, skip: 1, times: 1 });
		const wanted = setup.sandbox.store.dashboards.all.at(-1);
		const { results: rows } = await searchList(
			'vizdomDashboard',
			'searchDashboards',
			setup.credential(),
			wanted?.id,
		);
		expect(rows).toEqual([{ name: wanted?.name, value: wanted?.id }]);
		expect(setup.sandbox.requests).toHaveLength(4);
	}, 30_000);

	test('a search that fails says why', async () => {
		setup.sandbox.faults.push({ status: 403, body: { error: { code: 'no', message: 'Not you' } } });
		const search = searchList('vizdomUser', 'searchUsers', setup.credential());
		await expect(search).rejects.toMatchObject({
			message: 'Not you',
			description: expect.stringContaining('Use another API key, or ask an Admin'),
		});
		expect(setup.sandbox.requests).toHaveLength(1);
	});
});
