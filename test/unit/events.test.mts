import { events } from '../../nodes/VizdomTrigger/events.ts';

function seen(event: string, record: object) {
	return events[event]?.see(record as never);
}

const created_at = '2026-01-15T09:00:00.000Z';

test.each([
	['the same time', created_at],
	['a time a moment later', '2026-01-15T09:00:00.004Z'],
	['no time', null],
	['no such field', undefined],
])('A new dashboard that was never changed has %s: it is no change', (_, updated_at) => {
	expect(seen('dashboardUpdated', { created_at, updated_at })).toMatchObject({ isOriginal: true });
});

test('A dashboard that was changed since is one', () => {
	const updated_at = '2026-01-15T09:00:02.000Z';
	expect(seen('dashboardUpdated', { created_at, updated_at })).toMatchObject({ isOriginal: false });
});

test.each(['completed', 'COMPLETED', 'Completed'])('An export that is %s has ended', (status) => {
	expect(seen('exportCompleted', { created_at, status })).toMatchObject({
		isEvent: true,
		isPending: false,
	});
	expect(seen('exportFailed', { created_at, status })).toMatchObject({
		isEvent: false,
		isPending: false,
	});
});

test.each(['invited', 'Invited', 'INVITED'])('A user who is %s has not joined yet', (status) => {
	expect(seen('userJoined', { created_at, status })).toMatchObject({
		isEvent: false,
		isPending: true,
	});
});
