import { CredentialTestContext } from 'n8n-core';
import type { ICredentialTestFunction, INodeType } from 'n8n-workflow';
import { startSandbox } from '../sandbox/server.mts';
import { loader } from './engine.mts';
import type { Credential } from './engine.mts';
import { json, startServer } from './faults/faultyServer.mts';
import { requestLines, useSandbox } from './support.mts';

const setup = useSandbox();

/** The test as n8n finds it: by the name in a node's `testedBy`. */
async function testCredential(credential: Credential) {
	const node = loader.getNode('vizdomUser').type as INodeType;
	const [{ testedBy } = {}] = node.description.credentials ?? [];
	const test = node.methods?.credentialTest?.[String(testedBy)] as ICredentialTestFunction;
	return await test.call(new CredentialTestContext({} as never) as never, {
		id: '1',
		name: 'Vizdom',
		type: 'vizdomApi',
		data: { ...credential },
	});
}

test('A good key passes, with one request', async () => {
	expect(await testCredential(setup.credential('viewer'))).toEqual({
		status: 'OK',
		message: 'Connection successful!',
	});
	expect(requestLines(setup.sandbox)).toEqual(['GET /v1/dashboards?limit=1']);
});

test('A slash at the end of the base URL does no harm', async () => {
	const credential = { ...setup.credential(), baseUrl: `${setup.sandbox.baseUrl}/` };
	expect(await testCredential(credential)).toMatchObject({ status: 'OK' });
});

test.each(['Bearer {key}', '\n"{key}"\u200b', "bearer: '{key}' "])(
	'A key that was pasted as %j passes',
	async (pasted) => {
		const { apiKey, baseUrl } = setup.credential();
		const result = await testCredential({ apiKey: pasted.replace('{key}', apiKey), baseUrl });
		expect(result).toMatchObject({ status: 'OK' });
	},
);

test.each([
	['a wrong key', { apiKey: 'wrong' }, /does not accept this API key/],
	[
		'a host that nothing listens on',
		{ baseUrl: 'http://127.0.0.1:9/v1' },
		/^No answer from http:\/\/127\.0\.0\.1:9\/v1: the connection was refused.*Check the Base URL/,
	],
	[
		'a host that does not exist',
		{ baseUrl: 'https://vizdom.invalid/v1' },
		/^No answer from https:\/\/vizdom\.invalid\/v1: .*host.*Check the Base URL/,
	],
	[
		'plain http',
		{ baseUrl: 'http://vizdom.example.com/v1' },
		/would send the API key unencrypted\. .*must begin with https/,
	],
	[
		'a password in it',
		{ baseUrl: 'https://me:secret@vizdom.example.com/v1' },
		/^The Base URL is not(?!.*secret)/,
	],
	[
		'a bare question mark',
		{ baseUrl: 'https://vizdom.example.com/v1?' },
		/is not a valid API address/,
	],
	['no address', { baseUrl: 'vizdom' }, /The Base URL 'vizdom' is not a valid API address/],
])('%s fails with a helpful message', async (_, change, message) => {
	const result = await testCredential({ ...setup.credential(), ...change });
	expect(result).toEqual({ status: 'Error', message: expect.stringMatching(message) });
});

test.each([
	[403, {}, /no permission to read dashboards/],
	[404, {}, /Check the Base URL/],
	[429, {}, /over its limit/],
	[500, {}, /HTTP status 500/],
	[200, '<html>Sign in</html>', /not the Vizdom API/],
	[302, {}, /HTTP status 302/],
	[408, {}, /HTTP status 408\. Try again later/],
	[200, { data: [], error: { message: 'Locked' } }, /^Vizdom answered with an error: Locked\.$/],
])('The response %s fails with a helpful message', async (status, body, message) => {
	setup.sandbox.faults.push({
		status,
		body,
		headers: { location: 'http://127.0.0.1:9/elsewhere' },
	});
	const result = await testCredential(setup.credential());
	expect(result).toEqual({ status: 'Error', message: expect.stringMatching(message) });
});

test('A host that accepts but never answers is given up', async () => {
	const server = await startServer(() => () => {});
	const result = await testCredential(server.credential);
	server.close();
	expect(result).toEqual({
		status: 'Error',
		message: expect.stringMatching(/^No answer from .*: it took too long\. Check the Base URL/),
	});
}, 60_000);

describe('If lists are not paged as assumed', () => {
	test.each(['page-number', 'page-number-strict', 'page-alone', 'cursor'] as const)(
		'%s: a good key passes, in few requests, and a wrong one does not',
		async (dialect) => {
			const sandbox = await startSandbox({ settings: { dialect } });
			const { baseUrl, keys, requests } = sandbox;
			const credential = { apiKey: keys.viewer, baseUrl, requestsPerMinute: 1000 };
			const good = await testCredential(credential);
			const { length } = requests;
			const wrong = await testCredential({ ...credential, apiKey: 'wrong' });
			await sandbox.close();
			expect(good).toEqual({ status: 'OK', message: 'Connection successful!' });
			expect(length).toBeLessThanOrEqual(1 + 8 + 2);
			expect(wrong.message).toMatch(/does not accept this API key/);
		},
	);

	test('and not in any known way, it says so, with what was tried and what came', async () => {
		const data = Array.from({ length: 20 }, (_, index) => ({ id: `dash_${index}` }));
		const server = await startServer(() => json(200, { data, meta: { total: 60, sheet: 1 } }));
		const result = await testCredential(server.credential);
		server.close();
		expect(result).toEqual({
			status: 'Error',
			message: expect.stringMatching(
				/^The API key works.*same 20 of 60.*"sheet":1.*page=2.*issues/s,
			),
		});
	});
});
