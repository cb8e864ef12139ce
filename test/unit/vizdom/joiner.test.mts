import fc from 'fast-check';
import { Joiner, repeats } from '../../../nodes/shared/vizdom/joiner.ts';
import type { Page } from '../../../nodes/shared/vizdom/paging.ts';

interface Row {
	id: number;
}

function page(list: Row[], offset: number, limit: number, total?: number): Page<Row> {
	return { offset, limit, records: list.slice(offset, offset + limit), total };
}

function rows(count: number, from = 0): Row[] {
	return Array.from({ length: count }, (_, index) => ({ id: from + index }));
}

test('Overlapping pages give the list, each record once', () => {
	const list = rows(25);
	const joiner = new Joiner(page(list, 0, 10, 25), true);
	expect([8, 16].map((offset) => joiner.join(page(list, offset, 10, 25)))).toEqual([true, true]);
	expect(joiner.records).toEqual(list);
	expect(joiner.isComplete).toBe(true);
});

test('A page that shares no record with those before it does not join', () => {
	const list = rows(40);
	const joiner = new Joiner(page(list, 0, 10), true);
	expect(joiner.join(page(list, 10, 10))).toBe(false);
	expect(joiner.records).toEqual(rows(10));
});

test('The first page instead of a later one is recognized', () => {
	const list = rows(40);
	const first = page(list, 0, 10);
	expect(repeats({ ...page(list, 0, 10), offset: 20 }, first)).toBe(true);
	expect(repeats(page(list, 1, 10), first)).toBe(false);
	expect(repeats(page(list, 90, 10), first)).toBe(false);
});

/** Reads a list page by page; before each page, records are inserted or deleted anywhere. */
const reading = fc.record({
	count: fc.integer({ min: 1, max: 200 }),
	size: fc.integer({ min: 3, max: 40 }),
	changes: fc.array(
		fc.record({
			at: fc.double({ min: 0, max: 1, noNaN: true }),
			inserts: fc.boolean(),
			many: fc.integer({ min: 0, max: 4 }),
		}),
		{ minLength: 1, maxLength: 30 },
	),
});

test('In 1,000 readings, joined pages have no gap, whatever was inserted or deleted meanwhile', () => {
	fc.assert(
		fc.property(reading, ({ count, size, changes }) => {
			const list = rows(count);
			const deleted = new Set<number>();
			const joiner = new Joiner(page(list, 0, size), true);
			for (const [index, { at, inserts, many }] of changes.entries()) {
				const position = Math.floor(at * (list.length + 1));
				if (inserts) list.splice(position, 0, ...rows(many, 1_000 * (index + 1)));
				else for (const { id } of list.splice(position, many)) deleted.add(id);
				joiner.join(page(list, Math.max(0, joiner.end - 2), size));
			}
			const found = joiner.records.map(({ id }) => id);
			expect(new Set(found).size).toBe(found.length);
			// The records that existed throughout come from the front, in order, none left out.
			const throughout = rows(count)
				.map(({ id }) => id)
				.filter((id) => !deleted.has(id));
			const kept = found.filter((id) => id < count && !deleted.has(id));
			expect(kept).toEqual(throughout.slice(0, kept.length));
		}),
		{ numRuns: 1_000, seed: Number(process.env.SEED ?? 20_261_126) },
	);
});
