import fc from 'fast-check';
import { lookBack, mostSeen, Progress } from '../../nodes/VizdomTrigger/progress.ts';
import type { Sighting } from '../../nodes/VizdomTrigger/progress.ts';

function made(id: string, time: number): Sighting {
	return { id, time, version: 'done', isEvent: true };
}

function changed(id: string, time: number, version: string, isOriginal = false): Sighting {
	return { id, time, version, isEvent: true, isOriginal };
}

function invited(id: string, time: number): Sighting {
	return { id, time, version: '', isEvent: false, isPending: true };
}

function ids(sightings: Sighting[]): string[] {
	return sightings.map(({ id }) => id);
}

/** The progress after a first reading, as it comes back from n8n's database. */
function after(...readings: Sighting[][]): Progress {
	const progress = new Progress();
	for (const reading of readings) progress.advance(reading);
	return restored(progress.save());
}

function restored(saved: string): Progress {
	return Progress.from(saved) as Progress;
}

function many(count: number, time: (index: number) => number, prefix = 'old'): Sighting[] {
	return Array.from({ length: count }, (_, index) => made(`${prefix}${index}`, time(index)));
}

test('new records, oldest first, each once', () => {
	const progress = after([made('a', 10)]);
	const reading = [made('d', 30), made('b', 20), made('a', 10), made('c', 20)];
	expect(ids(progress.advance(reading))).toEqual(['b', 'c', 'd']);
	expect(progress.advance(reading)).toEqual([]);
});

test('a record that is new with an old time', () => {
	const progress = after([made('a', 1_000_000_000)]);
	expect(ids(progress.advance([made('a', 1_000_000_000), made('b', 5)]))).toEqual(['b']);
});

test('records without times', () => {
	const progress = after([made('a', 0), made('b', 0)]);
	expect(ids(progress.advance([made('a', 0), made('b', 0), made('c', 0)]))).toEqual(['c']);
});

test('a record that is not read once is not new when it is there again', () => {
	const progress = after([made('a', 1), made('b', 2)], [made('b', 2)]);
	expect(progress.advance([made('a', 1), made('b', 2)])).toEqual([]);
});

test('each change, also with the same time, and with an earlier one', () => {
	const progress = after([changed('a', 10, 'one'), changed('b', 10, 'one', true)]);
	expect(ids(progress.advance([changed('a', 10, 'two')]))).toEqual(['a']);
	expect(ids(progress.advance([changed('a', 4, 'three')]))).toEqual(['a']);
	expect(ids(progress.advance([changed('b', 10, 'two', true)]))).toEqual(['b']);
	expect(progress.advance([changed('c', 99, 'one', true)])).toEqual([]);
	expect(ids(progress.advance([changed('c', 99, 'two', true)]))).toEqual(['c']);
});

test('what is pending comes when it has happened, however old it is', () => {
	const reading = many(3 * mostSeen, (index) => 1_000 + index * 1_000);
	const progress = after([invited('p', 0), ...reading]);
	expect(progress.advance([invited('p', 0), ...reading])).toEqual([]);
	const joined = [made('p', 0), ...reading];
	expect(ids(progress.advance(joined))).toEqual(['p']);
	expect(restored(progress.save()).advance(joined)).toEqual([]);
});

test('what is pending and comes to nothing is no event, and is forgotten', () => {
	const progress = after([invited('p', 0)]);
	expect(progress.advance([{ id: 'p', time: 0, version: '', isEvent: false }])).toEqual([]);
	expect(after([invited('p', 0)], []).save()).toBe(new Progress().save());
});

test('what has happened once does not happen again, whatever becomes of the record', () => {
	const suspended = { id: 'a', time: 1, version: '', isEvent: false };
	const progress = after([made('a', 1)], [suspended]);
	expect(progress.advance([made('a', 1)])).toEqual([]);
	progress.advance([invited('a', 1)]);
	expect(ids(progress.advance([made('a', 1)]))).toEqual(['a']);
});

describe('a list longer than what is remembered', () => {
	const hourly = many(3 * mostSeen, (index) => index * 3_600_000);
	const newest = hourly.at(-1)?.time ?? 0;

	test('stays small, and nothing of it comes again', () => {
		const progress = after(hourly);
		expect(progress.save().length).toBeLessThan(45 * mostSeen);
		expect(progress.advance([...hourly].reverse())).toEqual([]);
	});

	test('what is new within the look-back comes, what is older than all that is remembered does not', () => {
		const progress = after(hourly);
		const late = made('late', newest - lookBack);
		expect(ids(progress.advance([...hourly, late, made('ancient', 1)]))).toEqual(['late']);
	});

	test('a burst within the look-back is remembered as a whole', () => {
		const burst = many(2 * mostSeen, (index) => newest + index, 'burst');
		const progress = after(hourly);
		expect(progress.advance([...hourly, ...burst])).toHaveLength(2 * mostSeen);
		const again = restored(progress.save());
		expect(again.advance([...burst, ...hourly, made('late', newest + 1)])).toHaveLength(1);
	});

	test('a time in the future does not hide what follows', () => {
		const progress = after([...hourly, made('future', 4_000_000_000_000)]);
		const next = made('next', newest + 1);
		expect(ids(progress.advance([...hourly, next]))).toEqual(['next']);
	});
});

/** One thing that happens, at the time that the server's clock shows then. */
const step = fc.oneof(
	fc.record({ kind: fc.constant('make' as const), time: fc.nat(50) }),
	fc.record({ kind: fc.constant('change' as const), of: fc.nat(), time: fc.nat(50) }),
	fc.record({ kind: fc.constant('remove' as const), of: fc.nat() }),
	fc.record({ kind: fc.constant('poll' as const), saves: fc.boolean() }),
	fc.record({ kind: fc.constant('restart' as const) }),
);

test('of any history, with any clock and any restarts, each version comes exactly once', () => {
	const seed = process.env.SEED === undefined ? 20_261_124 : Number(process.env.SEED);
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			let list: Sighting[] = [changed('first', 25, '0', true)];
			let progress = after(list);
			let saved = progress.save();
			const expected: string[] = [];
			const came: string[] = [];
			let versions = 0;
			const poll = (saves: boolean) => {
				const news = progress.advance(list).map(({ id, version }) => `${id} ${version}`);
				came.push(...news);
				// n8n saves with every execution that it starts.
				if (saves || news.length > 0) saved = progress.save();
			};
			for (const happened of steps) {
				if (happened.kind === 'make') {
					const version = String(++versions);
					list = [changed(`record ${version}`, happened.time, version), ...list];
					expected.push(`record ${version} ${version}`);
				} else if (happened.kind === 'poll') {
					poll(happened.saves);
				} else if (happened.kind === 'restart') {
					progress = restored(saved);
				} else {
					const old = list[happened.of % list.length];
					if (!old) continue;
					poll(false);
					list = list.filter((one) => one !== old);
					if (happened.kind === 'remove') continue;
					const version = String(++versions);
					list.push(changed(old.id, happened.time, version));
					expected.push(`${old.id} ${version}`);
				}
			}
			poll(true);
			expect(came.sort()).toEqual(expected.sort());
		}),
		{ seed, numRuns: 1_000 },
	);
});
