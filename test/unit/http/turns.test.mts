import { jest } from '@jest/globals';
import { minute } from '../../../nodes/shared/http/budget.ts';
import type { Outcome } from '../../../nodes/shared/http/outcome.ts';
import { giveUpAfter, longestRetryAfter } from '../../../nodes/shared/http/pace.ts';
import { maxInFlight, Turns, turnsFor } from '../../../nodes/shared/http/turns.ts';
import { FakeClock, settled } from './fakeClock.mts';

const ok: Outcome = { class: 'ok' };
const throttled: Outcome = { class: 'throttled' };

interface Asking {
	source?: object;
	requestsPerMinute?: unknown;
	signal?: AbortSignal;
	send?: () => Promise<Outcome>;
}

/** A server that answers after a while, and the requests it got. */
class Server {
	readonly clock = new FakeClock();

	readonly turns: Turns;

	readonly starts: number[] = [];

	inFlight = 0;

	maxInFlight = 0;

	answers: Outcome[] = [];

	private readonly source = {};

	constructor(
		readonly limit: number,
		readonly latency = 10,
	) {
		this.turns = new Turns(limit, this.clock, () => 0.5);
	}

	send = async (): Promise<Outcome> => {
		this.starts.push(this.clock.now());
		this.maxInFlight = Math.max(this.maxInFlight, ++this.inFlight);
		const outcome = this.answers.shift() ?? ok;
		await this.clock.sleep(this.latency);
		this.inFlight--;
		return outcome;
	};

	/** Sends until it gets through, or has been refused eight times and for two minutes. */
	async request(asking: Asking = {}): Promise<Outcome> {
		const { source = this.source, signal, send = this.send } = asking;
		const requestsPerMinute = asking.requestsPerMinute ?? this.limit;
		let firstRefusal = Infinity;
		for (let refusals = 0; ; refusals++) {
			const turn = await this.turns.take(
				{ source, requestsPerMinute, again: refusals > 0 },
				signal,
			);
			if (turn.refusal) return turn.refusal;
			const outcome = await send();
			const isPointless = turn.end(outcome);
			if (outcome.class !== 'throttled' || isPointless) return outcome;
			if ((outcome.retryAfter ?? 0) > longestRetryAfter) return outcome;
			firstRefusal = Math.min(firstRefusal, this.clock.now());
			if (refusals >= 7 && this.clock.now() - firstRefusal >= giveUpAfter) return outcome;
		}
	}

	take(count: number, asking?: Asking): Array<Promise<Outcome>> {
		return Array.from({ length: count }, async () => await this.request(asking));
	}
}

const never = async () => await new Promise<Outcome>(() => {});

describe('own count', () => {
	test('No period of a minute has more requests than the limit', async () => {
		const server = new Server(100, 250);
		server.take(1000);
		await server.clock.advance(11 * minute);
		expect(server.starts).toHaveLength(1000);
		for (const [index, start] of server.starts.entries()) {
			const later = server.starts[index + 100];
			if (later !== undefined) expect(later - start).toBeGreaterThan(minute);
		}
	});

	test('It takes hardly longer than necessary', async () => {
		const server = new Server(1000, 50);
		const all = Promise.all(server.take(3000));
		await server.clock.advance(2 * minute + 12_000);
		await expect(all).resolves.toHaveLength(3000);
		expect(server.starts.at(-1)).toBeLessThan(1.1 * 2 * minute);
	});

	test.each([[0], [-1], [Number.NaN], [Infinity], [null], ['many']])(
		'A limit of %p falls back to the documented one',
		async (requestsPerMinute) => {
			const server = new Server(1000);
			server.take(1001, { requestsPerMinute });
			await server.clock.advance(minute);
			expect(server.starts).toHaveLength(1000);
		},
	);

	test.each([1, 10])('A limit of %p is kept minute after minute', async (requestsPerMinute) => {
		const server = new Server(1000);
		server.take(60, { requestsPerMinute });
		for (const minutes of [1, 2, 3]) {
			await server.clock.advance(minute + 100);
			expect(server.starts).toHaveLength((minutes + 1) * requestsPerMinute);
		}
	});

	test('Two credentials with one key obey the lower limit, until it is no longer used', async () => {
		const server = new Server(1000);
		await Promise.all([server.take(1, { requestsPerMinute: 50 })[0], server.clock.advance(10)]);
		server.take(200, { requestsPerMinute: 100 });
		await server.clock.advance(minute - 100);
		expect(server.starts).toHaveLength(50);
		await server.clock.advance(minute);
		expect(server.starts).toHaveLength(150);
	});

	test('A lowered limit applies at once', async () => {
		const server = new Server(1000);
		server.take(50, { requestsPerMinute: 100 });
		await server.clock.advance(10_000);
		server.take(50, { requestsPerMinute: 60 });
		await server.clock.advance(20_000);
		expect(server.starts).toHaveLength(60);
	});
});

describe('in flight', () => {
	test('A source gets turns in the order of its requests, with a bounded number in flight', async () => {
		const server = new Server(1000);
		const order: number[] = [];
		for (let index = 0; index < 100; index++) {
			const send = async () => {
				order.push(index);
				return await server.send();
			};
			server.take(1, { send });
		}
		await server.clock.advance(1000);
		expect(server.maxInFlight).toBe(maxInFlight);
		expect(order).toEqual([...order].sort((one, other) => one - other));
		expect(order).toHaveLength(100);
	});

	test('All sources together have a bounded number in flight, but each may have one', async () => {
		const server = new Server(1000, minute);
		for (let source = 0; source < 10; source++) server.take(20, { source: {} });
		await server.clock.advance(1000);
		expect(server.inFlight).toBe(64 + 6);
	});

	test('Hanging requests do not hold up another source', async () => {
		const server = new Server(1000);
		server.take(100, { send: never });
		const other = server.take(50, { source: {} });
		await server.clock.advance(1000);
		await expect(Promise.all(other)).resolves.toHaveLength(50);
	});
});

describe('sources', () => {
	test('Sources take turns', async () => {
		const server = new Server(1000, 1000);
		const order: string[] = [];
		const take = (name: string, count: number) => {
			const send = async () => {
				order.push(name);
				return await server.send();
			};
			server.take(count, { source: { name }, send });
		};
		server.answers = [{ class: 'throttled', retryAfter: 5_000 }];
		server.take(1);
		await server.clock.advance(1000);
		for (const [name, count] of [
			['a', 300],
			['b', 4],
			['c', 4],
		] as const)
			take(name, count);
		await server.clock.advance(minute);
		const first = order.slice(0, 12).sort().join('');
		expect(first).toBe('aaaabbbbcccc');
	});

	test('Retries go before the other requests of their source', async () => {
		const server = new Server(1000, 1_000);
		const order: string[] = [];
		const take = async (name: string, again: boolean) => {
			const turn = await server.turns.take({ source: server, requestsPerMinute: 1000, again });
			order.push(name);
			const outcome = await server.send();
			if (!turn.refusal) turn.end(outcome);
		};
		for (let index = 0; index < maxInFlight; index++) void take('first', false);
		for (const name of ['b', 'c', 'd']) void take(name, false);
		void take('a', true);
		await server.clock.advance(2_000);
		expect(order.slice(maxInFlight)).toEqual(['a', 'b', 'c', 'd']);
	});

	test("Stopping ends the waiting at once, and keeps the others' turns", async () => {
		const server = new Server(1, 10);
		const stop = new AbortController();
		const [first, other] = [server.take(1), server.take(3, { source: {}, signal: stop.signal })];
		const last = server.take(1);
		const stopped = Promise.allSettled(other);
		await server.clock.advance(10);
		stop.abort(new Error('stopped'));
		await settled();
		expect((await stopped).map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
		await Promise.all(first);
		await server.clock.advance(minute + 20);
		await Promise.all(last);
		expect(server.starts).toHaveLength(2);
		await expect(server.request({ signal: stop.signal })).rejects.toThrow('stopped');
	});
});

describe('reserve', () => {
	/**
	 * A run of 3,000 items and, every 5 s, one request from another source: how long those wait.
	 */
	async function waitsBeside(bulkLatency: number, begin: number): Promise<number[]> {
		const server = new Server(1000, bulkLatency);
		let isDone = false;
		void Promise.all(server.take(3000)).then(() => (isDone = true));
		await server.clock.advance(begin);
		const waits: number[] = [];
		while (!isDone) {
			const asked = server.clock.now();
			const send = async () => {
				waits.push(server.clock.now() - asked);
				return await server.send();
			};
			server.take(1, { source: {}, send });
			await server.clock.advance(5_000);
		}
		return waits;
	}

	test('A light user starts at once next to a run that uses up the minute', async () => {
		const waits = (
			await Promise.all([700, 2_600, 5_000].map((begin) => waitsBeside(40, begin)))
		).flat();
		expect(waits.length).toBeGreaterThan(100);
		const late = waits.filter((wait) => wait > 2_000);
		expect(late.length / waits.length).toBeLessThanOrEqual(0.05);
	});

	test('A source that sends one request after another is a light user, too', async () => {
		const server = new Server(1000, 40);
		server.take(2000);
		const source = {};
		await server.clock.advance(4_000);
		for (let request = 0; request < 10; request++) {
			const [one] = server.take(1, { source });
			await server.clock.advance(6_000);
			await one;
		}
		expect(server.starts.filter((start) => start >= 4_000 && start < minute)).toHaveLength(10);
	});

	test.each([[1], [2], [10]])('A limit of %p is used up by a lone run', async (limit) => {
		const server = new Server(limit);
		server.take(30);
		await server.clock.advance(10_000);
		expect(server.starts).toHaveLength(limit);
	});

	test('Two large runs do not keep the reserve from each other', async () => {
		const server = new Server(1000, 40);
		server.take(1500);
		server.take(1500, { source: {} });
		await server.clock.advance(5 * minute);
		expect(server.starts).toHaveLength(3000);
		expect(server.starts.at(-1)).toBeLessThan(1.1 * 2 * minute);
	});
});

describe('refusals', () => {
	test('A refusal pauses all, then one tries, then more and more continue', async () => {
		const server = new Server(1000, 1_000);
		server.answers = Array<Outcome>(maxInFlight).fill(throttled);
		server.take(200);
		await server.clock.advance(1_000);
		expect(server.starts).toHaveLength(maxInFlight);
		// The middle of the jitter: seven eighths of 1.6 s.
		await server.clock.advance(1_399);
		expect(server.starts).toHaveLength(maxInFlight);
		await server.clock.advance(1);
		expect(server.starts).toHaveLength(maxInFlight + 1);
		await server.clock.advance(1_000);
		expect(server.inFlight).toBeLessThanOrEqual(2);
		await server.clock.advance(5 * minute);
		expect(server.maxInFlight).toBe(maxInFlight);
		expect(server.starts).toHaveLength(maxInFlight + 200);
	});

	test('Waits grow to 6 s, and after two minutes without success all waiting requests fail', async () => {
		const server = new Server(1000, 0);
		server.answers = Array<Outcome>(1000).fill(throttled);
		const all = Promise.all(server.take(300));
		await server.clock.advance(10 * minute);
		const tries = server.starts.slice(maxInFlight - 1);
		const waits = tries.slice(1).map((start, index) => start - (tries[index] ?? 0));
		expect(waits.slice(0, 4)).toEqual([1_400, 2_800, 5_250, 5_250]);
		expect(Math.max(...waits)).toBe(5_250);
		expect(server.starts.at(-1)).toBeLessThan(giveUpAfter + 5_000);
		expect(await all).toEqual(Array<Outcome>(300).fill(throttled));
		server.answers = [];
		const [later] = server.take(1);
		await server.clock.advance(0);
		expect(await later).toEqual(ok);
	});

	test('Neither hanging requests nor a hanging try block the next try forever', async () => {
		const server = new Server(1000);
		server.take(10, { send: never });
		server.answers = [throttled];
		server.take(1);
		await server.clock.advance(1_000);
		server.take(1, { send: never });
		const [last] = server.take(1, { source: {} });
		await server.clock.advance(20_000);
		await expect(last).resolves.toEqual(ok);
	});

	test.each([[0], [-5_000], [Number.NaN]])('A wait of %p ms is ignored', async (retryAfter) => {
		const server = new Server(1000);
		server.answers = Array(2).fill({ class: 'throttled', retryAfter });
		server.take(2);
		await server.clock.advance(1_000);
		expect(server.starts).toHaveLength(2);
		await server.clock.advance(10_000);
		expect(server.starts).toHaveLength(4);
	});

	test.each([[7_000], [20_000], [longestRetryAfter]])(
		'A wait of %p ms that the server asks for pauses the key for exactly that long',
		async (retryAfter) => {
			const server = new Server(1000, 0);
			server.answers = [{ class: 'throttled', retryAfter }];
			server.take(1);
			await server.clock.advance(0);
			server.take(5);
			await server.clock.advance(retryAfter - 1);
			expect(server.starts).toHaveLength(1);
			await server.clock.advance(minute);
			expect(server.starts).toHaveLength(7);
		},
	);

	test('The longer wait of a request in flight at the refusal counts', async () => {
		const server = new Server(1000);
		server.answers = [throttled, { class: 'throttled', retryAfter: 30_000 }];
		server.take(3);
		await server.clock.advance(29_000);
		expect(server.starts).toHaveLength(3);
		await server.clock.advance(minute);
		expect(server.starts).toHaveLength(5);
	});

	test('Too long a wait fails one request, not the waiting ones', async () => {
		const server = new Server(1000);
		const refusal: Outcome = { class: 'throttled', retryAfter: 3_600_000 };
		server.answers = [refusal, refusal];
		const all = Promise.all(server.take(50));
		await server.clock.advance(5 * minute);
		expect((await all).filter((outcome) => outcome === refusal)).toHaveLength(2);
	});

	test('Three waits in a row that are too long fail all waiting requests, but no later ones', async () => {
		const server = new Server(1000);
		const refusal: Outcome = { class: 'throttled', retryAfter: 3_600_000 };
		server.answers = Array<Outcome>(maxInFlight + 2).fill(refusal);
		const all = Promise.all(server.take(50));
		await server.clock.advance(20_000);
		expect(await all).toEqual(Array<Outcome>(50).fill(refusal));
		expect(server.starts).toHaveLength(maxInFlight + 2);
		const [later] = server.take(1);
		await server.clock.advance(100);
		expect(await later).toEqual(ok);
	});

	test('A refusal long after another without a retry counts as the first', async () => {
		const server = new Server(1000);
		server.answers = [{ class: 'throttled', retryAfter: 3_600_000 }];
		server.take(1);
		await server.clock.advance(60 * minute);
		server.answers = [{ class: 'throttled', retryAfter: 2_000 }];
		const all = Promise.all(server.take(30));
		await server.clock.advance(minute);
		expect(await all).toEqual(Array(30).fill(ok));
	});

	test("Low use before a refusal is not mistaken for the server's limit", async () => {
		const server = new Server(1000);
		for (let second = 0; second < 60; second++) {
			server.take(1, { source: {} });
			await server.clock.advance(1_000);
		}
		server.answers = [throttled];
		server.take(1, { source: {} });
		await server.clock.advance(100);
		const run = Promise.all(server.take(50));
		await server.clock.advance(6_000);
		await expect(run).resolves.toHaveLength(50);
	});

	test('A request refused for its own reason fails alone', async () => {
		const server = new Server(1000);
		const refused = server.take(5, { send: async () => throttled });
		const others = server.take(200);
		await server.clock.advance(10 * minute);
		expect(await Promise.all(refused)).toEqual(Array(5).fill(throttled));
		expect(await Promise.all(others)).toEqual(Array(200).fill(ok));
	});

	test.each([
		['serves one request at a time', { atOnce: 1, perSecond: Infinity }],
		['serves two requests at a time', { atOnce: 2, perSecond: Infinity }],
		['serves three a second', { atOnce: Infinity, perSecond: 3 }],
		['serves five a second', { atOnce: Infinity, perSecond: 5 }],
	])(
		'All get their turn, nearly in order, from a server that %s',
		async (_, { atOnce, perSecond }) => {
			const server = new Server(1000);
			const { clock } = server;
			const served: number[] = [];
			const times: number[] = [];
			let inFlight = 0;
			const all = Array.from({ length: 200 }, async (__, index) => {
				const send = async () => {
					const now = clock.now();
					const inThisSecond = times.filter((time) => time > now - 1_000).length;
					if (inFlight >= atOnce || inThisSecond >= perSecond) return throttled;
					times.push(now);
					inFlight++;
					await clock.sleep(100);
					inFlight--;
					served.push(index);
					return ok;
				};
				return await server.request({ send });
			});
			await clock.advance(10 * minute);
			expect(await Promise.all(all)).toEqual(Array(200).fill(ok));
			const displaced = served.map((index, place) => Math.abs(index - place));
			expect(Math.max(...displaced)).toBeLessThanOrEqual(2 * maxInFlight);
		},
	);
});

test('Requests start slowly after the minute was used up', async () => {
	const server = new Server(100, 1_000);
	server.take(200);
	await server.clock.advance(minute);
	server.maxInFlight = 0;
	const before = server.starts.length;
	await server.clock.advance(1_500);
	expect(server.starts.length - before).toBe(1);
	await server.clock.advance(1_000);
	expect(server.inFlight).toBe(2);
});

test('A key at an origin has one set of turns', () => {
	const turns = turnsFor('https://api.example.com', 'key', 1000);
	expect(turnsFor('https://api.example.com', 'key', 1000)).toBe(turns);
	expect(turnsFor('https://api.example.com', 'other', 1000)).not.toBe(turns);
	expect(turnsFor('https://other.example.com', 'key', 1000)).not.toBe(turns);
});

test('Turns unused for two minutes are forgotten when others are requested', () => {
	const now = jest.spyOn(performance, 'now');
	try {
		const turns = turnsFor('https://api.example.com', 'idle', 1000);
		now.mockReturnValue(performance.now() + 3 * minute);
		turnsFor('https://api.example.com', 'another', 1000);
		expect(turnsFor('https://api.example.com', 'idle', 1000)).not.toBe(turns);
	} finally {
		now.mockRestore();
	}
});

test('Turns with a request in flight are not idle', async () => {
	const server = new Server(1000);
	expect(server.turns.isIdle()).toBe(false);
	server.take(1, { send: async () => await server.clock.sleep(5 * minute).then(() => ok) });
	await server.clock.advance(4 * minute);
	expect(server.turns.isIdle()).toBe(false);
	await server.clock.advance(2 * minute);
	expect(server.turns.isIdle()).toBe(false);
	await server.clock.advance(2 * minute);
	expect(server.turns.isIdle()).toBe(true);
});
