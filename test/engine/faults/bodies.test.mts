import { gzipSync } from 'node:zlib';
import { testFaults } from './cases.mts';
import type { FaultCase, OperationName } from './cases.mts';
import { bytes, content, html, json } from './faultyServer.mts';
import type { Reply } from './faultyServer.mts';

const badGateway = `<html>\r
<head><title>502 Bad Gateway</title><style>body { color: red }</style></head>\r
<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx/1.25.3</center></body>\r
</html>
<!-- a padding to disable MSIE and Chrome friendly error page -->`;

const signIn = html(
	200,
	'<!doctype html><title>Acme SSO</title><form action="/login">Sign in to go on</form>',
);

const mayBeDone = 'The change may have been made anyway';

const emptySuccesses: FaultCase[] = (['create', 'invite', 'update', 'delete'] as const).flatMap(
	(operation) =>
		[200, 204].map((status) => ({
			name: `${operation} has succeeded if ${status} comes without a body`,
			operation,
			replies: [content(status, '')],
			sent: 1,
			item: operation === 'delete' ? { deleted: true } : {},
		})),
);

/** A JSON response whose compressed body ends early on an intact connection. */
function cutShort(status: number, length: number): Reply {
	const body = gzipSync('{"data":{"id":"bad","name":"bad, or not"}}').subarray(0, length);
	const head = `HTTP/1.1 ${status} OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n\r\n`;
	return (_, socket) => socket.end(Buffer.concat([Buffer.from(head), body]));
}

const cutAnswers: FaultCase[] = [11, 30].flatMap((length) => [
	{
		name: `get is repeated if the compressed response is cut to ${length} bytes once`,
		operation: 'get',
		replies: [cutShort(200, length), 'works'],
		sent: 2,
	},
	{
		name: `get fails if the compressed response is cut to ${length} bytes`,
		operation: 'get',
		replies: [cutShort(200, length)],
		sent: 4,
		says: /^(No answer from .*: the answer broke off|The server answered 200 OK, but not with)/,
	},
	...(['create', 'update', 'delete'] as const).map(
		(operation): FaultCase => ({
			name: `${operation} may have been done if the compressed response is cut to ${length} bytes`,
			operation,
			replies: [cutShort(200, length)],
			sent: operation === 'delete' && length === 11 ? 4 : 1,
			says: new RegExp(
				`^(No answer from .*: the answer broke off|The server answered 200 OK, but not with).*${mayBeDone}`,
			),
		}),
	),
]);

const otherErrors: Array<[shape: string, body: unknown, says: RegExp]> = [
	[
		'a text in error',
		{ error: 'Name taken' },
		/^Name taken To continue with the existing one, set 'If It Exists Already' to 'Return the Existing One'\.$/,
	],
	['an empty text in error', { error: '' }, /^The server answered 400 Bad Request.*\{"error":""\}/],
	[
		'a text in message',
		{ message: 'Name taken' },
		/^Name taken To continue with the existing one, set 'If It Exists Already' to 'Return the Existing One'\.$/,
	],
	[
		'a list in errors',
		{ errors: [{ title: 'Name taken' }] },
		/^Name taken To continue with the existing one/,
	],
	['a list in error', { error: ['Name taken'] }, /^Name taken To continue with the existing one/],
	['nothing in error', { error: {} }, /^The server answered 400 .*\{"error":\{\}\}/],
	['null in error', { error: null }, /^The server answered 400 .*\{"error":null\}/],
	['only a code', { error: { code: 'name_taken' } }, /^The server answered 400 .*name_taken/],
	['an object in message', { error: { message: { en: 'Name taken' } } }, /^The .*Name taken/],
	['a list', ['Name taken'], /^The server answered 400 .*Name taken/],
	['null', null, /^The server answered 400 Bad Request, without Vizdom's JSON/],
	[
		'field errors in details',
		{
			error: { code: 'invalid', message: 'Invalid', details: [{ field: 'name', issue: 'short' }] },
		},
		/^Invalid Check this item's parameters\. Vizdom's details: \[\{"field":"name","issue":"short"\}\]$/,
	],
];

const unusable: Array<[what: string, body: unknown]> = [
	['no data', { id: 'dash_1' }],
	['null for data', { data: null }],
	['a text for data', { data: 'dash_1' }],
	['a list for data', { data: [{ id: 'dash_1' }] }],
	['null', null],
	['a text', 'dash_1'],
];

testFaults([
	{
		name: "A proxy's page is reported as such, without tags",
		operation: 'get',
		replies: [html(502, badGateway)],
		sent: 4,
		says: /^Vizdom failed with status 502 Bad Gateway Something else may have answered, such as a proxy \(text\/html\): "502 Bad Gateway 502 Bad Gateway nginx\/1\.25\.3"\. Tried 4 times/,
	},
	...(['get', 'getAll'] as OperationName[]).map((operation) => ({
		name: `${operation} reports a sign-in page as such`,
		operation,
		replies: [signIn],
		sent: 1,
		says: /^The server answered 200 OK, but not with Vizdom's JSON Something else.*\(text\/html\): "Acme SSO Sign in to go on"\./,
	})),
	...(['create', 'update', 'delete'] as OperationName[]).map((operation) => ({
		name: `${operation} is sent only once after a sign-in page, and may have been done`,
		operation,
		replies: [signIn],
		sent: 1,
		says: new RegExp(
			`^The server answered 200 OK, but.*"Acme SSO Sign in to go on"\\. ${mayBeDone}`,
		),
	})),
	...([200, 204] as const).flatMap((status) =>
		(['get', 'getAll'] as const).map((operation) => ({
			name: `${operation} fails if ${status} comes without a body`,
			operation,
			replies: [content(status, '')],
			sent: 1,
			says: new RegExp(`^The server answered ${status} .*The answer was empty\\.`),
		})),
	),
	...emptySuccesses,
	...cutAnswers,
	{
		name: 'A long page of brackets is reported as such',
		operation: 'get',
		replies: [html(400, '<'.repeat(1_000_000))],
		sent: 1,
		says: /^The server answered 400 Bad Request, without Vizdom's JSON/,
	},
	{
		name: 'Truncated JSON is not mistaken for a dashboard',
		operation: 'get',
		replies: [content(200, '{"data":{"id":"bad","na', { 'content-type': 'application/json' })],
		sent: 4,
		says: /^The server answered 200 OK, but not with Vizdom's JSON .*\{"data":\{"id":"bad","na"/,
	},
	...unusable.map(
		([what, body]): FaultCase => ({
			name: `get fails if the response contains ${what}`,
			operation: 'get',
			replies: [json(200, body)],
			sent: 1,
			says: /^The server .*(not with Vizdom's JSON|Base URL)/,
		}),
	),
	...([null, {}, 'none', 7] as const).map(
		(data): FaultCase => ({
			name: `getAll fails if data is ${JSON.stringify(data)}`,
			operation: 'getAll',
			replies: [json(200, { data, meta: { total: 1 } })],
			sent: 1,
			says: /^The server did not answer \/dashboards with a list Check the Base URL/,
		}),
	),
	...otherErrors.map(
		([shape, body, says]): FaultCase => ({
			name: `An error body with ${shape} is shown`,
			operation: 'create',
			replies: [json(400, body)],
			sent: 1,
			says,
		}),
	),
	{
		name: 'An error in plain text is shown',
		operation: 'create',
		replies: [content(403, 'Blocked by the firewall', { 'content-type': 'text/plain' })],
		sent: 1,
		says: /^The server answered 403 Forbidden, .*\(text\/plain\): "Blocked by the firewall"/,
	},
	{
		name: 'An error without a body shows its status',
		operation: 'get',
		replies: [content(404, '')],
		sent: 1,
		says: /^The server answered 404 Not Found, without Vizdom's JSON The answer was empty\./,
	},
	{
		name: 'A nonstandard status without a reason is shown',
		operation: 'get',
		replies: [bytes('HTTP/1.1 418 \r\ncontent-length: 0\r\n\r\n', 'stall')],
		sent: 1,
		says: /^The server answered 418, without Vizdom's JSON The answer was empty\./,
	},
	{
		name: 'A body that falsely claims to be compressed is not mistaken for a dashboard',
		operation: 'update',
		replies: [content(200, '{"data":{}}', { 'content-encoding': 'gzip' })],
		sent: 1,
		says: new RegExp(`^No answer from 127\\.0\\.0\\.1:\\d+: .*${mayBeDone}`),
	},
]);
