import { DeletionTracker } from '../../../nodes/shared/vizdom/deletionTracker.ts';

const records = ['a', 'b', 'c'].map((id) => ({ id, name: `Dashboard ${id}` }));
const [a, b, c] = records as [(typeof records)[0], (typeof records)[0], (typeof records)[0]];

/** As restored from n8n's database. */
function stored(saved: object): object {
	return JSON.parse(JSON.stringify(saved)) as object;
}

/** Length in n8n's database, as JSON in a text. */
function sizeOf(tracker: DeletionTracker): number {
	return JSON.stringify(JSON.stringify(tracker.save())).length;
}

/** A reading of the whole list; `there` can be read one by one. */
function advance(
	tracker: DeletionTracker,
	reading: object[],
	there: object[] = reading,
): unknown[] {
	const ids = tracker.idsToRead(reading as never, true) ?? [];
	const found = (id: string) => there.find((one) => (one as { id: string }).id === id);
	return tracker.take(reading as never, true, new Map(ids.map((id) => [id, found(id) as never])));
}

function after(...readings: object[][]): DeletionTracker {
	const tracker = new DeletionTracker();
	for (const reading of readings) advance(tracker, reading);
	return new DeletionTracker(stored(tracker.save()));
}

test('a record missing in two readings, and not readable, comes as last seen', () => {
	const tracker = after(records, [a, c]);
	expect(tracker.idsToRead([], false)).toBeUndefined();
	expect(advance(tracker, [a, c])).toEqual([b]);
	expect(advance(tracker, [a, c])).toEqual([]);
	expect(new DeletionTracker(stored(tracker.save())).idsToRead([], false)).toEqual([]);
});

test('a list that is empty or halved once is no deletion', () => {
	for (const glitch of [[], [a]]) expect(advance(after(records, glitch), records)).toEqual([]);
});

test('a record that can still be read is not deleted', () => {
	const tracker = after(records, [a], [a]);
	expect(advance(after(records, [a]), [a], records)).toEqual([]);
	expect(advance(tracker, records)).toEqual([]);
});

test('a restored record can be deleted again; a stale response restores nothing', () => {
	const deleted = [records, [a, c], [a, c]];
	const stale = after(...deleted, records, [a, c], [a, c]);
	expect(advance(stale, [a, c])).toEqual([]);
	const restored = after(...deleted, records, records, [a, c]);
	expect(advance(restored, [a, c])).toEqual([b]);
	expect(advance(restored, [a, c])).toEqual([]);
	const wholeStale = after(...deleted, records);
	expect(advance(wholeStale, records, [a, c])).toEqual([]);
	expect(advance(after(...deleted, records), [a, c])).toEqual([]);
});

test('many records are kept by ID, and not all of very many', () => {
	const long = Array.from({ length: 1_000 }, (_, index) => ({
		id: `dash_${index}`,
		x: 'x'.repeat(999),
	}));
	const tracker = after(long);
	expect(sizeOf(tracker)).toBeLessThan(200_000);
	advance(tracker, long.slice(1));
	expect(advance(tracker, long.slice(1))).toEqual([{ id: 'dash_0' }]);
	const many = Array.from({ length: 50_000 }, (_, index) => ({ id: `${'y'.repeat(40)}${index}` }));
	expect(sizeOf(after(many))).toBeLessThan(200_000);
});
