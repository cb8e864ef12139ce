import { reportsError, shallow } from '../../../nodes/shared/vizdom/envelope.ts';

test.each([
	{ error: {} },
	{ error: null, errors: [] },
	{ error: '', errors: [null, {}, ''] },
	{ error: false, success: true, ok: true },
	{ error: { code: 0, message: '' } },
	{ status: 'success' },
	{ status: 'ok', code: 200 },
	{ status: 200 },
	{ id: 'ds_1', status: 'error' },
	{ data: { error: 'Too large', success: false, status: 'failed' } },
	{ data: [{ error: 'Too large' }], warnings: ['Old'], message: 'Read the news' },
	[{ error: 'Locked' }],
	'error',
	null,
	undefined,
])('%j reports no error', (body) => {
	expect(reportsError(body)).toBe(false);
});

test.each([
	{ data: null, error: { code: 'locked' } },
	{ data: [], error: 'Locked' },
	{ data: { id: 1 }, errors: [{}, 'Locked'] },
	{ error: true },
	{ error: 409 },
	{ errors: { name: ['is short'] } },
	{ success: false },
	{ success: 'False' },
	{ success: 0, id: 1 },
	{ ok: false },
	{ status: 'error' },
	{ status: 'Fail', data: { name: 'is short' } },
	{ status: 503 },
	{ status: '404' },
])('%j reports an error', (body) => {
	expect(reportsError(body)).toBe(true);
});

function nestedIn(levels: number): unknown {
	return JSON.parse(`${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`);
}

test('A body that is not deeply nested stays unchanged', () => {
	for (const value of [1, 'text', null, undefined, { a: [1] }, nestedIn(200)]) {
		expect(shallow(value)).toBe(value);
	}
});

test('A body that is nested too deeply is cut', () => {
	const cut = shallow({ error: { message: 'Locked', details: nestedIn(100_000) } });
	expect(cut).toMatchObject({ error: { message: 'Locked' } });
	expect(JSON.stringify(cut).length).toBeLessThan(2_000);
});
