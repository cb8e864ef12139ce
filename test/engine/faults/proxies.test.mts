import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CredentialTestContext } from 'n8n-core';
import type { ICredentialTestFunction, IDataObject, INodeType } from 'n8n-workflow';
import { loader, runNode, searchList, testTrigger } from '../engine.mts';
import type { Credential } from '../engine.mts';
import { operations, textOf, textOfError, working } from './cases.mts';
import { startServer } from './faultyServer.mts';

interface Proxy {
	url: string;
	/** Each request's first line and header fields, as received */
	requests: string[];
	close(): void;
}

/** A proxy on this machine that answers each CONNECT with these bytes and forwards nothing. */
async function startProxy(answer = ''): Promise<Proxy> {
	const requests: string[] = [];
	const server = createServer(({ method, url, rawHeaders }, response) => {
		requests.push([method, url, ...rawHeaders].join(' '));
		response.writeHead(502).end();
	});
	server.on('connect', ({ method, url, rawHeaders }, socket) => {
		requests.push([method, url, ...rawHeaders].join(' '));
		socket.end(answer);
	});
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests,
		close: () => {
			server.close();
			server.closeAllConnections();
		},
	};
}

function answerOf(status: string, ...headers: string[]): string {
	const page = '<h1>Denied</h1>';
	return [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${page.length}`, '', page].join(
		'\r\n',
	);
}

const variables = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const;
type Variables = Partial<Record<(typeof variables)[number], string>>;

async function withEnvironment<R>(values: Variables, run: () => Promise<R>): Promise<R> {
	Object.assign(process.env, values);
	return await run().finally(() => {
		for (const name of variables) delete process.env[name];
	});
}

const aboutProxy = /Nothing was sent to Vizdom\. Check 'Proxy' in the node's Request Options, or/;
const told = (headline: string) => new RegExp(`^${headline} ${aboutProxy.source}`);

const cases: Array<[name: string, answer: string | undefined, says: RegExp, tries: number]> = [
	['is not there', undefined, told('No answer from the proxy: the connection was refused.*'), 0],
	['ends the connection', '', told('No answer from the proxy: it closed the connection'), 4],
	[
		'wants a password',
		answerOf('407 Proxy Authentication Required'),
		told('The proxy answered 407 Proxy Authentication Required'),
		1,
	],
	[
		'does not allow it, and says that it is a proxy',
		answerOf('403 Forbidden', 'Proxy-Agent: strict/1.0'),
		told('The proxy answered 403 Forbidden'),
		1,
	],
	[
		'does not allow it',
		answerOf('403 Forbidden', 'Content-Type: text/html'),
		/^The server answered 403 Forbidden, .*such as a proxy .*: "Denied"\. Check that n8n can reach api\.vizdom\.example: a proxy or firewall may block it\.$/,
		1,
	],
];

let keys = 0;

async function runThrough(operation: 'get' | 'create', requestOptions: IDataObject) {
	const { node, parameters } = operations[operation];
	const apiKey = `secret-key-${++keys}-behind-a-proxy`;
	return await runNode({
		node,
		parameters: { ...parameters, requestOptions },
		credential: { apiKey, baseUrl: 'https://api.vizdom.example/v1' },
		input: [{ json: { id: 'one' } }],
	});
}

describe.each(['Request Options', "n8n's environment"])('A proxy in %s that', (place) => {
	const isOption = place === 'Request Options';
	const runs = cases.flatMap(([name, answer, says, tries]) =>
		(['get', 'create'] as const).map((operation) => ({ name, answer, says, tries, operation })),
	);

	test.each(runs)(
		'$name is reported as the proxy ($operation)',
		async ({ answer, says, tries, operation }) => {
			const proxy = await startProxy(answer);
			if (answer === undefined) proxy.close();
			const run = async () => await runThrough(operation, isOption ? { proxy: proxy.url } : {});
			const { error } = isOption
				? await run()
				: await withEnvironment({ HTTPS_PROXY: proxy.url }, run);
			proxy.close();
			const text = textOfError(error);
			expect(text).toMatch(says);
			expect(text).not.toMatch(/may have been made|Base URL|needs the role/);
			expect(proxy.requests).toHaveLength(tries);
			expect(proxy.requests.join()).not.toMatch(/secret-key|Authorization/i);
		},
	);
});

// It may also be in front of Vizdom, and have forwarded the request.
test.each([
	['get', 4, 'Try again later.'],
	// Three searches for it, with four tries each.
	['create', 1 + 3 * 4, 'The change may have been made anyway'],
] as const)('%s after a 502 from what claims to be a proxy', async (operation, tries, advice) => {
	const proxy = await startProxy(answerOf('502 Bad Gateway', 'Proxy-Agent: strict/1.0'));
	const { error } = await runThrough(operation, { proxy: proxy.url });
	proxy.close();
	const text = textOfError(error);
	expect(text).toContain(`The proxy answered 502 Bad Gateway ${advice}`);
	expect(text).toContain("Check 'Proxy' in the node's Request Options");
	expect(proxy.requests).toHaveLength(tries);
});

describe('To a Base URL of plain http on this machine, the key', () => {
	const names = ['get', 'getAll', 'create', 'update', 'delete'] as const;

	test.each(names)("is not sent through the proxy in 'Proxy' (%s)", async (name) => {
		const [server, proxy] = [await startServer(working), await startProxy()];
		const { node, parameters } = operations[name];
		const { items } = await runNode({
			node,
			parameters: { ...parameters, requestOptions: { proxy: proxy.url } },
			credential: server.credential,
			input: [{ json: { id: 'one' } }, { json: { id: 'two' } }],
			onError: 'continueRegularOutput',
		});
		server.close();
		proxy.close();
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(textOf(items[1]?.json)).toBe(
			`The proxy in 'Proxy' would get the API key unencrypted Remove 'Proxy' from the node's Request Options: '${server.origin}', the Base URL in the Vizdom credential, is on this machine.`,
		);
		expect([...server.requests, ...proxy.requests]).toEqual([]);
	});

	const inWords =
		/^The proxy in n8n's environment would get the API key unencrypted\.? Add 127\.0\.0\.1 to NO_PROXY/;

	test.each(names)("is not sent through the proxy in n8n's environment (%s)", async (name) => {
		const [server, proxy] = [await startServer(working), await startProxy()];
		const { node, parameters } = operations[name];
		const { items } = await withEnvironment(
			{ HTTP_PROXY: proxy.url },
			async () =>
				await runNode({
					node,
					parameters,
					credential: server.credential,
					input: [{ json: { id: 'one' } }, { json: { id: 'two' } }],
					onError: 'continueRegularOutput',
				}),
		);
		server.close();
		proxy.close();
		expect(items).toHaveLength(2);
		for (const { json } of items) expect(textOf(json)).toMatch(inWords);
		expect(server.requests).toEqual([]);
		// This shows the proxy, once for all items.
		expect(proxy.requests).toHaveLength(1);
		expect(proxy.requests.join()).not.toMatch(/secret-key|Authorization/i);
	});

	async function testCredential(credential: Credential) {
		const { methods } = loader.getNode('vizdomUser').type as INodeType;
		const test = methods?.credentialTest?.vizdomApiTest as ICredentialTestFunction;
		const decrypted = { id: '1', name: 'Vizdom', type: 'vizdomApi', data: { ...credential } };
		return await test.call(new CredentialTestContext({} as never) as never, decrypted);
	}

	test.each([
		[
			'a search',
			async (credential: Credential) =>
				await searchList('vizdomExport', 'searchExports', credential).then(
					() => '',
					(error: Error & { description: string }) => `${error.message} ${error.description}`,
				),
		],
		[
			'the trigger',
			async (credential: Credential) => {
				const { error } = await testTrigger('Dashboard', { event: 'created' }, credential);
				return textOfError(error);
			},
		],
		[
			"the credential's test",
			async (credential: Credential) => (await testCredential(credential)).message,
		],
	])("is not sent through the proxy in n8n's environment by %s", async (_, run) => {
		const [server, proxy] = [await startServer(working), await startProxy()];
		const text = await withEnvironment(
			{ HTTP_PROXY: proxy.url },
			async () => await run(server.credential),
		);
		server.close();
		proxy.close();
		expect(text).toMatch(inWords);
		expect(server.requests).toEqual([]);
		expect(proxy.requests.join()).not.toMatch(/secret-key|Authorization/i);
	});

	test('is not sent to a proxy that is down, either', async () => {
		const [server, proxy] = [await startServer(working), await startProxy()];
		proxy.close();
		const { node, parameters } = operations.get;
		const { error } = await withEnvironment(
			{ HTTP_PROXY: proxy.url },
			async () =>
				await runNode({
					node,
					parameters,
					credential: server.credential,
					input: [{ json: { id: 'one' } }],
				}),
		);
		server.close();
		expect(textOfError(error)).toMatch(inWords);
	});

	test.each(['127.0.0.1', 'localhost'])('is sent to %s if NO_PROXY names it', async (host) => {
		const [server, proxy] = [await startServer(working), await startProxy()];
		const baseUrl = `http://${host}:${new URL(server.origin).port}/v1`;
		const { node, parameters } = operations.get;
		const { error, items } = await withEnvironment(
			{ HTTP_PROXY: proxy.url, NO_PROXY: host },
			async () =>
				await runNode({
					node,
					parameters,
					credential: { ...server.credential, baseUrl },
					input: [{ json: { id: 'one' } }],
				}),
		);
		server.close();
		proxy.close();
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
		expect(proxy.requests).toEqual([]);
	});
});

test("'Ignore SSL Issues' and 'Proxy' together are refused: the proxy could pose as Vizdom", async () => {
	const proxy = await startProxy();
	const options = { proxy: proxy.url, allowUnauthorizedCerts: true };
	const { error } = await runThrough('create', options);
	proxy.close();
	expect(textOfError(error)).toBe(
		"With 'Ignore SSL Issues', the proxy in 'Proxy' could read the API key Remove one of the two from the node's Request Options.",
	);
	expect(proxy.requests).toEqual([]);
});
