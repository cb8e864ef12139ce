import type { IN8nHttpFullResponse, INode } from 'n8n-workflow';
import { Deadline } from '../../../nodes/shared/http/deadline.ts';
import type { HttpRequest } from '../../../nodes/shared/http/send.ts';
import { Signals } from '../../../nodes/shared/http/signals.ts';
import { Vizdom } from '../../../nodes/shared/vizdom/client.ts';
import { VizdomError } from '../../../nodes/shared/vizdom/errors.ts';

const node = { name: 'Vizdom', type: 'vizdom' } as INode;

let keys = 0;

/** A client with its own transport. */
function clientOf(
	respond: (request: HttpRequest, signal: AbortSignal) => Promise<Partial<IN8nHttpFullResponse>>,
	baseUrl = 'https://api.vizdom.example/v1',
) {
	const requests: HttpRequest[] = [];
	const stop = new AbortController();
	const vizdom = new Vizdom({
		transport: async (request, _timeout, signal) => {
			requests.push(request);
			const response = await respond(request, signal);
			return { statusCode: 200, headers: {}, body: {}, ...response } as IN8nHttpFullResponse;
		},
		node,
		credential: { apiKey: `key-${++keys}`, baseUrl, requestsPerMinute: 1000 },
		source: {},
		timeout: 5_000,
		signals: new Signals(stop.signal),
		labels: { email: 'Email' },
	});
	return { vizdom, requests, stop };
}

async function failureOf(promise: Promise<unknown>): Promise<VizdomError> {
	const error: unknown = await promise.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(VizdomError);
	return error as VizdomError;
}

const never = async (_: HttpRequest, signal: AbortSignal) =>
	await new Promise<never>((_resolve, reject) => {
		signal.addEventListener('abort', () => reject(new Error('aborted')));
	});

test('A request goes to the Base URL with the key, and its envelope comes back', async () => {
	const { vizdom, requests } = clientOf(async () => ({
		body: { data: { id: 'dash_1' }, meta: { total: 7 } } as never,
		headers: { 'retry-after': '3' },
	}));
	expect(await vizdom.get('/dashboards/dash_1')).toEqual({
		data: { id: 'dash_1' },
		retryAfter: 3_000,
	});
	expect(requests).toEqual([
		{
			method: 'GET',
			url: 'https://api.vizdom.example/v1/dashboards/dash_1',
			withKey: true,
			query: undefined,
		},
	]);
});

test('An error has the facts of the failure', async () => {
	const refused = clientOf(async () => ({
		statusCode: 422,
		body: { error: { message: 'No', details: { email: 'is taken' } } } as never,
	}));
	const error = await failureOf(refused.vizdom.send('POST', '/users/invite', {}));
	expect(error).toMatchObject({
		name: 'NodeApiError',
		message: 'No',
		description: expect.stringContaining("'Email': is taken."),
		outcome: 'refused',
		status: 422,
		mayBeDone: false,
	});
	const unclear = clientOf(async () => ({ statusCode: 502, headers: { 'retry-after': '7' } }));
	expect(await failureOf(unclear.vizdom.send('POST', '/dashboards', {}))).toMatchObject({
		outcome: 'unclear',
		status: 502,
		retryAfter: 7_000,
		mayBeDone: true,
	});
	expect(unclear.requests).toHaveLength(1);
});

test("Another program's page is unclear, even for a change", async () => {
	const page = clientOf(async () => ({ body: '<h1>Welcome</h1>' as never }));
	expect(await failureOf(page.vizdom.get('/dashboards'))).toMatchObject({
		outcome: 'unclear',
		mayBeDone: false,
	});
	expect(await failureOf(page.vizdom.send('PATCH', '/dashboards/1', {}))).toMatchObject({
		outcome: 'unclear',
		mayBeDone: true,
	});
});

test('An error in a success: a read is refused, a change may have been made', async () => {
	const body = { data: null, error: { code: 'locked', message: 'Locked' } } as never;
	const reporting = clientOf(async () => ({ body }));
	expect(await failureOf(reporting.vizdom.get('/dashboards/1'))).toMatchObject({
		message: 'Locked',
		outcome: 'refused',
		mayBeDone: false,
		failure: { cause: 'temporarily-unavailable' },
	});
	expect(await failureOf(reporting.vizdom.send('DELETE', '/dashboards/1'))).toMatchObject({
		message: 'Locked',
		outcome: 'unclear',
		mayBeDone: true,
	});
});

test('A change that is refused after an attempt that may have made it says so', async () => {
	const statuses = [503, 403];
	const { vizdom } = clientOf(async () => ({ statusCode: statuses.shift() }));
	expect(await failureOf(vizdom.send('DELETE', '/dashboards/1'))).toMatchObject({
		status: 403,
		mayBeDone: true,
		description: expect.stringContaining('may have been made anyway'),
	});
});

test('The deadline ends a read at once, but not a change in flight', async () => {
	const reading = clientOf(never);
	await expect(reading.vizdom.until(new Deadline(50)).get('/exports/1')).rejects.toMatchObject({
		name: 'TimeoutError',
	});
	const changing = clientOf(async (_, signal) => {
		await new Promise((resolve) => setTimeout(resolve, 150));
		expect(signal.aborted).toBe(false);
		return { body: { data: { id: 'exp_1' } } as never };
	});
	const cancel = new AbortController();
	const change = changing.vizdom.cancelledBy(cancel.signal).send('POST', '/exports', {});
	setTimeout(() => cancel.abort(new Error('cancelled')), 50);
	expect((await change).data).toEqual({ id: 'exp_1' });
});

test('The user stops everything', async () => {
	const { vizdom, stop } = clientOf(never);
	const all = [vizdom.get('/a'), vizdom.send('POST', '/b', {}), vizdom.open('/c')];
	setTimeout(() => stop.abort(new Error('stopped')), 20);
	for (const one of all) await expect(one).rejects.toThrow('stopped');
});

test.each([
	['http://files.example/a.pdf', 'The download link leads to files.example over plain http'],
	['ftp://files.example/a.pdf', 'The download link is not a web address'],
])('The link %s is refused', async (link, message) => {
	const { vizdom, requests } = clientOf(async () => ({}));
	expect((await failureOf(vizdom.open(link))).message).toBe(message);
	expect(requests).toEqual([]);
});

test('A redirect to plain http is refused, too', async () => {
	const { vizdom, requests } = clientOf(async () => ({
		statusCode: 302,
		headers: { location: 'http://files.example/a.pdf' },
	}));
	const error = await failureOf(vizdom.open('https://files.example/a.pdf'));
	expect(error.message).toContain('over plain http');
	expect(requests.map(({ withKey }) => withKey)).toEqual([false]);
});
