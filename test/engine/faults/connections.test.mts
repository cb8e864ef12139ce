import { testFaults } from './cases.mts';
import type { FaultCase, OperationName } from './cases.mts';
import { bytes, content, refusal } from './faultyServer.mts';
import type { Reply } from './faultyServer.mts';

interface Break {
	what: string;
	reply: Reply;
	timeout?: number;
	says: string;
}

const headers = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 40\r\n';
const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"dat\r\n';

const breaks: Break[] = [
	{
		what: 'is reset before the response',
		reply: bytes('', 'reset'),
		says: 'the connection broke off',
	},
	{ what: 'is closed without a byte', reply: bytes('', 'end'), says: 'the connection broke off' },
	{
		what: 'is reset within the headers',
		reply: bytes(headers.slice(0, 40), 'reset'),
		says: 'the connection broke off',
	},
	{
		what: 'is closed within the headers',
		reply: bytes(headers.slice(0, 40), 'end'),
		says: 'the connection broke off',
	},
	{
		what: 'is reset within the body',
		reply: bytes(`${headers}\r\n{"data":`, 'reset'),
		says: 'the (answer|connection) broke off',
	},
	{
		what: 'is closed within the body',
		reply: bytes(`${headers}\r\n{"data":`, 'end'),
		says: 'the (answer|connection) broke off',
	},
	{
		what: 'is closed between two chunks of the body',
		reply: bytes(chunked, 'end'),
		says: 'the (answer|connection) broke off',
	},
	{
		what: 'stalls before the response',
		reply: bytes('', 'stall'),
		timeout: 3_000,
		says: 'it took too long',
	},
	{
		what: 'stalls within the headers',
		reply: bytes(headers.slice(0, 40), 'stall'),
		timeout: 3_000,
		says: 'it took too long',
	},
	{
		what: 'stalls within the body',
		reply: bytes(`${headers}\r\n{"data":`, 'stall'),
		timeout: 3_000,
		says: 'it took too long',
	},
];

const mayBeDone =
	'The change may have been made anyway: check in Vizdom before you run this again.';
const notFound = 'So far, it was not found in Vizdom\\.';

const repeatable: OperationName[] = ['get', 'getAll', 'delete'];
const changing: OperationName[] = ['create', 'invite', 'export', 'update'];

testFaults([
	...breaks.flatMap(({ what, reply, timeout, says }): FaultCase[] => [
		...repeatable.map((operation) => ({
			name: `${operation} succeeds at the second try if the connection ${what}`,
			operation,
			replies: [reply, 'works' as const],
			sent: 2,
			timeout,
		})),
		...changing.map((operation) => ({
			name: `${operation} is sent only once if the connection ${what}, and may have been done`,
			operation,
			replies: [reply, 'works' as const],
			sent: 1,
			timeout,
			says: new RegExp(
				`^No answer from 127\\.0\\.0\\.1:\\d+: ${says} Check .*${mayBeDone}( ${notFound})?$`,
			),
		})),
		{
			name: `get is given up at the fourth try if the connection ${what}`,
			operation: 'get',
			replies: [reply],
			sent: 4,
			timeout,
			says: new RegExp(
				`^No answer from 127\\.0\\.0\\.1:\\d+: ${says} Check the Base URL .* Tried 4 times within \\d+ seconds?\\. Try again later\\.$`,
			),
		},
		{
			name: `delete has succeeded if the connection ${what} and 404 follows`,
			operation: 'delete',
			replies: [reply, refusal(404, 'Gone')],
			sent: 2,
			timeout,
		},
	]),
	...(['get', 'create', 'delete'] as const).map(
		(operation): FaultCase => ({
			name: `${operation} fails at once if the response is not HTTP`,
			operation,
			replies: [bytes('SSH-2.0-OpenSSH_9.6\r\n', 'end')],
			sent: 1,
			says: new RegExp(
				`^No answer from 127\\.0\\.0\\.1:\\d+: .*${operation === 'get' ? '' : mayBeDone}`,
			),
		}),
	),
	...(['get', 'update', 'delete'] as const).map((operation): FaultCase => {
		const body = operation === 'delete' ? '' : '{"data":{"id":"bad","name":"New"}}';
		const answer = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
		return {
			name: `${operation} succeeds, and is not repeated, if the connection is reset after the response`,
			operation,
			replies: [bytes(answer, 'reset'), refusal(500, 'Sent again')],
			sent: 1,
		};
	}),
	{
		name: 'A response with two different lengths is refused',
		operation: 'create',
		replies: [
			bytes('HTTP/1.1 201 Created\r\ncontent-length: 2\r\ncontent-length: 9\r\n\r\n{}', 'end'),
			content(201, '{"data":{}}'),
		],
		sent: 1,
		says: new RegExp(mayBeDone),
	},
]);
