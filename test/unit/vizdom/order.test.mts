import { byCreation } from '../../../nodes/shared/vizdom/order.ts';

/** Records with these creation times; each ID is the place in the list. */
function inOrder(...times: unknown[]): string {
	const records = times.map((created_at, index) => ({ name: String(index), created_at }));
	return byCreation(records)
		.map(({ name }) => name)
		.join('');
}

test.each([
	['oldest first', ['2026-01-01', '2026-01-02', '2026-01-03'], '210'],
	['newest first', ['2026-01-03', '2026-01-02', '2026-01-01'], '012'],
	['in no order', ['2026-01-02', '2026-01-03', '2026-01-01'], '102'],
	['in several notations', [1_767_225_600, '2026-01-03', 1_767_312_000_000], '120'],
	['empty', [], ''],
])('A list that is %s', (_, times, order) => {
	expect(inOrder(...times)).toBe(order);
});

test('With equal times, the record nearer to the end with new ones comes first', () => {
	expect(inOrder('2026-01-01', '2026-01-02', '2026-01-02')).toBe('210');
	expect(inOrder('2026-01-02', '2026-01-02', '2026-01-01')).toBe('012');
	expect(inOrder('2026-01-02', '2026-01-02')).toBe('01');
});

test('Records without a possible date come last', () => {
	expect(inOrder(null, '2026-01-01', 'soon', '2026-01-02', 1e300, undefined)).toMatch(/^31/);
});

test('The list itself stays unchanged', () => {
	const records = [{ created_at: '2026-01-01' }, { created_at: '2026-01-02' }];
	byCreation(records);
	expect(records.map(({ created_at }) => created_at)).toEqual(['2026-01-01', '2026-01-02']);
});
