import type { IN8nHttpFullResponse } from 'n8n-workflow';
import { mostInFlight, rateWindow, Turns } from '../../nodes/shared/request/rate.ts';
import type { Outcome } from '../../nodes/shared/request/retry.ts';
import { randomFrom } from '../sandbox/random.mts';
import { FakeClock, settled } from './fakeClock.mts';

const minute = rateWindow.milliseconds;

function answer(statusCode: number, headers = {}): IN8nHttpFullResponse {
	return { statusCode, headers, body: {} };
}

/** A server that answers after a while, and the requests that reach it. */
class Server {
	readonly clock = new FakeClock();

	readonly turns: Turns;

	readonly starts: number[] = [];

	inFlight = 0;

	mostInFlight = 0;

	answers: Outcome[] = [];

	constructor(
		limit: number,
		readonly latency = 10,
	) {
		this.turns = new Turns(this.clock, () => 0.5, limit);
	}

	send = async (): Promise<Outcome> => {
		this.starts.push(this.clock.now());
		this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
		const outcome = this.answers.shift() ?? answer(200);
		await this.clock.sleep(this.latency);
		this.inFlight--;
		return outcome;
	};

	take(count: number, signal?: AbortSignal): Array<Promise<Outcome>> {
		return Array.from({ length: count }, async () => await this.turns.take(this.send, signal));
	}
}

test('No minute, wherever it begins, sees more requests than the limit', async () => {
	const server = new Server(100, 250);
	server.take(1000);
	await server.clock.advance(11 * minute);
	expect(server.starts).toHaveLength(1000);
	for (const [index, start] of server.starts.entries()) {
		const later = server.starts[index + 100];
		if (later !== undefined) expect(later - start).toBeGreaterThan(minute);
	}
});

test('It takes hardly longer than the limit allows', async () => {
	const server = new Server(1000, 50);
	const all = Promise.all(server.take(3000));
	await server.clock.advance(2 * minute + 12_000);
	await expect(all).resolves.toHaveLength(3000);
	expect(server.starts.at(-1)).toBeLessThan(1.1 * 2 * minute);
});

test('The number in flight is bounded, and turns come in the order of asking', async () => {
	const server = new Server(1000);
	const order: number[] = [];
	for (let index = 0; index < 100; index++) {
		void server.turns.take(async () => {
			order.push(index);
			return await server.send();
		});
	}
	await server.clock.advance(1000);
	expect(server.mostInFlight).toBe(mostInFlight);
	expect(order).toEqual([...order].sort((one, other) => one - other));
});

test('A refusal pauses all, then one alone tries, then all go on', async () => {
	const server = new Server(1000);
	server.answers = Array<Outcome>(mostInFlight).fill(answer(429));
	server.take(100);
	await server.clock.advance(10);
	expect(server.starts).toHaveLength(mostInFlight);
	// Equal jitter at its middle: three quarters of a second.
	await server.clock.advance(749);
	expect(server.starts).toHaveLength(mostInFlight);
	await server.clock.advance(1);
	expect(server.starts).toHaveLength(mostInFlight + 1);
	await server.clock.advance(1000);
	expect(server.starts).toHaveLength(mostInFlight + 100);
});

test('Refusals in a row wait longer each time, up to 30 s, and the eighth stands', async () => {
	const server = new Server(1000, 0);
	server.answers = Array<Outcome>(8).fill(answer(429));
	const [taken] = server.take(1);
	await server.clock.advance(10 * minute);
	const pauses = server.starts.slice(1).map((start, index) => start - (server.starts[index] ?? 0));
	expect(pauses).toEqual([750, 1500, 3000, 6000, 12_000, 22_500, 22_500]);
	expect(await taken).toMatchObject({ statusCode: 429 });
});

test('The eighth refusal in a row counts for all that wait, without sending them', async () => {
	const server = new Server(1000, 0);
	server.answers = Array<Outcome>(8 * (mostInFlight + 7)).fill(answer(429));
	const all = Promise.all(server.take(300));
	await server.clock.advance(15 * minute);
	expect(await all).toEqual(Array<Outcome>(300).fill(answer(429)));
	expect(server.answers).toEqual([]);
	const [later] = server.take(1);
	await server.clock.advance(0);
	expect(await later).toMatchObject({ statusCode: 200 });
});

test.each([
	['serves one request at a time', { atOnce: 1, perSecond: Infinity }],
	['serves two requests at a time', { atOnce: 2, perSecond: Infinity }],
	['serves three a second', { atOnce: Infinity, perSecond: 3 }],
	['serves five a second', { atOnce: Infinity, perSecond: 5 }],
])(
	'All get their turn, nearly in their order, at a server that %s',
	async (_, { atOnce, perSecond }) => {
		const server = new Server(1000);
		const served: number[] = [];
		const times: number[] = [];
		let inFlight = 0;
		const all = Array.from({ length: 200 }, async (_, index) => {
			return await server.turns.take(async () => {
				const now = server.clock.now();
				const inThisSecond = times.filter((time) => time > now - 1_000).length;
				if (inFlight >= atOnce || inThisSecond >= perSecond) return answer(429);
				times.push(now);
				inFlight++;
				await server.clock.sleep(100);
				inFlight--;
				served.push(index);
				return answer(200);
			});
		});
		await server.clock.advance(10 * minute);
		const outcomes = (await Promise.all(all)) as IN8nHttpFullResponse[];
		expect(outcomes.filter(({ statusCode }) => statusCode !== 200)).toEqual([]);
		const displaced = served.map((index, place) => Math.abs(index - place));
		expect(Math.max(...displaced)).toBeLessThanOrEqual(2 * mostInFlight);
	},
);

test('Two processes that each take the whole limit of one key: all requests get through', async () => {
	const failed: number[] = [];
	for (let seed = 1; seed <= 10; seed++) {
		const server = new Server(1000);
		const { clock } = server;
		const random = randomFrom(String(seed));
		let opened = -Infinity;
		let served = 0;
		const send = async () => {
			await clock.sleep(20);
			if (clock.now() - opened >= minute) [opened, served] = [clock.now(), 0];
			const outcome = answer(++served > 1000 ? 429 : 200);
			await clock.sleep(20);
			return outcome;
		};
		const processes = [new Turns(clock, random), new Turns(clock, random)];
		const all = processes.flatMap((turns) =>
			Array.from({ length: 1_500 }, async () => await turns.take(send)),
		);
		await clock.advance(30 * minute);
		const outcomes = (await Promise.all(all)) as IN8nHttpFullResponse[];
		failed.push(outcomes.filter(({ statusCode }) => statusCode !== 200).length);
	}
	expect(failed).toEqual(Array(10).fill(0));
});

test('Those that are refused for a reason of their own fail alone', async () => {
	const server = new Server(1000);
	const refused = Array.from({ length: 5 }, () => server.turns.take(async () => answer(429)));
	const others = server.take(200);
	await server.clock.advance(10 * minute);
	for (const outcome of await Promise.all(refused)) {
		expect(outcome).toMatchObject({ statusCode: 429 });
	}
	const outcomes = (await Promise.all(others)) as IN8nHttpFullResponse[];
	expect(outcomes.filter(({ statusCode }) => statusCode !== 200)).toEqual([]);
});

test.each([
	['Retry-After in seconds', { 'retry-after': '7' }, 7_000],
	[
		'Retry-After as a date',
		{ 'retry-after': 'Mon, 23 Nov 2026 10:00:20 GMT', date: 'Mon, 23 Nov 2026 10:00:00 GMT' },
		20_000,
	],
])('%s pauses the key for exactly as long', async (_, headers, wait) => {
	const server = new Server(1000, 0);
	server.answers = [answer(429, headers)];
	server.take(1);
	await server.clock.advance(0);
	server.take(5);
	await server.clock.advance(wait - 1);
	expect(server.starts).toHaveLength(1);
	await server.clock.advance(100);
	expect(server.starts).toHaveLength(7);
});

test('A wait that is too long refuses all that wait, and none that come later', async () => {
	const server = new Server(1000);
	const refusal = answer(429, { 'retry-after': '3600' });
	server.answers = Array<Outcome>(mostInFlight).fill(refusal);
	const all = Promise.all(server.take(50));
	await server.clock.advance(100);
	expect(await all).toEqual(Array<Outcome>(50).fill(refusal));
	expect(server.starts).toHaveLength(mostInFlight);
	const [later] = server.take(1);
	await server.clock.advance(100);
	expect(await later).toMatchObject({ statusCode: 200 });
});

test('Stopping ends the waiting at once, and leaves the turns of the others', async () => {
	const server = new Server(1, 10);
	const stop = new AbortController();
	const [first, other] = [server.take(1), server.take(3, stop.signal)];
	const last = server.take(1);
	const stopped = Promise.allSettled(other);
	await server.clock.advance(10);
	stop.abort(new Error('stopped'));
	await settled();
	expect((await stopped).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
	await Promise.all(first);
	await server.clock.advance(minute + 20);
	await Promise.all(last);
	expect(server.starts).toHaveLength(2);
	await expect(server.take(1, stop.signal)[0]).rejects.toThrow('stopped');
});

test.each([[0], [-1], [Number.NaN], [undefined], ['many']])(
	'A limit of %p falls back to the documented one',
	async (limit) => {
		const server = new Server(5);
		server.turns.setLimit(limit);
		server.take(1001);
		await server.clock.advance(minute);
		expect(server.starts).toHaveLength(1000);
	},
);

test('Seven waits outlast what is left of a minute in 99 of 100 cases', async () => {
	let outlasted = 0;
	for (let round = 0; round < 500; round++) {
		const server = new Server(1000, 0);
		const turns = new Turns(server.clock, Math.random);
		const opens = Math.random() * minute;
		const send = async () => answer(server.clock.now() < opens ? 429 : 200);
		const last = turns.take(send) as Promise<IN8nHttpFullResponse>;
		await server.clock.advance(10 * minute);
		if ((await last).statusCode === 200) outlasted++;
	}
	expect(outlasted / 500).toBeGreaterThan(0.97);
});
