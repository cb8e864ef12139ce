import { runNode } from '../engine.mts';
import { locator } from '../support.mts';
import { inTurn, json, refusal, startServer } from './faultyServer.mts';

test('A changed key in the credential is used from the next request on', async () => {
	const next = inTurn([refusal(503, 'Later'), json(200, { data: { id: 'dash_1' } })]);
	const server = await startServer(() => {
		credential.apiKey = 'the-new-key';
		return next();
	});
	const { credential } = server;
	const old = credential.apiKey;
	const { items } = await runNode({
		node: 'vizdomDashboard',
		parameters: { operation: 'get', dashboardId: locator('dash_1') },
		credential,
	});
	server.close();
	expect(items[0]?.json).toEqual({ id: 'dash_1' });
	const keys = server.requests.map(({ headers }) => headers.authorization);
	expect(keys).toEqual([`Bearer ${old}`, 'Bearer the-new-key']);
});
