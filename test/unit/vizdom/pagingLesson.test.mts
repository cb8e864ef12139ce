import type { IDataObject } from 'n8n-workflow';
import { assumedPaging } from '../../../nodes/shared/vizdom/facts.ts';
import type { Page, Paging } from '../../../nodes/shared/vizdom/paging.ts';
import { PagingLesson } from '../../../nodes/shared/vizdom/pagingLesson.ts';

interface Manners {
	page?: string;
	offset?: string;
	cursor?: string;
	size?: string;
	firstPage?: 0 | 1;
	usual: number; // records in a page without a requested size
	isStrict?: boolean;
	about?: (end: number) => object;
	total?: number;
	before?: (rows: number[]) => void; // what happens before each request
}

/** A server that pages like that, and how many requests it got. */
function serverWith(manners: Manners) {
	const { page = '', offset = '', cursor = '', size = '', firstPage = 1, usual } = manners;
	const rows = Array.from({ length: manners.total ?? 200 }, (_, index) => index);
	const server = { requests: 0, ask };
	async function ask(query: IDataObject): Promise<Page<unknown> | undefined> {
		server.requests++;
		manners.before?.(rows);
		const known = [page, offset, cursor, size];
		if (manners.isStrict && Object.keys(query).some((name) => !known.includes(name)))
			return undefined;
		const limit = Math.min(Number(query[size] ?? usual), 100);
		const number = Number(query[page] ?? firstPage) - firstPage;
		const from = number * limit + Number(query[offset] ?? 0) + Number(query[cursor] ?? 0);
		const records = rows.slice(from, from + limit).map((id) => ({ id }));
		const about = manners.about?.(from + limit) ?? {};
		return { offset: 0, limit, records, total: rows.length, about };
	}
	return server;
}

async function learn(manners: Manners, refused = false) {
	const server = serverWith(manners);
	const first = (await server.ask({})) as Page<unknown>;
	server.requests = 0;
	const found = await new PagingLesson(server.ask, first, refused).find(assumedPaging);
	return { found, requests: server.requests };
}

function paging(by: Paging['by'], position: string, size?: string, firstPage?: 0 | 1) {
	return { by, position, size, ...(firstPage !== undefined && { firstPage }), largest: 100 };
}

describe('A server that ignores unknown parameters', () => {
	test.each<[Manners, object, number]>([
		[{ page: 'page', size: 'per_page', usual: 20 }, paging('page', 'page', 'per_page', 1), 1],
		[{ page: 'page', size: 'limit', usual: 20 }, paging('page', 'page', 'limit', 1), 1],
		[{ page: 'page', size: 'size', usual: 25, firstPage: 0 }, paging('page', 'page', 'size', 0), 2],
		[{ page: 'page', size: 'pageSize', usual: 10 }, paging('page', 'page', 'pageSize', 1), 1],
		[{ page: 'page', size: 'take', usual: 10 }, paging('page', 'page', 'take', 1), 3],
		[{ page: 'page', usual: 20 }, paging('page', 'page', undefined, 1), 2],
		[{ page: 'page', usual: 20, firstPage: 0 }, paging('page', 'page', undefined, 0), 2],
		[{ offset: 'skip', size: 'limit', usual: 20 }, paging('offset', 'skip', 'limit'), 1],
		[{ offset: 'skip', size: 'take', usual: 50 }, paging('offset', 'skip', 'take'), 1],
		[{ offset: 'start', size: 'count', usual: 20 }, paging('offset', 'start', 'count'), 2],
		[
			{ page: 'page[number]', size: 'page[size]', usual: 20 },
			paging('page', 'page[number]', 'page[size]', 1),
			3,
		],
		[
			{
				cursor: 'cursor',
				size: 'limit',
				usual: 20,
				about: (end) => ({ meta: { next_cursor: end } }),
			},
			paging('cursor', 'cursor', 'limit'),
			1,
		],
		[
			{
				cursor: 'after',
				size: 'first',
				usual: 20,
				about: (end) => ({ meta: { end_cursor: end } }),
			},
			paging('cursor', 'after', undefined),
			3,
		],
		[
			{
				cursor: 'c',
				size: 'n',
				usual: 20,
				about: (end) => ({ links: { next: `/v1/x?c=${end}` } }),
			},
			paging('cursor', '', undefined),
			1,
		],
		[
			{ page: 'p', size: 'n', usual: 20, about: () => ({ links: { next: '/v1/x?p=2' } }) },
			paging('page', 'p', undefined, 1),
			2,
		],
	])('with %j is known to page by %j after %i requests at most', async (manners, style, most) => {
		const { found, requests } = await learn(manners);
		expect(found).toEqual(style);
		expect(requests).toBeLessThanOrEqual(most);
	});

	test('and has no known parameter is not understood', async () => {
		const { found, requests } = await learn({ page: 'sheet', size: 'rows', usual: 20 });
		expect(found).toBeUndefined();
		expect(requests).toBeLessThanOrEqual(6);
	});
});

describe('A server that refuses unknown parameters', () => {
	test.each<[Manners, object, number]>([
		[{ page: 'page', size: 'per_page', usual: 20 }, paging('page', 'page', 'per_page', 1), 2],
		[{ page: 'page', size: 'page_size', usual: 20 }, paging('page', 'page', 'page_size', 1), 5],
		[{ page: 'page', usual: 20 }, paging('page', 'page', undefined, 1), 9],
		[{ offset: 'skip', size: 'limit', usual: 20 }, paging('offset', 'skip', 'limit'), 4],
		[
			{
				cursor: 'cursor',
				size: 'limit',
				usual: 20,
				about: (end) => ({ meta: { next_cursor: end } }),
			},
			paging('cursor', 'cursor', 'limit'),
			2,
		],
	])('with %j is known to page by %j after %i requests at most', async (manners, style, most) => {
		const { found, requests } = await learn({ ...manners, isStrict: true }, true);
		expect(found).toEqual(style);
		expect(requests).toBeLessThanOrEqual(most);
	});
});

test('If only the page was too large, smaller ones are requested in the same way', async () => {
	const { found, requests } = await learn({ offset: 'offset', size: 'limit', usual: 20 }, true);
	expect(found).toEqual({ ...assumedPaging, largest: 50 });
	expect(requests).toBe(1);
});

test('A list that has shifted by a record since its first page was read teaches the same', async () => {
	for (const shift of [(rows: number[]) => rows.unshift(-1), (rows: number[]) => rows.shift()]) {
		let requests = 0;
		const before = (rows: number[]) => void (++requests === 2 && shift(rows));
		const numbered = await learn({ page: 'page', size: 'per_page', usual: 20, before });
		expect(numbered.found).toEqual(paging('page', 'page', 'per_page', 1));
		requests = 0;
		const skipped = await learn({ offset: 'skip', size: 'limit', usual: 20, before });
		expect(skipped.found).toEqual(paging('offset', 'skip', 'limit'));
		requests = 0;
		const fixed = await learn({ page: 'page', usual: 20, before });
		expect(fixed.found).toEqual(paging('page', 'page', undefined, 1));
	}
});

test('A shifted list teaches nothing about a server that pages as assumed', async () => {
	let requests = 0;
	const before = (rows: number[]) => void (++requests === 2 && rows.unshift(-3, -2, -1));
	const { found } = await learn({ offset: 'offset', size: 'limit', usual: 20, before });
	expect(found).toBeUndefined();
});
