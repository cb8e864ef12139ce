import type { IHttpRequestMethods } from 'n8n-workflow';
import type { Outcome, OutcomeClass } from '../../../nodes/shared/http/outcome.ts';
import { Attempts } from '../../../nodes/shared/http/retry.ts';

const methods: IHttpRequestMethods[] = ['GET', 'DELETE', 'POST', 'PATCH'];

/** The waits before each repetition of a request with always the same outcome. */
function waits(outcome: Outcome, random = () => 1): number[] {
	const attempts = new Attempts('GET', random);
	const all: number[] = [];
	for (
		let wait = attempts.waitAfter(outcome);
		wait !== undefined && all.length < 10;
		wait = attempts.waitAfter(outcome)
	) {
		all.push(wait);
	}
	return all;
}

test.each<OutcomeClass>(['transient', 'unsent'])(
	'%s is repeated 3 times, with full jitter',
	(one) => {
		expect(waits({ class: one })).toEqual([1000, 2000, 4000]);
		expect(waits({ class: one }, () => 0.25)).toEqual([250, 500, 1000]);
	},
);

test.each<OutcomeClass>(['ok', 'refused', 'unclear'])('%s is not repeated', (one) => {
	expect(waits({ class: one })).toEqual([]);
});

test('A server that asks for a wait gets it, up to 90 s', () => {
	expect(waits({ class: 'transient', retryAfter: 3_000 })).toEqual([3000, 3000, 4000]);
	expect(waits({ class: 'transient', retryAfter: 90_000 })).toEqual(Array(3).fill(90_000));
	expect(waits({ class: 'transient', retryAfter: 91_000 })).toEqual([]);
	expect(waits({ class: 'throttled', retryAfter: 91_000 })).toEqual([]);
});

test('A request refused for its rate is repeated at the next turn, as long as others get through', () => {
	expect(waits({ class: 'throttled' })).toEqual(Array(10).fill(0));
	expect(waits({ class: 'throttled', retryAfter: 60_000 })).toEqual(Array(10).fill(0));
});

test('Only a change that may have reached the server may have been made', () => {
	const mayBeDone = (outcome: OutcomeClass) =>
		methods.filter((method) => {
			const attempts = new Attempts(method);
			attempts.waitAfter({ class: outcome });
			return attempts.mayBeDone;
		});
	expect(mayBeDone('unclear')).toEqual(['DELETE', 'POST', 'PATCH']);
	expect(mayBeDone('transient')).toEqual(['DELETE', 'POST', 'PATCH']);
	for (const one of ['ok', 'throttled', 'unsent', 'refused'] as const) {
		expect(mayBeDone(one)).toEqual([]);
	}
});
