import { jsonObject } from '../../../nodes/shared/n8n/jsonObject.ts';

const config = { displayName: 'Config', name: 'config', type: 'string', default: '' } as const;

const inexact = (place: string) =>
	`The parameter 'Config' has a number that cannot be sent unchanged (${place})`;

test.each([
	'{"a": 0.1, "b": 1.50, "c": 1e5, "d": 1E+2, "e": -0, "f": 0.0e9, "g": 100000000000000000000}',
	'{"max": 9007199254740991, "min": -9007199254740991, "tiny": 5e-324, "huge": 1.7976931348623157e308}',
	'{"id": "7615917337495251231", "text": "1e400 \\" 1e400", "7615917337495251231": "1e400"}',
	'{"list": [1, [0.30000000000000004]], "nothing": null, "yes": true}',
])('%s is sent as written', (json) => {
	expect(jsonObject(json, config)).toEqual(JSON.parse(json));
});

test.each([
	['{"id": 7615917337495251231}', 'at position 7'],
	['{"a": "\\\\", "b": {"c": [1, 1e400]}}', 'at position 27'],
	['{"a": -1E400}', 'at position 6'],
	['{"a": 1e-400}', 'at position 6'],
	['{"a": 9007199254740993}', 'at position 6'],
	['{"a": 0.12345678901234567890123}', 'at position 6'],
])('%s would not arrive as written', (json, place) => {
	expect(() => jsonObject(json, config)).toThrow(inexact(place));
});

test.each([
	[{ port: NaN }, 'port'],
	[{ a: { b: [1, Infinity] } }, 'a.b.1'],
	[{ id: Number('7615917337495251231') }, 'id'],
	[{ id: 7_615_917_337_495_251_231n }, 'id'],
])('%p would not arrive unchanged', (value, place) => {
	expect(() => jsonObject(value, config)).toThrow(inexact(place));
});

test('Dates in it become ISO texts', () => {
	const value = { since: new Date('2026-01-15T09:00:00Z'), ratio: 0.1 };
	expect(jsonObject(value, config)).toEqual(value);
});

test.each([new Date(), [1], 'null', '"text"', '7'])('%p is not an object', (value) => {
	expect(() => jsonObject(value, config)).toThrow("The parameter 'Config' must be a JSON object");
});
