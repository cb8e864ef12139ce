import type { INodeType } from 'n8n-workflow';
import { locator } from '../support.mts';
import { content, json, startServer, type FaultyServer } from './faultyServer.mts';

/** As an n8n admin sets it. n8n reads it when its engine is loaded. */
Object.assign(process.env, {
	N8N_SSRF_PROTECTION_ENABLED: 'true',
	N8N_SSRF_ALLOWED_HOSTNAMES: 'localhost',
	N8N_SSRF_BLOCKED_HOSTNAMES: 'blocked.example',
});
const { loader, runNode, searchList, testTrigger } = await import('../engine.mts');
const { CredentialTestContext } = await import('n8n-core');
const { textOf, textOfError } = await import('./cases.mts');

const settings = 'N8N_SSRF_ALLOWED_HOSTNAMES or N8N_SSRF_ALLOWED_IP_RANGES';
const csv = content(200, 'name\n', { 'content-type': 'text/csv' });
let api: FaultyServer;
let inside: FaultyServer; // stands for a host in n8n's network
let link = '';

beforeEach(async () => {
	inside = await startServer(() => csv);
	api = await startServer(({ path }) => {
		if (path === '/v1/moved') return content(302, '', { location: `${inside.origin}/file` });
		if (path === '/v1/file') return csv;
		const finished = { dashboard_id: 'dash_1', format: 'csv', status: 'completed' };
		return json(200, { data: { id: 'exp_1', ...finished, download_url: link } });
	});
	link = '';
});
afterEach(() => [api, inside].forEach((server) => server.close()));

function localhost({ origin }: FaultyServer): string {
	return origin.replace('127.0.0.1', 'localhost');
}

async function download(baseUrl: string) {
	const { items } = await runNode({
		node: 'vizdomExport',
		parameters: { operation: 'download', exportId: locator('exp_1') },
		credential: { ...api.credential, baseUrl },
		onError: 'continueRegularOutput',
	});
	return items[0];
}

describe("With n8n's SSRF protection", () => {
	test('a file of an allowed host is downloaded', async () => {
		link = `${localhost(api)}/v1/file`;
		expect((await download(`${localhost(api)}/v1`))?.binary?.data).toBeDefined();
	});

	test.each([
		['a link to a blocked address', () => `${inside.origin}/file`],
		['a link that redirects to one', () => `${localhost(api)}/v1/moved`],
	])('%s is not followed', async (_what, linkOf) => {
		link = linkOf();
		const item = await download(`${localhost(api)}/v1`);
		expect(item?.binary).toBeUndefined();
		expect(item?.json.error).toBe(
			`No answer from ${new URL(inside.origin).host}: n8n's SSRF protection blocks 127.0.0.1`,
		);
		expect(item?.json.details).toMatchObject({ description: expect.stringContaining(settings) });
		expect(inside.requests).toEqual([]);
	});

	test.each([
		['a change', { operation: 'create', name: 'Sales' }],
		['a read', { operation: 'get', dashboardId: locator('dash_1') }],
	])('%s at a blocked Base URL is not made, and not tried again', async (_what, parameters) => {
		const { credential } = api;
		const { error } = await runNode({ node: 'vizdomDashboard', parameters, credential });
		expect(error?.message).toMatch(/: n8n's SSRF protection blocks 127\.0\.0\.1$/);
		expect(error?.description).toBe(
			`Check the Base URL in the Vizdom credential, and that n8n can reach it. If the address is right, an n8n admin can allow it with ${settings} in n8n's environment.`,
		);
	});

	test('a blocked host name is named', async () => {
		const baseUrl = 'https://blocked.example/v1';
		const parameters = { operation: 'get', dashboardId: locator('dash_1') };
		const credential = { ...api.credential, baseUrl };
		const { error } = await runNode({ node: 'vizdomDashboard', parameters, credential });
		expect(error?.message).toBe(
			"No answer from blocked.example: n8n's SSRF protection blocks blocked.example",
		);
		expect(error?.description).toContain(settings);
	});

	test('a Base URL at a blocked address gets no request', async () => {
		const { credential } = api;
		const item = await download(credential.baseUrl);
		const { error } = await testTrigger('Dashboard', { event: 'created' }, credential);
		const { methods } = loader.getNode('vizdomUser').type as INodeType;
		const context = new CredentialTestContext({} as never) as never;
		const stored = { id: '1', name: '', type: '', data: { ...credential } };
		const tested = await methods?.credentialTest?.vizdomApiTest?.call(context, stored);
		const search = searchList('vizdomExport', 'searchExports', credential);
		const searchError = await search.catch((failure: Error) => failure);
		for (const text of [textOf(item?.json), textOfError(error), tested?.message]) {
			expect(text).toContain("n8n's SSRF protection blocks 127.0.0.1");
			expect(text).toContain(settings);
		}
		expect(String(searchError)).toContain("n8n's SSRF protection blocks 127.0.0.1");
		expect(api.requests).toEqual([]);
	});
});
