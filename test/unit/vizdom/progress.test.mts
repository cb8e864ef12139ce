import type { IDataObject } from 'n8n-workflow';
import { Progress } from '../../../nodes/shared/vizdom/progress.ts';
import type { Sighting } from '../../../nodes/shared/vizdom/sighting.ts';

interface Seen extends Sighting {
	id: string;
}

const hour = 3_600_000;
const noon = Date.UTC(2026, 0, 15, 12);

function made(id: string, time: number): Seen {
	return { id, time, version: 'done', isEvent: true };
}

function changed(id: string, time: number, version: string, isOriginal = false): Seen {
	return { id, time, version, isEvent: true, isOriginal };
}

function pending(id: string, time: number): Seen {
	return { id, time, version: '', isEvent: false, isPending: true };
}

const see = (record: IDataObject) => record as unknown as Seen;

/** Takes a whole reading, and what of it must be read once more as it is read then. */
function advance(progress: Progress, reading: Seen[], again: Seen[] = reading): string[] {
	const records = reading as unknown as IDataObject[];
	const ids = progress.idsToRead(records, true) ?? [];
	const single = new Map(
		ids.map((id) => [id, again.find((one) => one.id === id) as unknown as IDataObject]),
	);
	return progress.take(records, true, single).map(({ id }) => String(id));
}

/** As it comes back from n8n's database. */
function stored(saved: object): object {
	return JSON.parse(JSON.stringify(saved)) as object;
}

/** The progress after readings, as it comes back from n8n's database. */
function after(...readings: Seen[][]): Progress {
	const progress = new Progress(see);
	for (const reading of readings) advance(progress, reading);
	return restored(progress);
}

function restored(progress: Progress): Progress {
	return new Progress(see, stored(progress.save()));
}

function many(count: number, time: (index: number) => number, prefix = 'old'): Seen[] {
	return Array.from({ length: count }, (_, index) => made(`${prefix}${index}`, time(index)));
}

test('new records, oldest first, each once', () => {
	const progress = after([made('a', 10)]);
	const reading = [made('d', 30), made('b', 20), made('a', 10), made('c', 20)];
	expect(advance(progress, reading)).toEqual(['b', 'c', 'd']);
	expect(advance(restored(progress), reading)).toEqual([]);
});

test('a record that is new with an old time, or with none', () => {
	const progress = after([made('a', noon), made('b', 0)]);
	expect(advance(progress, [made('a', noon), made('c', 5), made('d', 0)])).toEqual(['d', 'c']);
});

test('a record that a reading lacks is not new when it is there again', () => {
	const progress = after([made('a', 1), made('b', 2)], [made('b', 2)]);
	expect(advance(progress, [made('a', 1), made('b', 2)])).toEqual([]);
});

test('each change, also with the same time, and with an earlier one', () => {
	const progress = after([changed('a', 10, 'one'), changed('b', 10, 'one', true)]);
	expect(advance(progress, [changed('a', 10, 'two')])).toEqual(['a']);
	expect(advance(restored(progress), [changed('a', 4, 'tre')])).toEqual(['a']);
	expect(advance(progress, [changed('b', 10, 'two', true)])).toEqual(['b']);
	expect(advance(progress, [changed('c', 99, 'one', true)])).toEqual([]);
	expect(advance(progress, [changed('c', 99, 'two', true)])).toEqual(['c']);
});

describe('a version that was there before', () => {
	const [one, two] = ['one', 'two'].map((version) => ({
		...changed('a', 10, version),
		mayReturn: true,
	})) as [Seen, Seen];

	test('is a stale answer, if the record itself is not so', () => {
		const progress = after([one], [two]);
		expect(advance(progress, [one], [two])).toEqual([]);
		expect(advance(restored(progress), [two])).toEqual([]);
	});

	test('is a change back, if it is', () => {
		const progress = after([one], [two]);
		expect(advance(progress, [one], [one])).toEqual(['a']);
		expect(advance(progress, [two], [two])).toEqual(['a']);
	});

	test('is a stale answer, if its date has changed since, in the same minute too', () => {
		const [early, late] = ['one1', 'two2'].map((version) => ({
			...one,
			version: `${version}date`,
		}));
		const changedSince = { ...late, version: 'two2then' } as Seen;
		expect(advance(after([early as Seen], [late as Seen]), [early as Seen])).toEqual(['a']);
		expect(advance(after([early as Seen], [changedSince]), [early as Seen])).toEqual([]);
	});

	test('is a stale answer in any case, if it is dated', () => {
		const progress = after([changed('a', 10, 'one')], [changed('a', 20, 'two')]);
		expect(advance(progress, [changed('a', 10, 'one')])).toEqual([]);
		expect(advance(progress, [changed('a', 20, 'two')])).toEqual([]);
	});
});

test('completed, processing, completed: it has happened once', () => {
	const progress = after([pending('a', noon)]);
	expect(advance(progress, [made('a', noon)])).toEqual(['a']);
	expect(advance(progress, [pending('a', noon)])).toEqual([]);
	expect(advance(restored(progress), [made('a', noon)])).toEqual([]);
	expect(restored(progress).idsToRead([], false)).toEqual([]);
});

test('what is pending comes when it has happened, however old it is', () => {
	const reading = many(30_000, (index) => noon + index * hour);
	const progress = after([pending('p', 0), ...reading]);
	expect(advance(progress, [pending('p', 0), ...reading])).toEqual([]);
	expect(restored(progress).idsToRead([], false)).toEqual(['p']);
	const joined = [made('p', 0), ...reading];
	expect(advance(restored(progress), joined)).toEqual(['p']);
	expect(advance(restored(after(joined)), joined)).toEqual([]);
});

test('what is pending stays so through a pause, which is over what it is seen in first', () => {
	const pause: Seen = { ...made('p', noon), isEvent: false, isPause: true };
	expect(advance(after([pending('p', noon)], [pause]), [made('p', noon)])).toEqual(['p']);
	expect(advance(after([pause]), [made('p', noon)])).toEqual([]);
});

test('what is pending and is gone is not asked for any more', () => {
	const progress = after([pending('p', noon)], []);
	expect(restored(progress).idsToRead([], false)).toEqual([]);
	expect(advance(progress, [pending('p', noon)])).toEqual([]);
	expect(restored(progress).idsToRead([], false)).toEqual(['p']);
	expect(advance(progress, [made('p', noon)])).toEqual(['p']);
});

describe('a list longer than what is remembered', () => {
	const hourly = many(30_000, (index) => noon + index * hour);
	const newest = hourly.at(-1)?.time ?? 0;

	test('stays small, and nothing of it comes again', () => {
		const progress = after(hourly);
		expect(JSON.stringify(progress.save()).length).toBeLessThan(200_000);
		expect(advance(progress, [...hourly].reverse())).toEqual([]);
	});

	test('what is new comes; what is older than all that is remembered does not', () => {
		const progress = after(hourly);
		const late = made('late', newest - 9_000 * hour);
		expect(advance(progress, [...hourly, late, made('ancient', noon)])).toEqual(['late']);
	});

	test('a time in the future does not hide what follows', () => {
		const progress = after([...hourly, made('future', newest + 1_000 * hour)]);
		expect(advance(progress, [...hourly, made('next', newest + 1)])).toEqual(['next']);
	});

	test('12,000 that are still to come are all remembered, with IDs of any length', () => {
		const id = (index: number) => `${'x'.repeat(1_000)}${index}`;
		const reading = Array.from({ length: 12_000 }, (_, index) => pending(id(index), noon));
		const progress = after(reading);
		expect(JSON.stringify(progress.save()).length).toBeLessThan(200_000);
		expect(advance(progress, [...reading.slice(1), made(id(0), noon)])).toEqual([id(0)]);
	});
});
