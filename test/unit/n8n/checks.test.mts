import {
	emailAddress,
	filledText,
	numberIn,
	onOrOff,
	positiveInteger,
	text,
} from '../../../nodes/shared/n8n/checks.ts';

const field = { displayName: 'Field', name: 'field', type: 'string', default: '' } as const;

test.each([true, 'true', 'TRUE', ' True ', 'yes', 'Yes', 'on', 1, '1', 'true\u200b'])(
	'%j switches on',
	(value) => expect(onOrOff(value, field)).toBe(true),
);

test.each([false, 'false', 'FALSE', 'no', 'off', 0, '0'])('%j switches off', (value) =>
	expect(onOrOff(value, field)).toBe(false),
);

test.each([
	[undefined, 'empty'],
	[null, 'empty'],
	['', 'empty'],
	['ja', "'ja'"],
	[2, "'2'"],
	[NaN, "'NaN'"],
	[[true], 'a list or an object'],
])('%p is refused for a switch', (value, shown) => {
	expect(() => onOrOff(value, field)).toThrow(
		`The parameter 'Field' must be true or false, but is ${shown}`,
	);
});

test.each([
	[new Date('2026-01-15T09:00:00Z'), '2026-01-15T09:00:00.000Z'],
	[7_615_917_337_495_251_231n, '7615917337495251231'],
	[0.1, '0.1'],
	[Number.MAX_SAFE_INTEGER, '9007199254740991'],
	[null, ''],
	['  as it is ', '  as it is '],
])('%p is the text %j', (value, expected) => expect(text(value, field)).toBe(expected));

test.each([
	[{ a: 1 }, 'must be text, but is a list or an object'],
	[['a'], 'must be text, but is a list or an object'],
	[new Date(NaN), 'must be text, but is a list or an object'],
	[Number('7615917337495251231'), 'is 7615917337495251000, which has lost digits'],
	[NaN, 'must be text, but is NaN'],
	[1e400, 'must be text, but is Infinity'],
	[undefined, 'has no value'],
])('%p is not text', (value, problem) => {
	expect(() => text(value, field)).toThrow(`The parameter 'Field' ${problem}`);
});

test.each([' ', '\u200b', '\u00ad \ufeff'])('The text %j counts as empty', (value) => {
	expect(() => filledText(value, field)).toThrow("The parameter 'Field' is empty");
});

test.each([
	'nathan@example.com',
	' nathan@example.com\n',
	'nathan\u200b@exam\u00adple.com\ufeff',
	'mailto:nathan@example.com',
	'MAILTO:nathan@example.com?subject=Hello%20there',
	'mailto:nathan%40example.com',
	'<nathan@example.com>',
	'Nathan Smith <nathan@example.com>',
	'"Smith, Nathan" < mailto:nathan@example.com >',
])('%j is the address of nathan', (value) => {
	expect(emailAddress(value, field)).toBe('nathan@example.com');
});

test.each(["o'brien+news@mail.example.co.uk", 'jürgen@bücher.example', 'n@sub-1.example.museum'])(
	'%s is an address unchanged',
	(address) => expect(emailAddress(address, field)).toBe(address),
);

test.each([
	'nathan',
	'nathan@example',
	'nathan@example.com, grace@example.com',
	'nathan@example.com,grace@example.com',
	'nathan@example.com;',
	"'nathan@example.com'",
	'nathan@example..com',
	'nathan@@example.com',
	'nathan smith@example.com',
	'Nathan <nathan@example.com> <grace@example.com>',
	'mailto:%zz@example.com',
	'nathan\u0000@example.com',
])('%j is refused as an address', (value) => {
	expect(() => emailAddress(value, field)).toThrow('must be an e-mail address, but is');
});

test.each([true, [5], {}, '', ' ', null])('%j is not a number', (value) => {
	expect(numberIn(value)).toBeNaN();
	expect(() => positiveInteger(value, field)).toThrow('must be a whole number of at least 1');
});
