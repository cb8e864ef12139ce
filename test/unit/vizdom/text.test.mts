import { bareKey, withoutKey } from '../../../nodes/shared/vizdom/key.ts';
import { folded, unescaped, visible } from '../../../nodes/shared/vizdom/text.ts';

test('Invisible characters are removed from a text', () => {
	expect(visible('\ufeff da\u00adsh\u200b_1\u2060\u200e \n')).toBe('dash_1');
	expect(visible('two  words')).toBe('two  words');
});

test.each([
	['Übersicht', 'U\u0308BERSICHT'],
	['Straße', 'STRASSE'],
	['ΟΔΟΣ', 'οδος'],
	['οδός', 'ΟΔΌΣ'],
	['North  America', ' north\u00a0america '],
	['ﬁnance', 'Finance'],
	['Ｑ４', 'q4'],
	['Rev\u00adenue\u200b', 'revenue'],
])('%s is found as %s', (name, wanted) => expect(folded(name)).toContain(folded(wanted)));

test('Different letters do not match', () => {
	expect(folded('Uber')).not.toBe(folded('Über'));
});

test.each([
	['dash%20abc%2F1', 'dash abc/1'],
	['dash_1', 'dash_1'],
	['100%', undefined],
	['%ff', undefined],
])('The escapes of %s stand for %s', (escaped, text) => expect(unescaped(escaped)).toBe(text));

test.each([
	'key_4711',
	' key_4711\n',
	'Bearer key_4711',
	'bearer\tkey_4711',
	'BEARER: key_4711',
	'Bearer Bearer key_4711',
	'"key_4711"',
	"'Bearer key_4711' ",
	'Bearer "key_4711"',
	'\ufeffBearer \u200bkey_4711\u200b',
])('%j is a key, pasted', (pasted) => {
	expect(bareKey(pasted)).toBe('key_4711');
	expect(withoutKey('No such key: key_4711', bareKey(pasted))).toBe('No such key: [API key]');
});

test.each(['bearer_4711', 'Bearer', 'key Bearer x', 'a"b'])('%s is a key unchanged', (key) =>
	expect(bareKey(key)).toBe(key),
);
