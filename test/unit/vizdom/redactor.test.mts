import fc from 'fast-check';
import { withoutKey } from '../../../nodes/shared/vizdom/key.ts';
import { jsonHead, Redactor } from '../../../nodes/shared/vizdom/redactor.ts';

const key = 'sk+a/b="c"&<d>\\é1234567890';

function asHtml(text: string, quote = '&quot;'): string {
	return text
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;')
		.replaceAll('"', quote);
}

function nested(depth: number): unknown {
	let value: unknown = 'deep';
	for (let level = 0; level < depth; level++) value = [{ value }];
	return value;
}

test.each([
	['as it is', key],
	['as JSON', JSON.stringify(key).slice(1, -1)],
	['as JSON in JSON', JSON.stringify(JSON.stringify(key)).slice(3, -3)],
	['as JSON of ASCII', JSON.stringify(key).slice(1, -1).replace('é', '\\u00e9')],
	['as JSON that may stand in a page', key.replaceAll('"', '\\"').replaceAll('<', '\\u003C')],
	['as JSON with slashes escaped', key.replaceAll('"', '\\"').replaceAll('/', '\\/')],
	['as JavaScript', key.replaceAll('"', '\\"').replaceAll('/', '\\x2f')],
	['in an address', encodeURIComponent(key)],
	['in an address in lower case', encodeURIComponent(key).toLowerCase()],
	['in an address in an address', encodeURIComponent(encodeURIComponent(key))],
	['in a page', asHtml(key)],
	['in a page, with numbers', asHtml(key, '&#34;').replaceAll('/', '&#x2F;')],
	['in a page in a page', asHtml(asHtml(key))],
])('the key is removed %s', (_, written) => {
	expect(withoutKey(`<${written}> ${written}`, key)).toBe('<[API key]> [API key]');
});

test('the key is removed in its header form, without characters that cannot be sent', () => {
	expect(withoutKey('Bearer secret-key', 'secret-key\u200b\n')).toBe('Bearer [API key]');
});

test.each(['', 'k', 'a', 'in', undefined])('a key %j garbles no message', (short) => {
	const text = 'In a minute: an invitation is a key in Vizdom';
	expect(new Redactor(short).shown(text)).toBe(text);
});

test('a short key is removed if it is a separate word', () => {
	expect(withoutKey('keynote: key, monkey "key"', 'key')).toBe(
		'keynote: [API key], monkey "[API key]"',
	);
});

test('no part of a key is left at the end of a cut text', () => {
	const secret = 'abcdefghijklmnopqrstuvwxyz';
	const hasPart = (text: string) => /abcdef|uvwxyz/.test(text);
	fc.assert(
		fc.property(
			fc.array(fc.oneof(fc.constant(secret), fc.constant(`"${secret}`), fc.string()), {
				maxLength: 80,
			}),
			fc.integer({ min: 1, max: 400 }),
			(parts, most) => {
				const redactor = new Redactor(secret);
				expect(hasPart(redactor.shown(parts.join(''), most))).toBe(false);
				expect(hasPart(redactor.shown({ parts }, most))).toBe(false);
			},
		),
	);
});

test('text from elsewhere is cut, without anything that the editor treats as markup', () => {
	const { length } = new Redactor('secret-key').shown('x'.repeat(61_000));
	expect(length).toBe(301);
	expect(new Redactor().shown('<a href="//x">y</a>')).toBe('‹a href="//x">y‹/a>');
	expect(new Redactor().shown({ '<b>': ['<i>'] })).toBe('{"‹b>":["‹i>"]}');
	// An emoji is not cut in two.
	expect(new Redactor().shown('😀'.repeat(5), 3)).toBe('😀…');
});

test.each<[value: unknown, json: string]>([
	[{ a: [1, 'x', null, true], b: {}, c: [] }, '{"a":[1,"x",null,true],"b":{},"c":[]}'],
	[JSON.parse('{"__proto__":1,"constructor":"x"}'), '{"__proto__":1,"constructor":"x"}'],
	[undefined, 'undefined'],
])('%j as JSON', (value, json) => {
	expect(jsonHead(value, 100)).toBe(json);
});

test('no more of a value is read than is shown', () => {
	let read = 0;
	const counting = {
		get field() {
			read++;
			return 'x';
		},
	};
	const many = Array.from({ length: 1_000_000 }, () => counting);
	expect(new Redactor('secret-key').shown(many).length).toBe(301);
	expect(read).toBeLessThan(2_000);
	expect(jsonHead(nested(20_000), 1_000).length).toBeLessThan(1_100);
});

test('a text of any length is shown quickly', () => {
	// Quadratic time would not end.
	for (const part of ['\\', '%25', '&amp;', 'sk', '<', key.slice(0, -1)]) {
		const text = part.repeat(10_000_000 / part.length);
		expect(new Redactor(key).shown(text).length).toBeLessThanOrEqual(301);
	}
});
