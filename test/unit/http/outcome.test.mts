import type { IHttpRequestMethods, IN8nHttpFullResponse } from 'n8n-workflow';
import {
	blockedAddress,
	IncompleteBodyError,
	outcomeOf,
	outcomeOfError,
	retryAfterOf,
} from '../../../nodes/shared/http/outcome.ts';
import type { OutcomeClass } from '../../../nodes/shared/http/outcome.ts';

type Classes = Record<'GET' | 'DELETE' | 'POST' | 'PATCH', OutcomeClass>;

function answer(statusCode: number, headers = {}): IN8nHttpFullResponse {
	return { statusCode, headers, body: {} };
}

/** As n8n passes it on: its own error, with the connection's as its cause. */
function connection(code: string, syscall?: string): Error {
	return new Error('wrapped', { cause: Object.assign(new Error(code), { code, syscall }) });
}

function classes(of: (method: IHttpRequestMethods) => { class: OutcomeClass }): Classes {
	return {
		GET: of('GET').class,
		DELETE: of('DELETE').class,
		POST: of('POST').class,
		PATCH: of('PATCH').class,
	};
}

const all = (one: OutcomeClass): Classes => ({ GET: one, DELETE: one, POST: one, PATCH: one });

/** Safe to repeat, or not. */
const passing: Classes = {
	GET: 'transient',
	DELETE: 'transient',
	POST: 'unclear',
	PATCH: 'unclear',
};

test.each<[status: number, expected: Classes]>([
	[200, all('ok')],
	[201, all('ok')],
	[202, all('ok')],
	[204, all('ok')],
	...[301, 302, 303, 307, 308].map((status): [number, Classes] => [
		status,
		{ ...all('unclear'), GET: 'refused' },
	]),
	[400, all('refused')],
	[401, all('refused')],
	[403, all('refused')],
	[404, all('refused')],
	[409, all('refused')],
	[422, all('refused')],
	[429, all('throttled')],
	[501, all('unclear')],
	[529, all('unclear')],
	...[408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530].map(
		(status): [number, Classes] => [status, passing],
	),
])('%i', (status, expected) => {
	expect(classes((method) => outcomeOf(method, answer(status)))).toEqual(expected);
});

test.each<[code: string, syscall: string | undefined, expected: Classes]>([
	...[
		'ECONNRESET',
		'ECONNABORTED',
		'EPIPE',
		'ETIMEDOUT',
		'ERR_BAD_RESPONSE',
		'ERR_STREAM_PREMATURE_CLOSE',
		'Z_BUF_ERROR',
	].map((code): [string, undefined, Classes] => [code, undefined, passing]),
	['ECONNREFUSED', undefined, all('unsent')],
	['EHOSTUNREACH', undefined, all('unsent')],
	['ENETUNREACH', undefined, all('unsent')],
	['ENOTFOUND', 'getaddrinfo', all('unsent')],
	['EAI_AGAIN', 'getaddrinfo', all('unsent')],
	['ETIMEDOUT', 'connect', all('unsent')],
	['EPROTO', undefined, all('refused')],
	['CERT_HAS_EXPIRED', undefined, all('refused')],
	['DEPTH_ZERO_SELF_SIGNED_CERT', undefined, all('refused')],
	['ERR_TLS_CERT_ALTNAME_INVALID', undefined, all('refused')],
	['HPE_INVALID_CONSTANT', undefined, all('unclear')],
	['ERR_CANCELED', undefined, all('unclear')],
	['', undefined, all('unclear')],
])('The error "%s" of %s', (code, syscall, expected) => {
	expect(classes((method) => outcomeOfError(method, connection(code, syscall)))).toEqual(expected);
});

test("An address blocked by n8n's SSRF protection got nothing, and stays blocked", () => {
	const cause = Object.assign(new Error('blocked'), { name: 'SsrfBlockedIpError', ip: '10.0.0.1' });
	const error = new Error('wrapped', { cause });
	expect(blockedAddress(error)).toBe('10.0.0.1');
	expect(classes((method) => outcomeOfError(method, error))).toEqual(all('refused'));
});

test('A host with no reachable address got nothing', () => {
	const errors = ['ETIMEDOUT', 'ECONNREFUSED'].map((code) =>
		Object.assign(new Error(code), { code, syscall: 'connect' }),
	);
	const cause = Object.assign(new AggregateError(errors), { code: 'ETIMEDOUT' });
	const error = new Error('wrapped', { cause });
	expect(classes((method) => outcomeOfError(method, error))).toEqual(all('unsent'));
});

const url = 'https://api.vizdom.example/v1';
const proxyEnded = new Error('Proxy connection ended before receiving CONNECT response');

test.each<[what: string, error: Error]>([
	['to another port', connection('connect ECONNREFUSED 10.0.0.1:3128')],
	['to another host', connection('getaddrinfo ENOTFOUND proxy.example')],
	['that the proxy did not answer', proxyEnded],
	['that the proxy reset', new Error('read ECONNRESET', { cause: { request: { socket: null } } })],
])('A connection %s is to a proxy: any method can be repeated', (_, error) => {
	expect(classes((method) => outcomeOfError(method, error, url))).toEqual(all('unsent'));
	expect(outcomeOfError('GET', error, url).isFromProxy).toBe(true);
});

test.each([
	'connect ECONNREFUSED 10.0.0.1:443',
	'getaddrinfo ENOTFOUND api.vizdom.example',
	'read ECONNRESET',
])('%s is not to a proxy', (message) => {
	expect(outcomeOfError('GET', connection(message), url).isFromProxy).toBeUndefined();
});

test.each<[status: number, headers: Record<string, string>, expected: OutcomeClass]>([
	[407, {}, 'refused'],
	[403, { 'proxy-agent': 'x' }, 'refused'],
])("%i with %j is a proxy's response", (status, headers, expected) => {
	const outcome = (method: IHttpRequestMethods) => outcomeOf(method, answer(status, headers));
	expect(classes(outcome)).toEqual(all(expected));
	expect(outcome('GET').isFromProxy).toBe(true);
});

test("A proxy's 502 may come from one in front of the server: a change may have been made", () => {
	const outcome = (method: IHttpRequestMethods) =>
		outcomeOf(method, answer(502, { 'proxy-agent': 'x' }));
	expect([outcome('GET').class, outcome('POST').class]).toEqual(['transient', 'unclear']);
	expect(outcome('POST').isFromProxy).toBe(true);
});

test('Content delivery networks send Via, too', () => {
	const headers = { via: '1.1 x', 'proxy-status': 'x; error=connection_refused' };
	expect(outcomeOf('POST', answer(502, headers))).toMatchObject({ class: 'unclear' });
});

test.each([
	new IncompleteBodyError('The file came incomplete'),
	new DOMException('It took too long', 'TimeoutError'),
])('%s is temporary', (error) => {
	expect(classes((method) => outcomeOfError(method, error))).toEqual(passing);
});

test('Retry-After: seconds or a date by the server’s clock; nonsense is ignored', () => {
	const at = 'Mon, 23 Nov 2026 10:00:30 GMT';
	expect(retryAfterOf(answer(429, { 'retry-after': '12' }))).toBe(12_000);
	expect(
		retryAfterOf(answer(429, { 'retry-after': at, date: 'Mon, 23 Nov 2026 10:00:00 GMT' })),
	).toBe(30_000);
	const soon = new Date(Date.now() + 5_000).toUTCString();
	expect(retryAfterOf(answer(429, { 'retry-after': soon }))).toBeGreaterThan(2_000);
	for (const value of ['0', '-5', 'soon', '', at, undefined]) {
		const late = 'Mon, 23 Nov 2026 10:00:30 GMT';
		expect(retryAfterOf(answer(429, { 'retry-after': value, date: late }))).toBeUndefined();
	}
});
