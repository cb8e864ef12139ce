import { runNode } from '../engine.mts';
import { locator } from '../support.mts';
import { testFaults, textOfError } from './cases.mts';
import type { FaultCase, OperationName } from './cases.mts';
import { json, refusal, startServer } from './faultyServer.mts';

const statuses = [408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530];

const repeatable: OperationName[] = ['get', 'getAll', 'delete'];
const changing: OperationName[] = ['create', 'invite', 'export', 'update'];

const mayBeDone = 'The change may have been made anyway: check in Vizdom before you run this';

const failed = (status: number) =>
	status < 500 ? '' : `Vizdom failed with status ${status} [\\w ]+: `;
const existing = "set 'If It Exists Already' to 'Return the Existing One'\\.";
const forUsers =
	"To change or remove the user, use Update or Delete and choose the user 'By Email'\\.";

testFaults([
	...[
		refusal(409, 'Taken'),
		refusal(422, 'Already a member'),
		refusal(422, 'Email belongs to a member'),
	].map(
		(reply, index): FaultCase => ({
			name: `invite says what to do if the address is taken (${['409', '422', '422 in other words'][index]})`,
			operation: 'invite',
			replies: [reply],
			sent: 1,
			says: new RegExp(
				`To continue with the existing user or invitation, ${existing} ${forUsers}$`,
			),
		}),
	),
	{
		name: 'create says what to do if the name is taken',
		operation: 'create',
		replies: [refusal(409, 'Exists')],
		sent: 1,
		says: new RegExp(`^Exists To continue with the existing one, ${existing}$`),
	},
	{
		name: 'an ID in the headline is not repeated',
		operation: 'get',
		replies: [refusal(404, "No dashboard 'bad'")],
		sent: 1,
		says: /^No dashboard 'bad' Check the parameter 'Dashboard': choose one from the list/,
	},
	{
		name: 'create, which has no IDs, says nothing about IDs',
		operation: 'create',
		replies: [refusal(404, 'Gone')],
		sent: 1,
		says: /^Gone Check the Base URL in the Vizdom credential\./,
	},
	{
		name: 'create says which key it needs, and nothing about owners',
		operation: 'create',
		replies: [refusal(403, 'Not you')],
		sent: 1,
		says: /^Not you Use the API key of an Editor or Admin in the Vizdom credential\.$/,
	},
	{
		name: 'a change of the owner does not blame the key',
		operation: 'delete',
		replies: [refusal(403, 'The owner cannot be removed.')],
		sent: 1,
		says: /^The owner cannot be removed\. Choose another user\.$/,
	},
	{
		name: 'a detail in the headline is not repeated',
		operation: 'create',
		replies: [
			json(422, {
				error: {
					message: 'Validation failed: name is too long.',
					details: [{ field: 'name', message: 'is too long' }],
				},
			}),
		],
		sent: 1,
		says: /^Validation failed: name is too long\. Check this item's parameters\.$/,
	},
	{
		name: 'get names a 5xx without a message',
		operation: 'get',
		replies: [json(501, {})],
		sent: 1,
		says: /^Vizdom failed with status 501 Not Implemented /,
	},
	...statuses.flatMap((status): FaultCase[] => {
		const down = refusal(status, `Down with ${status}`);
		return [
			...repeatable.map((operation) => ({
				name: `${operation} succeeds after ${status} once`,
				operation,
				replies: [down, 'works' as const],
				sent: 2,
			})),
			{
				name: `get succeeds after ${status} twice`,
				operation: 'get',
				replies: [down, down, 'works'],
				sent: 3,
			},
			{
				name: `get is given up after ${status} four times, and says how often it was tried`,
				operation: 'get',
				replies: [down],
				sent: 4,
				says: new RegExp(
					`^${failed(status)}Down with ${status} Tried 4 times within \\d seconds?\\. Try again later\\.$`,
				),
			},
			...changing.map((operation) => ({
				name: `${operation} is sent only once after ${status}, and may have been done`,
				operation,
				replies: [down, 'works' as const],
				sent: 1,
				says: new RegExp(`^${failed(status)}Down with ${status} ${mayBeDone}`),
			})),
		];
	}),
	{
		name: "get succeeds after a 503 whose body has a stream's property names",
		operation: 'get',
		replies: [json(503, { read: true, destroy: 'x', pipe: 1 }), 'works'],
		sent: 2,
	},
	{
		name: 'delete is given up after 503 four times, and may have been done',
		operation: 'delete',
		replies: [refusal(503, 'Down')],
		sent: 4,
		says: new RegExp(
			`^Vizdom failed with status \\d+ [\\w ]+: Down Tried 4 times within \\d seconds?\\. ${mayBeDone}`,
		),
	},
	{
		name: 'delete has succeeded if 404 follows 503',
		operation: 'delete',
		replies: [refusal(503, 'Down'), refusal(404, 'Gone')],
		sent: 2,
	},
	{
		name: 'delete fails if 404 comes first',
		operation: 'delete',
		replies: [refusal(404, 'Gone')],
		sent: 1,
		says: /^Gone Check the parameter 'Dashboard', which is 'bad': choose /,
	},
	{
		name: 'get fails if 404 follows 503',
		operation: 'get',
		replies: [refusal(503, 'Down'), refusal(404, 'Gone')],
		sent: 2,
		says: /^Gone Check the parameter 'Dashboard'/,
	},
	{
		name: 'get waits as long as a 503 asks',
		operation: 'get',
		replies: [refusal(503, 'Maintenance', { 'retry-after': '2' }), 'works'],
		sent: 2,
	},
	{
		name: 'get is given up at once if a 503 asks for too long a wait, and says when to try again',
		operation: 'get',
		replies: [refusal(503, 'Maintenance', { 'retry-after': '3600' }), 'works'],
		sent: 1,
		says: /^Vizdom failed with status 503 Service Unavailable: Maintenance Vizdom asks you to wait 3600 seconds: try again after that, at 20/,
	},
	{
		name: 'get succeeds with a timeout of a fraction of a millisecond',
		operation: 'get',
		replies: ['works'],
		sent: 1,
		timeout: 5_000.5,
	},
	...[501, 505].map(
		(status): FaultCase => ({
			name: `create is sent only once after ${status}, and may have been done`,
			operation: 'create',
			replies: [refusal(status, 'Odd'), 'works'],
			sent: 1,
			says: new RegExp(`^${failed(status)}Odd ${mayBeDone}`),
		}),
	),
	{
		name: 'delete has succeeded if 410 follows 503',
		operation: 'delete',
		replies: [refusal(503, 'Down'), refusal(410, 'Gone')],
		sent: 2,
	},
	...[400, 401, 403, 404, 409, 422].map(
		(status): FaultCase => ({
			name: `get is sent only once after ${status}`,
			operation: 'get',
			replies: [refusal(status, `No: ${status}`), 'works'],
			sent: 1,
			says: new RegExp(`^No: ${status}`),
		}),
	),
]);

test('An invitation without a known path says which paths were tried, and blames no parameter', async () => {
	const server = await startServer(({ method }) =>
		method === 'GET' ? json(200, { data: [], meta: { total: 0 } }) : refusal(404, 'No such path'),
	);
	const { error } = await runNode({
		node: 'vizdomUser',
		parameters: { operation: 'invite', email: 'nathan@example.com', role: 'viewer' },
		credential: server.credential,
	}).finally(server.close);
	expect(textOfError(error)).toMatch(
		/^No such path (?!.*'User')(?!.*'invite').*Base URL.*tried.*POST \/users\/invitations/,
	);
	expect(server.sent()).toEqual({ POST: 6, GET: 1 });
});

test('An export that is not found names its only ID', async () => {
	const server = await startServer(() => refusal(404, 'Gone'));
	const { error } = await runNode({
		node: 'vizdomExport',
		parameters: { operation: 'create', dashboardId: locator('bad'), format: 'csv' },
		credential: server.credential,
	});
	server.close();
	expect(textOfError(error)).toMatch(
		/^Gone Check the parameter 'Dashboard', which is 'bad': choose one from the list, or find the ID with Vizdom Dashboard: Get Many\./,
	);
});
