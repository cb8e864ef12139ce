import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';
import type { HttpRequest } from '../../../nodes/shared/http/send.ts';
import { Signals } from '../../../nodes/shared/http/signals.ts';
import { Vizdom } from '../../../nodes/shared/vizdom/client.ts';
import type { VizdomError } from '../../../nodes/shared/vizdom/errors.ts';

type Response = Partial<IN8nHttpFullResponse>;

let origins = 0;

/** A client at a new origin, and its requests. */
function clientOf(
	respond: (line: string, request: HttpRequest) => Response | Error | Promise<never>,
) {
	const origin = `https://vizdom-${++origins}.example`;
	const lines: string[] = [];
	const vizdom = new Vizdom({
		transport: async (request) => {
			await new Promise((resolve) => setTimeout(resolve, 5));
			const line = `${request.method} ${request.url.replace(`${origin}/v1`, '')}`;
			lines.push(line);
			const response = await respond(line, request);
			if (response instanceof Error) throw response;
			return { statusCode: 200, headers: {}, body: {}, ...response } as IN8nHttpFullResponse;
		},
		node: { name: 'Vizdom', type: 'vizdom' } as never,
		credential: { apiKey: `key-${origins}`, baseUrl: `${origin}/v1`, requestsPerMinute: 1000 },
		source: {},
		timeout: 5_000,
		signals: new Signals(),
		labels: {},
	});
	return { vizdom, lines };
}

function json(statusCode: number, body: object, headers: IDataObject = {}): Response {
	return { statusCode, body: body as never, headers };
}

const never = new Promise<never>(() => {});
const noPath = json(404, { error: { code: 'not_found', message: 'Not Found' } });
const list = json(200, { data: [], meta: { total: 0 } });
const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

function answers(given: Record<string, Response | Error>) {
	return clientOf((line) => given[line] ?? noPath);
}

async function failureOf(promise: Promise<unknown>): Promise<VizdomError> {
	return await promise.then(
		() => Promise.reject(new Error('It did not fail')),
		(error: VizdomError) => error,
	);
}

describe('An invitation tries another path', () => {
	const invite = { email: 'nathan@example.com', role: 'viewer' };

	test('after a 404, only once, and uses it directly from then on', async () => {
		const created = json(201, { data: { id: 'user_1' } });
		const { vizdom, lines } = answers({ 'GET /users': list, 'POST /invitations': created });
		for (let times = 0; times < 2; times++) {
			const { data } = await vizdom.send('POST', '/users/invite', invite);
			expect(data).toEqual({ id: 'user_1' });
		}
		expect(lines).toEqual([
			'POST /users/invite',
			'GET /users',
			'POST /users/invitations',
			'POST /invitations',
			'POST /invitations',
		]);
	});

	test.each<[string, Response | Error]>([
		['500', json(500, {})],
		['a lost connection', lost],
		['422', json(422, { error: { message: 'Invalid' } })],
		['a page of something else', { body: '<h1>Welcome</h1>' as never }],
		['an error in a success', json(200, { data: null, error: { message: 'Invalid' } })],
		['a redirect', json(302, {}, { location: '/login' })],
	])('but not after %s, at neither the first nor the second', async (_, response) => {
		const first = answers({ 'POST /users/invite': response });
		await failureOf(first.vizdom.send('POST', '/users/invite', invite));
		expect(first.lines).toEqual(['POST /users/invite']);
		const second = answers({ 'GET /users': list, 'POST /users/invitations': response });
		await failureOf(second.vizdom.send('POST', '/users/invite', invite));
		expect(second.lines.at(-1)).toBe('POST /users/invitations');
		expect(second.lines).toHaveLength(3);
	});

	test('and if there is none, the error is the first one, with what was tried', async () => {
		const { vizdom, lines } = answers({ 'GET /users': list });
		const { message, description } = await failureOf(vizdom.send('POST', '/users/invite', invite));
		expect(message).toBe('Not Found');
		expect(description).toContain('POST /users/invitations');
		expect(lines.length).toBeLessThanOrEqual(8);
	});
});

test('A refusal at another path shows that it exists; other requests are not refused', async () => {
	const { vizdom, lines } = clientOf((line, { body }) => {
		if (line === 'GET /users') return list;
		if (line !== 'POST /invitations') return noPath;
		const isKnown = body?.email === 'known@example.com';
		return isKnown ? json(409, { error: { message: 'Known' } }) : json(201, { data: { id: '1' } });
	});
	for (let times = 0; times < 6; times++) {
		const known = vizdom.send('POST', '/users/invite', { email: 'known@example.com' });
		expect((await failureOf(known)).message).toBe('Known');
	}
	await vizdom.send('POST', '/users/invite', { email: 'new@example.com' });
	expect(lines.slice(3)).toEqual(Array.from({ length: 7 }, () => 'POST /invitations'));
});

test.each([
	['an error in a success', json(200, { data: null, error: { message: 'Not Found' } })],
	['408', json(408, {})],
	['a redirect', json(302, {}, { location: '/login' })],
])('%s at another path does not show that it exists', async (_, response) => {
	const given: Record<string, Response | Error> = {
		'GET /users': list,
		'POST /users/invitations': response,
	};
	const { vizdom } = answers(given);
	await failureOf(vizdom.send('POST', '/users/invite', {}));
	given['POST /users/invite'] = json(201, { data: { id: 'user_1' } });
	expect((await vizdom.send('POST', '/users/invite', {})).data).toEqual({ id: 'user_1' });
});

describe('An export', () => {
	const body = { dashboard_id: 'dash_1', format: 'pdf' };

	test('starts below its dashboard if it has no path of its own', async () => {
		const given: IDataObject[] = [];
		const { vizdom, lines } = clientOf((line, request) => {
			if (request.body) given.push(request.body);
			if (line === 'GET /exports') return list;
			return line === 'POST /dashboards/dash_1/exports'
				? json(202, { data: { id: 'exp_1' } })
				: noPath;
		});
		await vizdom.send('POST', '/exports', body);
		expect(lines).toEqual(['POST /exports', 'GET /exports', 'POST /dashboards/dash_1/exports']);
		expect(given).toEqual([body, { format: 'pdf' }]);
	});

	test('of a dashboard that does not exist is not started elsewhere', async () => {
		const message = "Dashboard with ID 'dash_1' does not exist.";
		const { vizdom, lines } = answers({ 'POST /exports': json(404, { error: { message } }) });
		expect((await failureOf(vizdom.send('POST', '/exports', body))).message).toBe(message);
		expect(lines).toEqual(['POST /exports']);
	});

	test('is started at a third path only if its dashboard exists', async () => {
		const { vizdom, lines } = answers({ 'GET /exports': list });
		await failureOf(vizdom.send('POST', '/exports', body));
		expect(lines.slice(2)).toEqual(['POST /dashboards/dash_1/exports', 'GET /dashboards/dash_1']);
	});

	test.each([
		[17, 17],
		['17', '17'],
	])('names a dashboard as the server does: the ID %j', async (id, sent) => {
		const given: unknown[] = [];
		const { vizdom, lines } = clientOf((line, request) => {
			if (request.body) given.push(request.body.dashboard_id);
			if (line === 'GET /dashboards/17') return json(200, { data: { id } });
			return json(201, { data: { id: 'exp_1' } });
		});
		await vizdom.send('POST', '/exports', { dashboard_id: '17', format: 'pdf' });
		await vizdom.send('POST', '/exports', { dashboard_id: '17', format: 'pdf' });
		expect(given).toEqual([sent, sent]);
		expect(lines).toHaveLength(3);
	});
});

describe('A list', () => {
	test('is tried under its other names, once for simultaneous requests', async () => {
		const { vizdom, lines } = clientOf((line) => {
			if (line === 'GET /members/user_1') return json(200, { data: { id: 'user_1' } });
			return line === 'GET /members' ? list : noPath;
		});
		const reading = Array.from({ length: 20 }, () => vizdom.get('/users/user_1'));
		for (const { data } of await Promise.all(reading)) expect(data).toEqual({ id: 'user_1' });
		expect(lines.slice(0, 3)).toEqual(['GET /users/user_1', 'GET /users', 'GET /members']);
		expect(lines.slice(3)).toEqual(Array.from({ length: 20 }, () => 'GET /members/user_1'));
	});

	test('is not tried under other names if one of its records is not found', async () => {
		const message = "User with ID 'user_1' does not exist.";
		const { vizdom, lines } = answers({ 'GET /users/user_1': json(404, { error: { message } }) });
		await failureOf(vizdom.get('/users/user_1'));
		expect(lines).toEqual(['GET /users/user_1']);
	});

	test.each([
		['an error in a success', json(200, { data: [], error: { message: 'Not Found' } })],
		['a page of something else', { body: '<h1>Welcome</h1>' as never }],
		['408', json(408, {})],
	])('is not taken to exist because of %s', async (_, response) => {
		const given: Record<string, Response | Error> = { 'GET /users': response };
		const { vizdom } = answers(given);
		await failureOf(vizdom.get('/users'));
		given['GET /users'] = noPath;
		given['GET /members/user_1'] = json(200, { data: { id: 'user_1' } });
		given['GET /members'] = list;
		expect((await vizdom.get('/users/user_1')).data).toEqual({ id: 'user_1' });
	});

	test('that is forbidden is still found', async () => {
		const forbidden = json(403, { error: { message: 'Not you' } });
		const { vizdom } = answers({ 'GET /members': forbidden });
		for (let times = 0; times < 10; times++) {
			expect((await failureOf(vizdom.get('/users'))).message).toBe('Not you');
		}
	});

	test('is found when the server is up again', async () => {
		const given: Record<string, Response | Error> = { 'GET /team': json(501, {}) };
		const { vizdom } = answers(given);
		for (let times = 0; times < 10; times++) await failureOf(vizdom.get('/users'));
		given['GET /team'] = list;
		expect((await vizdom.get('/users')).data).toEqual([]);
	});

	test('is not taken to exist because of a lost connection', async () => {
		const given: Record<string, Response | Error> = { 'GET /users/user_1': refused };
		const { vizdom } = answers(given);
		await failureOf(vizdom.get('/users/user_1'));
		given['GET /users/user_1'] = noPath;
		given['GET /members'] = list;
		given['GET /members/user_1'] = json(200, { data: { id: 'user_1' } });
		expect((await vizdom.get('/users/user_1')).data).toEqual({ id: 'user_1' });
	}, 60_000);

	test('is found when a record is deleted, if it is unknown whether the record is gone', async () => {
		let tries = 0;
		const { vizdom, lines } = clientOf((line) => {
			if (line === 'GET /members') return list;
			if (line === 'DELETE /members/user_1') return json(204, {});
			return line === 'DELETE /users/user_1' && ++tries === 1 ? json(502, {}) : noPath;
		});
		await vizdom.send('DELETE', '/users/user_1');
		expect(lines.at(-1)).toBe('DELETE /members/user_1');
	}, 60_000);

	test('is known from then on', async () => {
		const { vizdom, lines } = answers({ 'GET /users': list });
		await failureOf(vizdom.get('/users/user_1'));
		await failureOf(vizdom.get('/users/user_2'));
		expect(lines).toEqual(['GET /users/user_1', 'GET /users', 'GET /users/user_2']);
	});
});

describe('An update', () => {
	const record = { id: 'dash_1', name: 'Old', description: 'Kept', tags: ['a'], created_at: 'x' };
	const notAllowed = (allow: string) => json(405, {}, { allow });

	test('replaces the record after a 405, and keeps the other fields', async () => {
		const sent: unknown[] = [];
		const { vizdom, lines } = clientOf((_, { method, body }) => {
			if (method === 'PATCH') return notAllowed('GET, PUT');
			if (method === 'PUT') sent.push(body);
			return json(200, { data: record });
		});
		await vizdom.send('PATCH', '/dashboards/dash_1', { name: 'New' });
		await vizdom.send('PATCH', '/dashboards/dash_1', { name: 'Newer' });
		expect(sent).toEqual([
			{ name: 'New', description: 'Kept', tags: ['a'] },
			{ name: 'Newer', description: 'Kept', tags: ['a'] },
		]);
		expect(lines.map((line) => line.split(' ')[0])).toEqual(['PATCH', 'GET', 'PUT', 'GET', 'PUT']);
	});

	test('does not if the server forbids it', async () => {
		const { vizdom, lines } = clientOf(() => notAllowed('GET, DELETE'));
		await failureOf(vizdom.send('PATCH', '/dashboards/dash_1', { name: 'New' }));
		expect(lines).toHaveLength(1);
	});

	test.each([json(200, { data: null }), json(501, {})])(
		'fails if the record to replace cannot be read',
		async (answer) => {
			const { vizdom, lines } = clientOf((_, { method }) =>
				method === 'PATCH' ? notAllowed('GET, PUT') : answer,
			);
			const error = await failureOf(vizdom.send('PATCH', '/dashboards/dash_1', { name: 'New' }));
			expect(error.mayBeDone).toBe(false);
			expect(lines).toHaveLength(2);
		},
	);

	test('that may have been made is not repeated', async () => {
		const { vizdom, lines } = clientOf((_, { method }) => {
			if (method === 'PATCH') return notAllowed('GET, PUT');
			return method === 'PUT' ? lost : json(200, { data: record });
		});
		const error = await failureOf(vizdom.send('PATCH', '/dashboards/dash_1', { name: 'New' }));
		expect(error.mayBeDone).toBe(true);
		expect(lines).toHaveLength(3);
	});
});

test('A stopped request does not wait for what others learn', async () => {
	const { vizdom } = clientOf((line) => (line === 'GET /users/user_1' ? noPath : never));
	vizdom.get('/users/user_1').catch(() => {});
	await new Promise((resolve) => setTimeout(resolve, 50));
	const stop = new AbortController();
	const waiting = vizdom.cancelledBy(stop.signal).get('/users/user_1');
	setTimeout(() => stop.abort(new Error('stopped')), 50);
	await expect(waiting).rejects.toThrow('stopped');
});

test('Learning at one origin does not affect another', async () => {
	const members = answers({ 'GET /members': list });
	await members.vizdom.get('/users');
	const users = answers({ 'GET /users': list });
	await users.vizdom.get('/users');
	expect(users.lines).toEqual(['GET /users']);
});
