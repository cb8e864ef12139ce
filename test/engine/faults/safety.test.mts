import type { IDataObject } from 'n8n-workflow';
import { runNode, searchList } from '../engine.mts';
import { locator } from '../support.mts';
import { expectClean, operations, textOf, textOfError, working } from './cases.mts';
import type { OperationName } from './cases.mts';
import { bytes, content, html, json, startServer } from './faultyServer.mts';
import type { Arrived, FaultyServer, Reply } from './faultyServer.mts';

const both = [{ json: { id: 'one' } }, { json: { id: 'two' } }];

async function run(
	operation: OperationName,
	server: FaultyServer,
	credential: Partial<FaultyServer['credential']> = {},
) {
	return await runNode({
		node: operations[operation].node,
		parameters: operations[operation].parameters,
		credential: { ...server.credential, ...credential },
		input: both,
		onError: 'continueRegularOutput',
	});
}

describe('A redirect from the API', () => {
	const operationNames: OperationName[] = ['get', 'getAll', 'create', 'update', 'delete'];
	const redirects = [301, 302, 303, 307, 308].flatMap((status) =>
		operationNames.map((operation) => [operation, status] as const),
	);

	test.each(redirects)('of %s (%i) is not followed to another host', async (operation, status) => {
		const elsewhere = await startServer(working);
		const server = await startServer(({ path }) =>
			content(status, '', { location: `${elsewhere.origin}${path}` }),
		);
		const outcome = await run(operation, server);
		elsewhere.close();
		server.close();
		expect(elsewhere.requests).toEqual([]);
		expect(server.sent()[operations[operation].method]).toBe(2);
		expect(outcome.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		for (const { json: item } of outcome.items) {
			expect(textOf(item)).toMatch(
				new RegExp(`^The server answered ${status} .*Check the Base URL in the Vizdom credential`),
			);
		}
		expectClean(outcome, server);
	});

	test('is not followed on the same host, either, and the error names the Base URL', async () => {
		const server = await startServer(() => content(301, '', { location: '/v2/dashboards' }));
		const outcome = await run('getAll', server);
		server.close();
		expect(server.sent()).toEqual({ GET: 2 });
		expect(textOf(outcome.items[0]?.json)).toMatch(/^The server answered 301 .*the Base URL/);
	});

	test('of a search is not followed', async () => {
		const elsewhere = await startServer(working);
		const server = await startServer(() => content(302, '', { location: elsewhere.origin }));
		const search = searchList('vizdomExport', 'searchExports', server.credential);
		await expect(search).rejects.toMatchObject({
			message: expect.stringMatching(/^The server answered 302 /),
		});
		elsewhere.close();
		server.close();
		expect(elsewhere.requests).toEqual([]);
	});
});

describe('The key', () => {
	const authorization = ({ headers }: Arrived) => String(headers.authorization);
	const echoes: Array<[where: string, reply: (request: Arrived) => Reply]> = [
		[
			'in the message',
			(request) => json(401, { error: { code: 'no', message: authorization(request) } }),
		],
		['in the code', (request) => json(400, { error: { code: authorization(request) } })],
		[
			'in the details',
			(request) => json(422, { error: { message: 'No', details: [request.headers] } }),
		],
		[
			'in the name of a field',
			(request) =>
				json(422, { error: { message: 'No', details: { [authorization(request)]: 'wrong' } } }),
		],
		['in another shape', (request) => json(403, { headers: request.headers })],
		['in a page', (request) => html(500, `<h1>Error</h1><pre>${authorization(request)}</pre>`)],
		['in a page with status 200', (request) => html(200, `<p>${authorization(request)}</p>`)],
		[
			'at the end of a long page, where it is cut off',
			(request) => html(400, `${'x '.repeat(135)}${authorization(request)}`),
		],
		[
			'at the end of long details, where they are cut off',
			(request) =>
				json(422, {
					error: { message: 'No', details: [`${'x'.repeat(280)}${authorization(request)}`] },
				}),
		],
		['in a reason', (request) => bytes(`HTTP/1.1 401 ${authorization(request)}\r\n\r\n`, 'end')],
		[
			'in an address in the message',
			(request) =>
				json(400, { error: { message: `/?key=${encodeURIComponent(authorization(request))}` } }),
		],
		[
			'in a page, escaped',
			(request) => html(502, `<p>${authorization(request).replaceAll('"', '&quot;')}</p>`),
		],
		[
			'where a long message is cut off',
			(request) => json(400, { error: { message: `${'x'.repeat(285)}${authorization(request)}` } }),
		],
		[
			'in the place that a redirect leads to',
			(request) =>
				content(302, '', { location: `/?key=${encodeURIComponent(authorization(request))}` }),
		],
	];
	const keys = [
		'key-0123456789-abcdefghijklmnopqrstuvwxyz',
		'key+with/base64==and$1',
		'key"with\\quotes',
	];

	test.each(keys)('%s that a server repeats is not in the output', async (apiKey) => {
		for (const [where, reply] of echoes) {
			const server = await startServer(reply);
			// A PATCH is not repeated.
			const outcome = await run('update', server, { apiKey });
			server.close();
			expect(server.sent()).toEqual({ PATCH: 2 });
			const out = JSON.stringify(outcome.run);
			const inJson = JSON.stringify(apiKey).slice(1, -1);
			const leaked = [apiKey, inJson, encodeURIComponent(apiKey), apiKey.slice(0, 12)];
			expect([where, leaked.filter((part) => out.includes(part))]).toEqual([where, []]);
			expect(outcome.items.every(({ json: item }) => typeof item.error === 'string')).toBe(true);
			expectClean(outcome, server);
		}
	});

	test.each(['\n', ' \t', '\u200b'])(
		'that was pasted with %j after it works, and is not in the output',
		async (more) => {
			const key = 'key-0123456789-abcdefghijklmnopqrstuvwxyz';
			for (const [where, reply] of echoes) {
				const server = await startServer(reply);
				const outcome = await run('update', server, { apiKey: key + more });
				server.close();
				expect(server.requests.map(authorization)).toEqual(Array(2).fill(`Bearer ${key}`));
				expect([where, JSON.stringify(outcome.run).includes(key)]).toEqual([where, false]);
			}
		},
	);

	test('that a server repeats in the name of a file is not in the name', async () => {
		const server = await startServer((request) => {
			const disposition = `attachment; filename="${authorization(request)}.csv"`;
			if (request.path.endsWith('/file'))
				return content(200, 'a,b\n', { 'content-disposition': disposition });
			const download_url = '/v1/exports/exp_1/file';
			return json(200, { data: { id: 'exp_1', format: 'csv', status: 'completed', download_url } });
		});
		const { items, run: whole } = await runNode({
			node: 'vizdomExport',
			parameters: { operation: 'download', exportId: locator('exp_1') },
			credential: server.credential,
		});
		server.close();
		expect(items[0]?.binary?.data?.fileName).toBe('Bearer [API key].csv');
		expect(JSON.stringify(whole)).not.toContain(server.credential.apiKey);
	});

	const inExports: Array<[where: string, record: (key: string) => IDataObject, file: string]> = [
		['state', (key) => ({ id: 'exp_1', status: key }), ''],
		['ID', (key) => ({ id: `exp_${key}`, status: 'failed', error: { message: 'No' } }), ''],
		['first bytes', () => ({ id: 'exp_1', format: 'pdf', status: 'completed' }), 'KEY and more'],
		['ID and first bytes', (key) => ({ id: key, format: 'pdf', status: 'completed' }), ' KEY'],
		[
			'first bytes, where they are cut off',
			() => ({ id: 'exp_1', format: 'pdf', status: 'completed' }),
			`${'x'.repeat(50)}KEY`,
		],
	];

	test.each(inExports)(
		"that a server repeats in an export's %s is not in the error",
		async (...one) => {
			const [, record, file] = one;
			const server = await startServer((request) => {
				const key = authorization(request).replace('Bearer ', '');
				if (request.path.endsWith('/file')) return content(200, file.replace('KEY', key));
				const download_url = file === '' ? undefined : '/v1/exports/exp_1/file';
				return json(200, { data: { ...record(key), download_url } });
			});
			const { error, run: whole } = await runNode({
				node: 'vizdomExport',
				parameters: {
					operation: 'download',
					exportId: locator('exp_1'),
					options: { timeout: 2 },
				},
				credential: server.credential,
			});
			server.close();
			expect(textOfError(error)).toMatch(
				/^(The export 'exp_1' was not done|The export 'exp_.*' failed|The file of export)/,
			);
			expect(JSON.stringify(whole)).not.toContain(server.credential.apiKey.slice(0, 12));
		},
	);

	test.each(['k', 'a', 'in'])('%j, too short to be one, garbles no message', async (apiKey) => {
		const message = 'a key is in a workspace';
		const server = await startServer(() => json(401, { error: { message } }));
		const { items } = await run('create', server, { apiKey });
		server.close();
		expect(textOf(items[0]?.json)).toBe(`${message} Check the API Key in the Vizdom credential.`);
	});

	test("that is a number does not garble numbers in a server's message", async () => {
		const details = { limit: 4123, name: 'at most 123' };
		const server = await startServer(() => json(422, { error: { message: 'No', details } }));
		const { items } = await run('create', server, { apiKey: '123' });
		server.close();
		expect(textOf(items[0]?.json)).toMatch(
			/^No Check this item's parameters\. .*"at most \[API key\]"/,
		);
	});

	test.each(Object.keys(operations) as OperationName[])(
		'that is refused (401) is tried once for each item of %s',
		async (operation) => {
			const server = await startServer(() => json(401, { error: { message: 'Wrong key' } }));
			const outcome = await run(operation, server);
			server.close();
			expect(server.sent()).toEqual({ [operations[operation].method]: 2 });
			expect(textOf(outcome.items[1]?.json)).toBe(
				'Wrong key Check the API Key in the Vizdom credential.',
			);
		},
	);

	test.each(['0.0.0.0', '127.0.0.1.nip.io', 'user:secret@0.0.0.0', '[::ffff:127.0.0.1]'])(
		'is not sent over plain http to %s',
		async (host) => {
			const server = await startServer(working);
			const baseUrl = `http://${host}:${new URL(server.origin).port}/v1`;
			const outcome = await run('create', server, { baseUrl });
			server.close();
			expect(server.requests).toEqual([]);
			expect(outcome.items).toHaveLength(2);
			expect(textOf(outcome.items[0]?.json)).toMatch(
				/^The Base URL .*(would send the API key unencrypted|is not a valid API address).* Correct it in the Vizdom credential: /,
			);
		},
	);

	test.each([
		'http://127.0.0.1:PORT/v1/',
		'http://127.0.0.1:PORT/v1//',
		' http://127.0.0.1:PORT/v1 ',
	])("goes to the Base URL '%s' as to the one without the extra part", async (baseUrl) => {
		const server = await startServer(working);
		const { port } = new URL(server.origin);
		const outcome = await run('get', server, { baseUrl: baseUrl.replace('PORT', port) });
		server.close();
		expect(outcome.error).toBeUndefined();
		expect(server.requests.map(({ path }) => path)).toEqual([
			'/v1/dashboards/one',
			'/v1/dashboards/two',
		]);
	});
});

describe('An ID cannot reach another path', () => {
	const ids: Array<[id: string, onTheWire: string]> = [
		['../x', '..%2Fx'],
		['../../v2/users', '..%2F..%2Fv2%2Fusers'],
		['..\\x', '..%5Cx'],
		['a/b', 'a%2Fb'],
		['a?b=c', 'a%3Fb%3Dc'],
		['a#b', 'a%23b'],
		['a;b', 'a%3Bb'],
		['a%b', 'a%25b'],
		['%2e%2e', '%252e%252e'],
		['%2e%2e%2fx', '%252e%252e%252fx'],
		['%2F', '%252F'],
		['...', '...'],
		['ä ö', '%C3%A4%20%C3%B6'],
		['a\r\nx-header: 1', 'a%0D%0Ax-header%3A%201'],
		['a\0b', 'a%00b'],
		['{{ 1 }}', '%7B%7B%201%20%7D%7D'],
		['__proto__', '__proto__'],
		['x'.repeat(5_000), 'x'.repeat(5_000)],
	];
	const long = ({ length }: string) => length > 100;

	test.each(['get', 'update', 'delete'] as const)('%s', async (operation) => {
		const server = await startServer(() => json(404, { error: { message: 'Gone' } }));
		const { items } = await runNode({
			node: 'vizdomDashboard',
			parameters: operations[operation].parameters,
			credential: server.credential,
			input: ids.map(([id]) => ({ json: { id } })),
			onError: 'continueRegularOutput',
		});
		server.close();
		expect(server.requests.map(({ path }) => path).sort()).toEqual(
			ids.map(([, onTheWire]) => `/v1/dashboards/${onTheWire}`).sort(),
		);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(ids.map((_, item) => ({ item })));
		for (const [index, [id]] of ids.entries()) {
			const said = textOf(items[index]?.json);
			if (long(id)) expect(said.length).toBeLessThan(6_000);
			else
				expect(said).toContain(`Gone Check the parameter 'Dashboard', which is '${id}': choose `);
		}
	});

	test('that is too long for the server is reported by its status', async () => {
		const server = await startServer(working);
		const { error } = await runNode({
			node: 'vizdomExport',
			parameters: { operation: 'get', exportId: locator('x'.repeat(20_000)) },
			credential: server.credential,
		});
		server.close();
		expect(server.requests).toEqual([]);
		expect(textOfError(error)).toMatch(/^The server answered 431 Request Header Fields Too Large/);
	});
});

describe('Text from elsewhere', () => {
	const long = 'x'.repeat(61_000);
	const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
	const asJson = { 'content-type': 'application/json' };
	const many = Array.from({ length: 50_000 }, (_, at) => ({ field: `f${at}`, message: 'is bad' }));
	const bodies: Array<[what: string, reply: Reply]> = [
		['a message of 61 kB', json(400, { error: { code: long, message: long } })],
		['details of 61 kB', json(422, { error: { message: 'No', details: { name: long } } })],
		['a name of 61 kB', json(422, { error: { message: 'No', details: { [long]: 'bad' } } })],
		['50,000 details', json(422, { error: { message: 'No', details: many } })],
		['a page of 61 kB', html(400, `<p>${long}</p>`)],
		['a page of nothing but beginnings', html(400, '<script'.repeat(10_000))],
		['a reason', bytes(`HTTP/1.1 400 ${'x'.repeat(8_000)}\r\n\r\n`, 'end')],
		['a body 20,000 deep', content(400, nested, asJson)],
		['a body 20,000 deep that is not found', content(404, nested, asJson)],
		['details 20,000 deep', content(422, `{"error":{"message":"No","details":${nested}}}`, asJson)],
	];

	test.each(bodies)('is short, however long it was: %s', async (_, reply) => {
		const server = await startServer(() => reply);
		const outcome = await runNode({
			node: 'vizdomDashboard',
			parameters: operations.update.parameters,
			credential: server.credential,
			input: Array.from({ length: 20 }, (__, at) => ({ json: { id: `id-${at}` } })),
			onError: 'continueRegularOutput',
		});
		server.close();
		expect(outcome.items).toHaveLength(20);
		for (const { json: item } of outcome.items) expect(textOf(item).length).toBeLessThan(1_500);
		expect(JSON.stringify(outcome.run).length).toBeLessThan(100_000);
		expectClean(outcome, server);
	});

	const link = '<a href="https://elsewhere.example">Click</a>';
	const fields = JSON.parse('{"constructor":"a","__proto__":"b","toString":"c"}') as IDataObject;
	const shown: Array<[what: string, reply: Reply, text: RegExp]> = [
		['a link', json(400, { error: { message: link } }), /^‹a href="https:.*">Click‹\/a> Check/],
		['a link in details', json(400, { error: { message: 'No', details: [link] } }), /\["‹a href/],
		[
			'a link as a field',
			json(400, { error: { message: 'No', details: { [link]: link } } }),
			/: ‹a href/,
		],
		[
			'fields that every object has',
			json(422, { error: { message: 'No', details: fields } }),
			/'constructor': a\. '__proto__': b\. 'toString': c\.$/,
		],
	];

	test.each(shown)('is shown as text: %s', async (_, reply, text) => {
		const server = await startServer(() => reply);
		const outcome = await run('create', server);
		server.close();
		expect(textOf(outcome.items[1]?.json)).toMatch(text);
		expectClean(outcome, server);
	});

	test.each([
		['vizdomUser', { operation: 'invite', email: '={{ $json.text }}', role: 'viewer' }],
		['vizdomUser', { operation: 'invite', email: 'a@example.com', role: '={{ $json.text }}' }],
		['vizdomDashboard', { operation: 'getAll', limit: '={{ $json.text }}' }],
	])('of an input item is short, and shown as text (%s %j)', async (node, parameters) => {
		const server = await startServer(working);
		const outcome = await runNode({
			node,
			parameters,
			credential: server.credential,
			input: [{ json: { text: link } }, { json: { text: long } }],
			onError: 'continueRegularOutput',
		});
		server.close();
		expect(server.requests).toEqual([]);
		expect(textOf(outcome.items[0]?.json)).toMatch(/ '‹a href=/);
		expect(textOf(outcome.items[1]?.json).length).toBeLessThan(600);
		expectClean(outcome, server);
	});

	test.each(['', 'v1'])('of a Base URL is read quickly: 100,000 slashes and "%s"', async (end) => {
		const server = await startServer(working);
		const baseUrl = `${server.origin}/v1${'/'.repeat(100_000)}${end}`;
		const { items } = await run('get', server, { baseUrl });
		server.close();
		expect(items).toHaveLength(2);
		expect(JSON.stringify(items).length).toBeLessThan(2_000);
	});
});
