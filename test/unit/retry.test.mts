import type { IHttpRequestMethods, IN8nHttpFullResponse } from 'n8n-workflow';
import { Attempts, retryAfter } from '../../nodes/shared/request/retry.ts';
import type { Outcome } from '../../nodes/shared/request/retry.ts';

const methods: IHttpRequestMethods[] = ['GET', 'DELETE', 'POST', 'PATCH'];

function answer(statusCode: number, headers = {}): IN8nHttpFullResponse {
	return { statusCode, headers, body: {} };
}

/** As n8n hands it on: its own error, and the connection's as the cause. */
function connection(code: string, syscall?: string): Error {
	return new Error('wrapped', { cause: Object.assign(new Error(code), { code, syscall }) });
}

/** The waits before each repetition of a request that always has the same outcome. */
function waits(method: IHttpRequestMethods, outcome: Outcome, random = () => 1): number[] {
	const attempts = new Attempts(method, random);
	const all: number[] = [];
	for (
		let wait = attempts.waitAfter(outcome);
		wait !== undefined;
		wait = attempts.waitAfter(outcome)
	) {
		all.push(wait);
	}
	return all;
}

test.each([500, 502, 503, 504])('%s is repeated 3 times, where that is safe', (status) => {
	expect(waits('GET', answer(status))).toEqual([1000, 2000, 4000]);
	expect(waits('GET', answer(status), () => 0.25)).toEqual([250, 500, 1000]);
	expect(waits('DELETE', answer(status))).toHaveLength(3);
	expect(waits('POST', answer(status))).toEqual([]);
	expect(waits('PATCH', answer(status))).toEqual([]);
});

test('A server that asks to wait is given the time, up to 90 s', () => {
	expect(waits('GET', answer(503, { 'retry-after': '3' }))).toEqual([3000, 3000, 4000]);
	expect(waits('GET', answer(503, { 'retry-after': '90' }))).toEqual(Array(3).fill(90_000));
	expect(waits('GET', answer(503, { 'retry-after': '91' }))).toEqual([]);
	expect(waits('POST', answer(503, { 'retry-after': '3' }))).toEqual([]);
});

test.each(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ERR_BAD_RESPONSE'])(
	'%s is repeated where that is safe',
	(code) => {
		expect(waits('GET', connection(code))).toHaveLength(3);
		expect(waits('DELETE', connection(code))).toHaveLength(3);
		expect(waits('POST', connection(code))).toEqual([]);
		expect(waits('PATCH', connection(code))).toEqual([]);
	},
);

test.each([
	['ECONNREFUSED', undefined],
	['ENOTFOUND', 'getaddrinfo'],
	['EAI_AGAIN', 'getaddrinfo'],
	['ETIMEDOUT', 'connect'],
])('%s: never sent, so any method is repeated', (code, syscall) => {
	for (const method of methods) expect(waits(method, connection(code, syscall))).toHaveLength(3);
});

test.each([200, 201, 204, 301, 400, 401, 403, 404, 409, 422, 429, 501, 524])(
	'%s stands',
	(status) => {
		for (const method of methods) expect(waits(method, answer(status))).toEqual([]);
	},
);

test.each(['ERR_CANCELED', 'CERT_HAS_EXPIRED', 'EPROTO', ''])('The error "%s" stands', (code) => {
	for (const method of methods) expect(waits(method, connection(code))).toEqual([]);
});

test('Only what may have reached the server may have been done', () => {
	const done = (outcome: Outcome) => {
		const attempts = new Attempts('POST');
		attempts.waitAfter(outcome);
		return attempts.maybeDone;
	};
	expect(done(connection('ECONNRESET'))).toBe(true);
	expect(done(connection('HPE_INVALID_CONSTANT'))).toBe(true);
	expect(done(answer(502))).toBe(true);
	expect(done(answer(501))).toBe(true);
	expect(done(answer(524))).toBe(true);
	expect(done(connection('EPROTO'))).toBe(false);
	expect(done(connection('DEPTH_ZERO_SELF_SIGNED_CERT'))).toBe(false);
	expect(done(connection('ERR_TLS_CERT_ALTNAME_INVALID'))).toBe(false);
	expect(done(connection('ECONNREFUSED'))).toBe(false);
	expect(done(answer(429))).toBe(false);
	expect(done(answer(404))).toBe(false);
});

test('Retry-After: seconds, or a date by the server’s clock; nonsense is none', () => {
	const at = 'Mon, 23 Nov 2026 10:00:30 GMT';
	expect(retryAfter(answer(429, { 'retry-after': '12' }))).toBe(12_000);
	expect(
		retryAfter(answer(429, { 'retry-after': at, date: 'Mon, 23 Nov 2026 10:00:00 GMT' })),
	).toBe(30_000);
	const soon = new Date(Date.now() + 5_000).toUTCString();
	expect(retryAfter(answer(429, { 'retry-after': soon }))).toBeGreaterThan(2_000);
	for (const value of ['0', '-5', 'soon', '', at, undefined]) {
		const late = 'Mon, 23 Nov 2026 10:00:30 GMT';
		expect(retryAfter(answer(429, { 'retry-after': value, date: late }))).toBeUndefined();
	}
});
