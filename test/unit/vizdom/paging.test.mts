import fc from 'fast-check';
import { assumedPaging } from '../../../nodes/shared/vizdom/facts.ts';
import {
	endOf,
	nextIn,
	type Paging,
	placeOf,
	queryOf,
} from '../../../nodes/shared/vizdom/paging.ts';

const numbered: Paging = {
	by: 'page',
	position: 'page',
	size: 'per_page',
	firstPage: 1,
	largest: 100,
};

test.each([
	[assumedPaging, { limit: 50, offset: 200 }],
	[numbered, { per_page: 50, page: 5 }],
	[{ ...numbered, firstPage: 0 as const, size: undefined }, { page: 4 }],
	[
		{ ...assumedPaging, by: 'cursor' as const, position: 'after' },
		{ limit: 50, after: 'c=1' },
	],
	[{ ...assumedPaging, by: 'cursor' as const, position: '' }, { c: '1' }],
	[{ ...assumedPaging, by: 'nothing' as const }, {}],
])('By %j, 50 records from the 200th on are %j', (paging, query) => {
	expect(queryOf(paging, { offset: 200, limit: 50, cursor: 'c=1' })).toEqual(query);
});

test('A first page has no cursor', () => {
	const paging: Paging = { ...assumedPaging, by: 'cursor', position: 'after' };
	expect(queryOf(paging, { offset: 0, limit: 50 })).toEqual({ limit: 50 });
});

describe('A page with a number', () => {
	test('overlaps the known records and brings more, wherever they end', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 12, max: 100 }),
				fc.integer({ min: 12, max: 20_000 }),
				(limit, end) => {
					const place = placeOf(numbered, end - 2, limit, end);
					expect(place.offset % place.limit).toBe(0);
					expect(place.limit).toBeLessThanOrEqual(limit);
					expect(place.offset).toBeLessThan(end);
					expect(endOf(place)).toBeGreaterThan(end);
				},
			),
			{ numRuns: 5_000 },
		);
	});

	test('brings nearly as many new records as a page with an offset', () => {
		let pages = 1;
		for (let end = 100; end < 10_000; pages++) end = endOf(placeOf(numbered, end - 2, 100, end));
		expect(pages).toBeLessThan(120);
	});

	test('of a fixed size contains the record', () => {
		const fixed = { ...numbered, size: undefined };
		expect(placeOf(fixed, 45, 20)).toEqual({ offset: 40, limit: 20 });
	});
});

test.each([
	[{ meta: { total: 5, next_cursor: 'abc' } }, { field: 'next_cursor', cursor: 'abc' }],
	[{ meta: { total: 5, cursors: { before: 'a', after: 'b' } } }, { field: 'after', cursor: 'b' }],
	[{ pagination: { cursor: 17 } }, { field: 'cursor', cursor: '17' }],
	[
		{ links: { next: 'https://else.example/v1/dashboards?page=2' } },
		{ field: 'next', query: 'page=2' },
	],
	[{ links: { next: { href: '/v1/dashboards?c=1#x' } } }, { field: 'href', query: 'c=1' }],
	[{ nextLink: '?c=1' }, { field: 'nextLink', query: 'c=1' }],
	[{ meta: { next_cursor: 'abc', next: '/v1?c=1' } }, { field: 'next', query: 'c=1' }],
	[{ meta: { next_page: 2, has_next: true, page: 1 } }, undefined],
	[{ meta: { next_cursor: null }, links: { next: '' } }, undefined],
	[{ links: { prev: '/v1?c=1', self: '/v1?c=2' } }, undefined],
	[undefined, undefined],
])('Next to the records, %j says that the next page is at %j', (about, next) => {
	const found = nextIn(about);
	expect(found && Object.fromEntries(Object.entries(found).filter(([, value]) => value))).toEqual(
		next,
	);
});
