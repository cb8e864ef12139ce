import type { IN8nHttpFullResponse } from 'n8n-workflow';
import { Redactor } from '../../../nodes/shared/vizdom/redactor.ts';
import {
	describeDetails,
	describeForeignBody,
	serverErrorIn,
} from '../../../nodes/shared/vizdom/serverErrors.ts';

test.each([
	[
		{ error: { code: 'not_found', message: 'Gone', details: null } },
		{ code: 'not_found', message: 'Gone' },
	],
	[{ error: { message: 'Gone', details: [1] } }, { message: 'Gone', details: [1] }],
	[{ error: 'Gone' }, { message: 'Gone' }],
	[{ message: 'Gone' }, { message: 'Gone' }],
	[{ error: { code: 7, message: '' } }, {}],
	[{ error: null }, {}],
	[{ error: 'Conflict', message: 'It is locked' }, { message: 'It is locked' }],
	[{ error: true, reason: 'It is locked' }, { message: 'It is locked' }],
	[
		{ error: { code: 'locked' }, message: 'It is locked' },
		{ code: 'locked', message: 'It is locked' },
	],
	[{ error: { message: { en: 'Gone' } } }, {}],
	[{ title: 'Locked', detail: 'It is locked', status: 409 }, { message: 'It is locked' }],
	[{ errors: ['Gone'] }, { message: 'Gone' }],
	[
		{ errors: [null, { code: 'x', title: 'Gone' }] },
		{ code: 'x', message: 'Gone', details: [null, { code: 'x', title: 'Gone' }] },
	],
	[{ errors: ['Gone', 'Old'] }, { message: 'Gone', details: ['Gone', 'Old'] }],
	[
		{ errors: [{ field: 'email', message: 'is taken' }] },
		{ message: 'is taken', details: [{ field: 'email', message: 'is taken' }] },
	],
	[
		{ message: 'Invalid', errors: { email: ['is taken'] } },
		{ message: 'Invalid', details: { email: ['is taken'] } },
	],
	[{ errors: [], error: {}, message: 'Gone' }, { message: 'Gone' }],
	[{}, {}],
	[null, {}],
	['Gone', {}],
	[[{ error: 'Gone' }], {}],
])('%j says %j', (body, said) => {
	expect(serverErrorIn(body)).toEqual(said);
});

const redactor = new Redactor('secret-key');

const labels = { dashboard_id: 'Dashboard', email: 'Email', name: 'Name', role: 'Role' };

test.each([
	[[{ field: 'email', message: 'is taken' }], "'Email': is taken."],
	[
		[
			{ field: 'body.dashboard_id', message: 'is unknown.' },
			{ field: 'x', message: 'y' },
		],
		"'Dashboard': is unknown. 'x': y.",
	],
	[
		{ name: ['is long', 'is odd'], role: 'is unknown' },
		"'Name': is long, is odd. 'Role': is unknown.",
	],
	[{ constructor: 'is no field' }, "'constructor': is no field."],
	[['plain'], 'Vizdom\'s details: ["plain"]'],
	['plain', "Vizdom's details: plain"],
	[{ name: [{ toString: 1 }] }, 'Vizdom\'s details: {"name":[{"toString":1}]}'],
	[{ nested: { deep: 1 } }, 'Vizdom\'s details: {"nested":{"deep":1}}'],
	[undefined, ''],
])('details %j in words', (details, words) => {
	expect(describeDetails(details, labels, redactor)).toBe(words);
});

test('details of any length are shortened', () => {
	expect(describeDetails(['x'.repeat(5_000)], labels, redactor).length).toBeLessThan(400);
});

test.each([
	[
		'<html><head><style>p{}</style></head><body><h1>502 Bad\nGateway</h1>nginx</body></html>',
		'text/html; charset=utf-8',
		'Something else may have answered, such as a proxy (text/html): "502 Bad Gateway nginx".',
	],
	[
		'{"data": [',
		'application/json',
		'Something else may have answered, such as a proxy (application/json): "{"data": [".',
	],
	['', undefined, 'The answer was empty.'],
	[null, 'application/json', 'The answer was empty.'],
	[[1], undefined, 'Something else may have answered, such as a proxy: "[1]".'],
])('%j is named', (body, type, words) => {
	const answer = { statusCode: 502, body, headers: { 'content-type': type } };
	expect(describeForeignBody(answer as unknown as IN8nHttpFullResponse, redactor)).toBe(words);
});
