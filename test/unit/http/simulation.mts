import { minute } from '../../../nodes/shared/http/budget.ts';
import type { Outcome } from '../../../nodes/shared/http/outcome.ts';
import { giveUpAfter, longestRetryAfter } from '../../../nodes/shared/http/pace.ts';
import { Turns } from '../../../nodes/shared/http/turns.ts';
import { limiters } from '../../sandbox/limiters.mts';
import type { Limiter, LimiterKind } from '../../sandbox/limiters.mts';
import { randomFrom } from '../../sandbox/random.mts';
import { FakeClock } from './fakeClock.mts';

export interface Conditions {
	/** Requests per minute */
	limit?: number;
	latency?: number;
	/** The elapsed part of the server's window when the clock starts, from 0 to 1 */
	phase?: number;
	sendsRetryAfter?: boolean;
	seed?: string;
}

/** A rate-limited server, and the processes that share one key for it. */
export class Simulation {
	readonly clock = new FakeClock();

	readonly limiter: Limiter;

	readonly random: () => number;

	/** Start times of the accepted requests, and of the refused ones */
	readonly accepted: number[] = [];

	readonly refused: number[] = [];

	constructor(
		kind: LimiterKind,
		readonly conditions: Conditions = {},
	) {
		const { limit = 1000, seed = 'simulation' } = conditions;
		this.limiter = limiters[kind](limit, minute);
		this.random = randomFrom(seed);
	}

	/** The share of refused requests. */
	get refusedShare(): number {
		return this.refused.length / (this.accepted.length + this.refused.length);
	}

	process(): Turns {
		return new Turns(this.conditions.limit ?? 1000, this.clock, this.random);
	}

	/** The server decides in the middle of the latency, which varies by 10%. */
	send = async (): Promise<Outcome> => {
		const { latency = 40, phase = 0, sendsRetryAfter = false } = this.conditions;
		const half = (latency / 2) * (0.9 + 0.2 * this.random());
		await this.clock.sleep(half);
		const now = this.clock.now() + phase * minute;
		const isAccepted = this.limiter.accepts(now);
		(isAccepted ? this.accepted : this.refused).push(this.clock.now());
		const retryAfter = Math.ceil(this.limiter.wait(now) / 1_000) * 1_000;
		await this.clock.sleep(half);
		if (isAccepted) return { class: 'ok' };
		return { class: 'throttled', ...(sendsRetryAfter && { retryAfter }) };
	};

	/** Sends one request until it gets through, or gives up. */
	async request(turns: Turns, source: object, send = this.send): Promise<Outcome> {
		const requestsPerMinute = this.conditions.limit;
		let refusedAt = Infinity;
		for (let refusals = 0; ; refusals++) {
			const turn = await turns.take({ source, requestsPerMinute, again: refusals > 0 });
			if (turn.refusal) return turn.refusal;
			const outcome = await send();
			const isPointless = turn.end(outcome);
			if (outcome.class !== 'throttled' || isPointless) return outcome;
			refusedAt = Math.min(refusedAt, this.clock.now());
			const isGivenUp = refusals >= 7 && this.clock.now() - refusedAt >= giveUpAfter;
			if ((outcome.retryAfter ?? 0) > longestRetryAfter || isGivenUp) return outcome;
		}
	}

	/** A source that always has more to send. */
	backlog(turns = this.process(), source = {}): number[] {
		const done: number[] = [];
		const repeat = async () => {
			for (;;) {
				await this.request(turns, source);
				done.push(this.clock.now());
			}
		};
		for (let worker = 0; worker < 40; worker++) void repeat();
		return done;
	}

	/**
	 * Another program that sends a share of the limit evenly, without repeating refused requests.
	 */
	async foreign(share: number, until: number): Promise<number> {
		const { limit = 1000, phase = 0 } = this.conditions;
		let accepted = 0;
		while (this.clock.now() < until) {
			if (this.limiter.accepts(this.clock.now() + phase * minute)) accepted++;
			await this.clock.sleep(minute / limit / share);
		}
		return accepted;
	}

	items(count: number, turns = this.process(), source = {}): Array<Promise<Outcome>> {
		return Array.from({ length: count }, async () => await this.request(turns, source));
	}
}

/** The shortest time for some requests: of a client that counts, too, but gets no refusals. */
export function leastTime(kind: LimiterKind, count: number, phase: number, limit = 1000): number {
	const limiter = limiters[kind](limit, minute);
	const starts: number[] = [];
	for (let now = 0; starts.length < count; now += 2.5) {
		const tooEarly = (starts.at(-limit) ?? -Infinity) + minute > now;
		if (!tooEarly && limiter.accepts(now + phase * minute)) starts.push(now);
	}
	return starts.at(-1) ?? 0;
}
