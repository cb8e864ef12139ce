import type { IDataObject } from 'n8n-workflow';
import { runNode } from '../engine.mts';
import type { Outcome } from '../engine.mts';
import { locator } from '../support.mts';
import { operations, startTogether, testFaults, textOfError } from './cases.mts';
import type { FaultCase, OperationName } from './cases.mts';
import { bytes, content, html, json, refusal, startServer } from './faultyServer.mts';
import type { Reply } from './faultyServer.mts';

const names = Object.keys(operations) as OperationName[];
const mayBeDone = 'The change may have been made anyway: check in Vizdom before you run this';

const list = { data: [{ id: 'one', error: 'x' }], meta: { total: 1 } };

/** Errors in a 2xx response, in the forms of different servers. */
const reports: Array<[body: IDataObject, says: string]> = [
	[{ data: null, error: { code: 'locked', message: 'It is locked' } }, 'It is locked'],
	[{ data: {}, error: { message: 'It is locked' } }, 'It is locked'],
	[{ data: { id: 'bad' }, error: 'It is locked' }, 'It is locked'],
	[{ data: [], error: { message: 'It is locked' }, meta: { total: 0 } }, 'It is locked'],
	[
		{ data: null, errors: [{ code: 'x', title: 'Locked', detail: 'It is locked' }] },
		'It is locked',
	],
	[{ data: {}, errors: ['It is locked', 'It is old'] }, 'It is locked'],
	[{ success: false, message: 'It is locked' }, 'It is locked'],
	[{ data: { id: 'bad' }, success: false }, 'The server answered 200 OK, but with an error'],
	[{ data: {}, ok: false, error: 'It is locked' }, 'It is locked'],
	[{ status: 'error', data: null, message: 'It is locked' }, 'It is locked'],
	[
		{ status: 'fail', data: { name: { rule: 'short' } } },
		'The server answered 200 OK, but with an error',
	],
	[{ statusCode: 409, error: 'Conflict', message: 'It is locked' }, 'It is locked'],
];

testFaults(
	reports.flatMap(([body, says]) =>
		names.map((operation): FaultCase => {
			const advice = operations[operation].method === 'GET' ? '' : mayBeDone;
			return {
				name: `${operation} has failed if the response is ${JSON.stringify(body)}`,
				operation,
				replies: [json(200, body), 'works'],
				sent: 1,
				says: new RegExp(`^${says} The server reported this with status 200.*${advice}`),
			};
		}),
	),
);

testFaults([
	{
		name: 'An error without words is shown as received',
		operation: 'create',
		replies: [json(201, { success: false, data: null })],
		sent: 1,
		says: /^The server answered 201 Created, but with an error .*\{"success":false,"data":null\}/,
	},
	{
		name: 'Errors of fields name the parameters',
		operation: 'create',
		replies: [json(201, { message: 'Invalid', errors: { name: ['is short', 'is odd'] } })],
		sent: 1,
		says: /^Invalid .*'Name': is short, is odd\. So far, it was not found in Vizdom\.$/,
	},
	...([{}, null] as const).map((data) => ({
		name: `get has found nothing if the response is ${JSON.stringify(data)}`,
		operation: 'get' as const,
		replies: [json(200, { data })],
		sent: 1,
		says: /^The server did not answer with a record/,
	})),
	...names
		.filter((operation) => operation !== 'getAll' && operation !== 'delete')
		.map((operation): FaultCase => {
			const data = { id: 'bad', error: 'Not reachable', status: 'failed', success: false };
			const beside = { error: null, errors: [], success: true, ok: true, status: 'success' };
			return {
				name: `${operation} has succeeded with a record that has its own error`,
				operation,
				replies: [json(200, { data, ...beside, warnings: ['It is old'], message: 'Done' })],
				sent: 1,
				item: data,
			};
		}),
	{
		name: 'getAll has succeeded with warnings, and without an error',
		operation: 'getAll',
		replies: [
			json(200, {
				...list,
				error: {},
				errors: [null],
				warnings: ['old'],
			}),
		],
		sent: 1,
	},
	...[{ id: 'bad', status: 'error' }, { data: null, error: null }, { success: true }].map(
		(body): FaultCase => ({
			name: `delete has succeeded if the response is ${JSON.stringify(body)}`,
			operation: 'delete',
			replies: [json(200, body)],
			sent: 1,
		}),
	),
]);

/** So deep that a recursive function overflows the stack. */
const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
const isJson = { 'content-type': 'application/json' };
const deepError = `{"error":{"code":"x","message":"It is locked","details":${nested}}}`;
const location = { location: '/v1/dashboards/new' };

testFaults([
	{
		name: 'get has failed if the response is nested too deeply',
		operation: 'get',
		replies: [content(200, `{"data":{"id":"bad","name":${nested}}}`, isJson)],
		sent: 1,
		says: /^The server answered 200 OK, but not with Vizdom's JSON .*\{"data":\{"id":"bad"/,
	},
	{
		name: 'get shows the message of an error with details nested too deeply',
		operation: 'get',
		replies: [content(404, deepError, isJson)],
		sent: 1,
		says: /^It is locked Check the parameter 'Dashboard'.* Vizdom's details: \[+…/,
	},
	{
		name: 'get is repeated after 503 with details nested too deeply',
		operation: 'get',
		replies: [content(503, deepError, isJson), 'works'],
		sent: 2,
	},
	...[301, 302, 303, 307, 308].flatMap((status) =>
		(['create', 'invite', 'export', 'update', 'delete'] as const).map(
			(operation): FaultCase => ({
				name: `${operation} may have been done if the response is ${status}`,
				operation,
				replies: [content(status, '', location), 'works'],
				sent: 1,
				says: new RegExp(`^The server answered ${status} .*${mayBeDone}`),
			}),
		),
	),
]);

const dashboardId = locator('dash_1');
const exporting = { operation: 'create', dashboardId, format: 'csv' };

/** Every operation that changes something. */
const changes: Record<string, [node: string, parameters: IDataObject]> = {
	create: ['vizdomDashboard', { operation: 'create', name: 'New' }],
	update: ['vizdomDashboard', { operation: 'update', dashboardId, updateFields: { name: 'N' } }],
	delete: ['vizdomDashboard', { operation: 'delete', dashboardId }],
	'create of a data source': ['vizdomDataSource', { operation: 'create', name: 'N', type: 'csv' }],
	invite: ['vizdomUser', { operation: 'invite', email: 'a@example.com', role: 'viewer' }],
	'export with waiting': ['vizdomExport', exporting],
	'export without waiting': ['vizdomExport', { ...exporting, waitForCompletion: false }],
};

/** After these, it is unknown whether a change was made. */
const unclear: Record<string, Reply> = {
	'an error in a success': json(200, { data: null, error: { message: 'It is locked' } }),
	'success: false': json(201, { data: {}, success: false }),
	'a redirect (302)': content(302, '', location),
	'a redirect (303)': content(303, '', location),
	'a redirect (307)': content(307, '', location),
	'a body without end': content(201, `{"data":{"id":"new","name":${nested}}}`, isJson),
	'a body of nothing but lists': content(201, nested, isJson),
	'an error with details without end': content(500, deepError, isJson),
	'a refusal with details without end': content(422, deepError, isJson),
	'an error without end in a success': content(200, `{"data":null,"error":${nested}}`, isJson),
	'a page': html(200, '<h1>Welcome</h1>'),
	'half a body': content(200, '{"data":{"id":"ne', isJson),
	'an odd status (501)': refusal(501, 'Odd'),
	'a status of its own (299)': json(299, 'Odd'),
	'a body that breaks off': bytes(
		'HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"data":',
		'reset',
	),
};

const repeated = ['an error with details without end', 'a body that breaks off'];

describe('Retry On Fail does not send a change again', () => {
	const cases = Object.keys(changes).flatMap((change) =>
		Object.keys(unclear).map((after) => ({ change, after })),
	);
	const results = startTogether(cases, async ({ change, after }) => {
		const [node, parameters] = changes[change] as [string, IDataObject];
		return await runWithRetry(node, parameters, unclear[after] as Reply);
	});
	test.each(cases)('$change after $after', async (one) => {
		const { change, after } = one;
		const { outcome, sent } = await results(one);
		expect(textOfError(outcome.error)).toContain(mayBeDone);
		expect(textOfError(outcome.error)).not.toMatch(/call stack|\[object|is not a/);
		// Unlike the others, a deletion is repeated within a try, because that is safe.
		const isRepeated = change === 'delete' && repeated.includes(after);
		expect(sent).toBe(isRepeated ? 4 : 1);
	});
});

async function runWithRetry(
	node: string,
	parameters: IDataObject,
	reply: Reply,
): Promise<{ outcome: Outcome; sent: number }> {
	const server = await startServer(({ method }) =>
		method === 'GET' ? json(200, { data: { id: 'dash_1' } }) : reply,
	);
	const outcome = await runNode({
		node,
		parameters,
		credential: server.credential,
		settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
	}).finally(server.close);
	return { outcome, sent: server.requests.filter(({ method }) => method !== 'GET').length };
}

const withoutId: Array<[string, Reply]> = [
	['an empty body', content(204, '')],
	['null', json(200, { data: null })],
	['no ID', json(201, { data: { status: 'queued' } })],
	['an ID that is none', json(201, { data: { id: {}, status: 'queued' } })],
	['a status that is none', json(201, { data: { status: { toString: 1 } } })],
];

describe.each([true, false])('Export: Create, Wait for Completion %s', (waitForCompletion) => {
	test.each(withoutId)('answered with %s gives no ID', async (_, reply) => {
		const parameters = { ...exporting, waitForCompletion };
		const { outcome, sent } = await runWithRetry('vizdomExport', parameters, reply);
		expect(outcome.error?.message).toBe("Vizdom did not return the export's ID");
		expect(outcome.error?.description).toMatch(/may have been started anyway.*Get Many/);
		expect(sent).toBe(1);
	});
});

test('A failed export shows its error as a record', async () => {
	const failed = { id: 'exp_1', status: 'failed', error: 'Too large' };
	const server = await startServer(() => json(200, { data: failed }));
	const { items } = await runNode({
		node: 'vizdomExport',
		parameters: { operation: 'get', exportId: locator('exp_1') },
		credential: server.credential,
	}).finally(server.close);
	expect(items[0]?.json).toEqual(failed);
});

test('An error instead of a later page does not end the list', async () => {
	const data = Array.from({ length: 5 }, (_, index) => ({ id: `dash_${index}` }));
	const server = await startServer(({ path }) => {
		const isFirst = !/offset=[1-9]/.test(path);
		const error = { message: 'It is locked' };
		return json(
			200,
			isFirst ? { data, meta: { total: 9 } } : { data: [], meta: { total: 9 }, error },
		);
	});
	const { error } = await runNode({
		node: 'vizdomDashboard',
		parameters: { operation: 'getAll', returnAll: true },
		credential: server.credential,
	}).finally(server.close);
	expect(error?.message).toBe('It is locked');
});

test('An error while waiting for an export names its ID, and starts no other one', async () => {
	const server = await startServer(({ method }) =>
		method === 'POST'
			? json(201, { data: { id: 'exp_1', status: 'queued' } })
			: json(200, { data: null, error: { message: 'It is locked' } }),
	);
	const { error } = await runNode({
		node: 'vizdomExport',
		parameters: exporting,
		credential: server.credential,
		settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
	}).finally(server.close);
	expect(textOfError(error)).toMatch(/^It is locked .*The export 'exp_1' was started/);
	expect(server.sent().POST).toBe(1);
});
