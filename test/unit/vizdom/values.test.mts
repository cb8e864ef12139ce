import { jest } from '@jest/globals';
import type { Export } from '../../../nodes/shared/vizdom/facts.ts';
import {
	comparableAddress,
	dayOf,
	fileLinkIn,
	instantOf,
	isExportIn,
	isUserIn,
	momentsIn,
	stateOf,
} from '../../../nodes/shared/vizdom/values.ts';

function exported(fields: Record<string, unknown>): Export {
	return { id: 'exp_1', dashboard_id: 'dash_1', ...fields } as unknown as Export;
}

test.each([
	['queued', 'running'],
	['PENDING', 'running'],
	['inProgress', 'running'],
	['In-Progress', 'running'],
	['rendering', 'unknown'],
	[undefined, 'unknown'],
	['completed', 'completed'],
	['DONE', 'completed'],
	['Ready', 'completed'],
	['failed', 'failed'],
	['ERROR', 'failed'],
	['canceled', 'cancelled'],
	['CANCELLED', 'cancelled'],
	['Aborted', 'cancelled'],
	['timed out', 'failed'],
])('An export in the state %s is %s', (status, state) => {
	expect(stateOf(exported({ status }))).toBe(state);
});

test('In an unknown state, it is completed if it has a file', () => {
	expect(stateOf(exported({ status: 'delivered', file_url: '/files/1' }))).toBe('completed');
	expect(stateOf(exported({ status: 'delivered', url: '/1' }))).toBe('unknown');
	expect(stateOf(exported({ status: 'delivered' }))).toBe('unknown');
	expect(stateOf(exported({ status: 'running', url: 'https://files.example/1' }))).toBe('running');
});

test.each([
	[{ download_url: 'files/1.pdf' }, 'files/1.pdf'],
	[{ url: 'https://files.example/1' }, 'https://files.example/1'],
	[{ file_url: '/v1/exports/1/file' }, '/v1/exports/1/file'],
	[{ file: { url: 'https://files.example/1' } }, 'https://files.example/1'],
	[{ links: { self: 'https://a.example', download: 'https://b.example' } }, 'https://b.example'],
	[{ path: '/exports/1/file' }, '/exports/1/file'],
	[{ url: 'https://a.example', result_url: 'https://b.example' }, 'https://b.example'],
	[{ dashboard_url: 'https://app.example/1' }, undefined],
	[{ thumbnail_url: 'https://a.example/1.png', content_type: 'application/pdf' }, undefined],
	[{ download_url: null, url: 'https://a.example' }, undefined],
	[{ url: 'https://api.example/v1/exports/exp_1' }, undefined],
	[{ links: { cancel: '/v1/exports/exp_1/cancel', help: 'https://a.example' } }, undefined],
	[{ files: [{ url: 'https://a.example' }] }, 'https://a.example'],
])('The file of an export with %j is at %s', (fields, link) => {
	expect(fileLinkIn(exported(fields))).toBe(link);
});

test.each([
	'2026-01-15T09:00:00Z',
	'2026-01-15T09:00:00.000+00:00',
	'2026-01-15T11:00:00+02:00',
	'2026-01-15 09:00:00',
	'2026-01-15 09:00:00.000000+00',
	'2026-01-15T11:00:00+02',
	'2026-01-15T09:00:00',
	'Thu, 15 Jan 2026 09:00:00 GMT',
	1_768_467_600,
	'1768467600',
	1_768_467_600_000,
	1_768_467_600_000_000,
	'1768467600000000000',
])('%s is the same time', (notation) => {
	expect(instantOf(notation)).toBe(Date.UTC(2026, 0, 15, 9));
	expect(dayOf(notation)).toBe('2026-01-15');
});

test('The day depends on the time zone', () => {
	expect(dayOf('2026-01-15T03:00:00Z', 'America/New_York')).toBe('2026-01-14');
	expect(dayOf('2026-01-15T15:30:00Z', 'Asia/Tokyo')).toBe('2026-01-16');
	expect(dayOf('2026-01-15T03:00:00Z', 'DEFAULT')).toBe('2026-01-15');
});

test.each([undefined, null, '', 'yesterday', {}])('%j is not a time', (value) => {
	expect(instantOf(value)).toBe(0);
	expect(dayOf(value)).toBe('');
});

test.each([
	['done', 'completed', true],
	['completed', 'Finished', true],
	['completed', ' COMPLETED ', true],
	['queued', 'queued', true],
	['PENDING', 'queued', true],
	['in_progress', 'processing', true],
	['queued', 'processing', false],
	['processing', 'queued', false],
	['failed', 'cancelled', false],
	['rendering', 'Rendering', true],
	['rendering', 'painting', false],
	[undefined, 'completed', false],
])('An export whose status is %j, by the status %j: %s', (status, word, isIn) => {
	expect(isExportIn(exported({ status }), word)).toBe(isIn);
});

test('An export without a known status is completed if it has a file', () => {
	expect(isExportIn(exported({ file_url: '/files/1' }), 'completed')).toBe(true);
	expect(isExportIn(exported({ state: 'ready' }), 'completed')).toBe(true);
});

test.each([
	['active', 'Active', true],
	['member', 'active', true],
	[undefined, 'active', true],
	['pending', 'invited', true],
	['invited', 'active', false],
	['deactivated', 'suspended', true],
	['expired', 'expired', true],
	['expired', 'invited', false],
	['expired', 'lapsed', false],
])('A user whose status is %j, by the status %j: %s', (status, word, isIn) => {
	expect(isUserIn({ status }, word)).toBe(isIn);
});

test('E-mail addresses match in any letter case', () => {
	expect(comparableAddress(' Ada@Example.com')).toBe('ada@example.com');
	expect(comparableAddress(null)).toBe('');
});

describe('A time', () => {
	beforeAll(() => {
		jest.useFakeTimers({ now: Date.UTC(2026, 10, 26) });
	});
	afterAll(() => {
		jest.useRealTimers();
	});

	test.each([
		['2026-11-25T20:33:00Z', 'Europe/Berlin', '25 Nov 21:33'],
		['2026-09-01T22:05:00Z', 'Europe/Berlin', '2 Sep 00:05'],
		['2026-01-01T03:00:00Z', 'America/New_York', '31 Dec 2025 22:00'],
		['2025-11-25 09:33:00', 'UTC', '25 Nov 2025 09:33'],
		[Date.UTC(2026, 0, 2, 3, 4) / 1_000, 'UTC', '2 Jan 03:04'],
		['2026-11-25T20:33:00Z', 'nowhere', '25 Nov 20:33'],
		['yesterday', 'UTC', ''],
		[null, 'UTC', ''],
		[1e300, 'UTC', ''],
	])('%j in %s is %j', (value, timeZone, moment) => {
		expect(momentsIn(timeZone)(value)).toBe(moment);
	});
});
