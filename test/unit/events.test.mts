import type { IDataObject } from 'n8n-workflow';
import type { TriggerEvents } from '../../nodes/shared/n8n/trigger.ts';
import { events as dashboard } from '../../nodes/VizdomDashboard/events.ts';
import { events as dataSource } from '../../nodes/VizdomDataSource/events.ts';
import { events as exports } from '../../nodes/VizdomExport/events.ts';
import { events as user } from '../../nodes/VizdomUser/events.ts';

function seen(events: TriggerEvents, event: string, record: IDataObject) {
	return events[event]?.observe?.(record);
}

const created_at = '2026-01-15T09:00:00.000Z';

test.each([
	['the same time', created_at],
	['a time a moment later', '2026-01-15T09:00:00.004Z'],
	['no time', null],
	['no such field', undefined],
])('A new dashboard with %s is no change', (_, updated_at) => {
	const record = { created_at, updated_at };
	expect(seen(dashboard, 'updated', record)).toMatchObject({ isOriginal: true });
	expect(seen(dataSource, 'updated', record)).toMatchObject({ isOriginal: true });
});

test('A dashboard changed since then is one', () => {
	const updated_at = '2026-01-15T09:00:02.000Z';
	expect(seen(dashboard, 'updated', { created_at, updated_at })).toMatchObject({
		isOriginal: false,
	});
});

test.each([
	['updated_at', '2026-01-15T09:00:00Z', '2026-01-15T10:00:00.000000+01:00'],
	['updated_at', created_at, Date.parse(created_at)],
	['description', '', null],
	['visualization_count', 3, '3'],
])('Another notation of %s is no change: %p and %p', (field, one, other) => {
	const record = { name: 'Sales', created_at, updated_at: created_at };
	const versions = [one, other].map(
		(value) => seen(dashboard, 'updated', { ...record, [field]: value })?.version,
	);
	expect(versions[0]).toBe(versions[1]);
	const changed = seen(dashboard, 'updated', { ...record, [field]: '2026-01-15T09:00:05Z' });
	expect(changed?.version).not.toBe(versions[0]);
});

test.each(['completed', 'COMPLETED', 'Completed'])('An export that is %s has ended', (status) => {
	const record = { created_at, status };
	expect(seen(exports, 'completed', record)).toMatchObject({ state: 'happened' });
	expect(seen(exports, 'failed', record)).toMatchObject({ state: 'over' });
});

test('A completed export does not fail any more', () => {
	const version = seen(exports, 'failed', { created_at, status: 'failed' })?.version;
	const completed = { created_at, status: 'completed' };
	expect(seen(exports, 'failed', completed)).toMatchObject({ state: 'over', version });
});

test.each(['invited', 'Invited', 'pending', 'expired', 'revoked', 'declined'])(
	'A user who is %s has not joined yet',
	(status) => {
		const record = { created_at, status };
		expect(seen(user, 'joined', record)).toMatchObject({ state: 'pending' });
		expect(seen(user, 'invited', record)).toMatchObject({ state: 'happened' });
	},
);

test.each(['active', 'Active', 'activated', 'Registered', 'member', undefined, null])(
	'A user who is %s has',
	(status) => {
		expect(seen(user, 'joined', { created_at, status })).toMatchObject({ state: 'happened' });
	},
);

test('A suspended user has not joined, and does not when the suspension ends', () => {
	expect(seen(user, 'joined', { created_at, status: 'banned' })).toMatchObject({ state: 'paused' });
	expect(seen(user, 'joined', { created_at, status: 'suspended' })).toMatchObject({
		state: 'paused',
		version: seen(user, 'joined', { created_at, status: 'active' })?.version,
	});
});
