import type { IDataObject } from 'n8n-workflow';
import { EventTracker } from '../../../nodes/shared/vizdom/eventTracker.ts';
import type { Observation } from '../../../nodes/shared/vizdom/observation.ts';

interface Seen extends Observation {
	id: string;
}

const hour = 3_600_000;
const noon = Date.UTC(2026, 0, 15, 12);

function made(id: string, time: number): Seen {
	return { id, time, version: 'done', state: 'happened' };
}

function changed(id: string, time: number, version: string, isOriginal = false): Seen {
	return { id, time, version, state: 'happened', isOriginal };
}

function pending(id: string, time: number): Seen {
	return { id, time, version: '', state: 'pending' };
}

const see = (record: IDataObject) => record as unknown as Seen;

/** Takes a reading of the whole list, and the records that must be read again. */
function advance(tracker: EventTracker, reading: Seen[], again: Seen[] = reading): string[] {
	const records = reading as unknown as IDataObject[];
	const ids = tracker.idsToRead(records, true) ?? [];
	const single = new Map(
		ids.map((id) => [id, again.find((one) => one.id === id) as unknown as IDataObject]),
	);
	return tracker.take(records, true, single).map(({ id }) => String(id));
}

/** As restored from n8n's database. */
function stored(saved: object): object {
	return JSON.parse(JSON.stringify(saved)) as object;
}

/** The tracker after readings, as restored from n8n's database. */
function after(...readings: Seen[][]): EventTracker {
	const tracker = new EventTracker(see);
	for (const reading of readings) advance(tracker, reading);
	return restored(tracker);
}

function restored(tracker: EventTracker): EventTracker {
	return new EventTracker(see, stored(tracker.save()));
}

function many(count: number, time: (index: number) => number, prefix = 'old'): Seen[] {
	return Array.from({ length: count }, (_, index) => made(`${prefix}${index}`, time(index)));
}

test('new records, oldest first, each once', () => {
	const tracker = after([made('a', 10)]);
	const reading = [made('d', 30), made('b', 20), made('a', 10), made('c', 20)];
	expect(advance(tracker, reading)).toEqual(['b', 'c', 'd']);
	expect(advance(restored(tracker), reading)).toEqual([]);
});

test('a new record with an old time, or with none', () => {
	const tracker = after([made('a', noon), made('b', 0)]);
	expect(advance(tracker, [made('a', noon), made('c', 5), made('d', 0)])).toEqual(['d', 'c']);
});

test('a record that a reading lacks is not new when it returns', () => {
	const tracker = after([made('a', 1), made('b', 2)], [made('b', 2)]);
	expect(advance(tracker, [made('a', 1), made('b', 2)])).toEqual([]);
});

test('each change, even with the same or an earlier time', () => {
	const tracker = after([changed('a', 10, 'one'), changed('b', 10, 'one', true)]);
	expect(advance(tracker, [changed('a', 10, 'two')])).toEqual(['a']);
	expect(advance(restored(tracker), [changed('a', 4, 'tre')])).toEqual(['a']);
	expect(advance(tracker, [changed('b', 10, 'two', true)])).toEqual(['b']);
	expect(advance(tracker, [changed('c', 99, 'one', true)])).toEqual([]);
	expect(advance(tracker, [changed('c', 99, 'two', true)])).toEqual(['c']);
});

describe('an earlier version', () => {
	const [one, two] = ['one', 'two'].map((version) => ({
		...changed('a', 10, version),
		mayReturn: true,
	})) as [Seen, Seen];

	test('is a stale response if the record, read again, has the later version', () => {
		const tracker = after([one], [two]);
		expect(advance(tracker, [one], [two])).toEqual([]);
		expect(advance(restored(tracker), [two])).toEqual([]);
	});

	test('is a change back if the record, read again, has it too', () => {
		const tracker = after([one], [two]);
		expect(advance(tracker, [one], [one])).toEqual(['a']);
		expect(advance(tracker, [two], [two])).toEqual(['a']);
	});

	test('is a stale response if its date has changed since, even in the same minute', () => {
		const [early, late] = ['one1', 'two2'].map((version) => ({
			...one,
			version: `${version}date`,
		}));
		const changedSince = { ...late, version: 'two2then' } as Seen;
		expect(advance(after([early as Seen], [late as Seen]), [early as Seen])).toEqual(['a']);
		expect(advance(after([early as Seen], [changedSince]), [early as Seen])).toEqual([]);
	});

	test('is always a stale response if it has a date', () => {
		const tracker = after([changed('a', 10, 'one')], [changed('a', 20, 'two')]);
		expect(advance(tracker, [changed('a', 10, 'one')])).toEqual([]);
		expect(advance(tracker, [changed('a', 20, 'two')])).toEqual([]);
	});
});

test('completed, processing, completed: happened once', () => {
	const tracker = after([pending('a', noon)]);
	expect(advance(tracker, [made('a', noon)])).toEqual(['a']);
	expect(advance(tracker, [pending('a', noon)])).toEqual([]);
	expect(advance(restored(tracker), [made('a', noon)])).toEqual([]);
	expect(restored(tracker).idsToRead([], false)).toEqual([]);
});

test('a pending record comes when its event happens, however old it is', () => {
	const reading = many(30_000, (index) => noon + index * hour);
	const tracker = after([pending('p', 0), ...reading]);
	expect(advance(tracker, [pending('p', 0), ...reading])).toEqual([]);
	expect(restored(tracker).idsToRead([], false)).toEqual(['p']);
	const joined = [made('p', 0), ...reading];
	expect(advance(restored(tracker), joined)).toEqual(['p']);
	expect(advance(restored(after(joined)), joined)).toEqual([]);
});

test('a pending record stays pending through a pause; one first seen paused is not pending', () => {
	const pause: Seen = { ...made('p', noon), state: 'paused' };
	expect(advance(after([pending('p', noon)], [pause]), [made('p', noon)])).toEqual(['p']);
	expect(advance(after([pause]), [made('p', noon)])).toEqual([]);
});

test('a pending record that is gone is not requested any more', () => {
	const tracker = after([pending('p', noon)], []);
	expect(restored(tracker).idsToRead([], false)).toEqual([]);
	expect(advance(tracker, [pending('p', noon)])).toEqual([]);
	expect(restored(tracker).idsToRead([], false)).toEqual(['p']);
	expect(advance(tracker, [made('p', noon)])).toEqual(['p']);
});

describe('a list longer than the memory', () => {
	const hourly = many(30_000, (index) => noon + index * hour);
	const newest = hourly.at(-1)?.time ?? 0;

	test('stays small, and none of it comes again', () => {
		const tracker = after(hourly);
		expect(JSON.stringify(tracker.save()).length).toBeLessThan(200_000);
		expect(advance(tracker, [...hourly].reverse())).toEqual([]);
	});

	test('new records come; those older than all remembered ones do not', () => {
		const tracker = after(hourly);
		const late = made('late', newest - 9_000 * hour);
		expect(advance(tracker, [...hourly, late, made('ancient', noon)])).toEqual(['late']);
	});

	test('a time in the future does not hide later records', () => {
		const tracker = after([...hourly, made('future', newest + 1_000 * hour)]);
		expect(advance(tracker, [...hourly, made('next', newest + 1)])).toEqual(['next']);
	});

	test('12,000 pending records are all remembered, with IDs of any length', () => {
		const id = (index: number) => `${'x'.repeat(1_000)}${index}`;
		const reading = Array.from({ length: 12_000 }, (_, index) => pending(id(index), noon));
		const tracker = after(reading);
		expect(JSON.stringify(tracker.save()).length).toBeLessThan(200_000);
		expect(advance(tracker, [...reading.slice(1), made(id(0), noon)])).toEqual([id(0)]);
	});
});
