import { createHash } from 'crypto';
import { sleep } from 'n8n-workflow';
import { Budget, little, minute } from './budget';
import type { Outcome } from './outcome';
import { Pace } from './pace';
import type { Round } from './pace';

/** Time in milliseconds. Tests move one of their own. */
export interface Clock {
	now(): number;
	sleep(milliseconds: number): Promise<void>;
}

const systemClock: Clock = { now: () => performance.now(), sleep };

/** Requests of one source that are under way at once. */
export const mostInFlight = 16;

/** Requests of one key that are under way at once. */
const mostInFlightOfAll = 64;

export interface TurnRequest {
	/** What the request belongs to: a node's run in an execution, a poll or a search. */
	source: object;
	/** The limit as a credential has it: not a number of at least 1 means the documented one. */
	limit: { credential: string; requestsPerMinute: unknown };
	/** The request was refused (429) before. */
	again?: boolean;
}

/** Leave to send one request or, if everybody who waits is refused, the outcome to take for its own. */
export type Turn =
	| {
			refusal?: undefined;
			/**
			 * Has to be called once, when the request is over.
			 *
			 * @returns whether everybody who waited was refused with this outcome, so trying again is pointless
			 */
			end(outcome: Outcome): boolean;
	  }
	| { refusal: Outcome };

interface Waiter {
	credential: string;
	resolve(turn: Turn): void;
}

/** The requests of one source. */
class Line {
	readonly waiting = new Set<Waiter>();

	/** Those that were refused before */
	readonly again = new Set<Waiter>();

	inFlight = 0;

	private wasAgain = false;

	private readonly starts: number[] = [];

	get isEmpty(): boolean {
		return this.waiting.size + this.again.size === 0;
	}

	/** Whether it started fewer requests than this in the last minute. */
	asksForLess(than: number, now: number): boolean {
		const start = this.starts.at(-than);
		return than > 0 && (start === undefined || start + minute <= now);
	}

	/**
	 * Takes the next one out. While the key is refused, one that was refused before alternates with one
	 * that was not: it may be refused for a reason of its own.
	 */
	shift(isRefused: boolean): Waiter | undefined {
		const others = isRefused && this.wasAgain && this.waiting.size > 0;
		const queue = others || this.again.size === 0 ? this.waiting : this.again;
		this.wasAgain = queue === this.again;
		const [waiter] = queue;
		if (waiter) queue.delete(waiter);
		return waiter;
	}

	start(now: number, remembered: number): void {
		this.inFlight++;
		this.starts.push(now);
		if (this.starts.length > remembered) this.starts.shift();
	}
}

/**
 * The turns of all requests that go to one host with one key. They go round the sources, and within a
 * source first come, first served, but those that were refused before the others.
 */
export class Turns {
	private readonly budget: Budget;

	private readonly pace: Pace;

	private readonly lines = new WeakMap<object, Line>();

	/** The sources that wait, the next one first */
	private readonly waiting = new Set<Line>();

	private isUsedUp = false;

	private wakesAt = Infinity;

	private usedAt: number;

	/** @param documentedLimit requests per minute, for credentials without a limit of their own */
	constructor(
		documentedLimit: number,
		private readonly clock: Clock = systemClock,
		random: () => number = Math.random,
	) {
		this.budget = new Budget(documentedLimit);
		this.pace = new Pace(random);
		this.usedAt = clock.now();
	}

	/**
	 * Waits for a turn. Who gets one sends one request, and ends the turn with its outcome.
	 *
	 * @param signal ends the waiting
	 * @throws the signal's reason
	 */
	async take(request: TurnRequest, signal?: AbortSignal): Promise<Turn> {
		signal?.throwIfAborted();
		const { source, limit, again = false } = request;
		const { credential, requestsPerMinute } = limit;
		this.usedAt = this.clock.now();
		this.budget.setLimit(credential, requestsPerMinute, this.usedAt);
		const line = this.lines.get(source) ?? new Line();
		this.lines.set(source, line);
		const queue = again ? line.again : line.waiting;
		return await new Promise((resolve, reject) => {
			const leave = () => {
				queue.delete(waiter);
				if (line.isEmpty) this.waiting.delete(line);
				reject(signal?.reason as Error);
			};
			const waiter: Waiter = {
				credential,
				resolve: (turn) => {
					signal?.removeEventListener('abort', leave);
					resolve(turn);
				},
			};
			signal?.addEventListener('abort', leave, { once: true });
			queue.add(waiter);
			this.waiting.add(line);
			this.admit();
		});
	}

	/** Whether nothing that happened would make a difference any more. */
	isIdle(): boolean {
		return (
			this.budget.inFlight + this.waiting.size === 0 && this.usedAt + 2 * minute < this.clock.now()
		);
	}

	private admit(): void {
		const now = this.clock.now();
		const limit = this.budget.limit(now);
		let next = Infinity;
		// A line that is granted a turn goes to the end, where this loop meets it again.
		for (const line of this.waiting) {
			const opensAt = this.opensAt(line, limit, now);
			if (opensAt <= now) this.grant(line, limit, now);
			else next = Math.min(next, opensAt);
		}
		if (next < Infinity) this.wake(next, now);
	}

	private opensAt(line: Line, limit: number, now: number): number {
		const isFull = line.inFlight >= mostInFlight || this.budget.inFlight >= mostInFlightOfAll;
		if (isFull && line.inFlight > 0) return Infinity;
		const budgetOpensAt = this.budget.opensAt(line.asksForLess(little(limit), now), limit, now);
		if (budgetOpensAt > now) this.isUsedUp = true;
		return Math.max(budgetOpensAt, this.pace.opensAt(limit, now));
	}

	private grant(line: Line, limit: number, now: number): void {
		const waiter = line.shift(this.pace.isRefused);
		this.waiting.delete(line);
		if (!line.isEmpty) this.waiting.add(line);
		if (!waiter) return;
		if (this.isUsedUp) this.pace.resume(now);
		this.isUsedUp = false;
		line.start(now, little(limit));
		this.budget.start(waiter.credential, now);
		const round = this.pace.start(now);
		waiter.resolve({ end: (outcome) => this.end(line, round, outcome) });
	}

	private end(line: Line, round: Round, outcome: Outcome): boolean {
		const now = this.clock.now();
		const limit = this.budget.limit(now);
		this.usedAt = now;
		line.inFlight--;
		this.budget.end(now);
		const isDone = line.isEmpty && line.inFlight === 0;
		const areOthersBusy = this.budget.used(now) >= 2 * little(limit);
		if (isDone && areOthersBusy && line.asksForLess(little(limit), now))
			this.budget.keepReserve(now);
		const refusesAll = this.pace.end(round, outcome, limit, now);
		if (refusesAll) this.refuseWaiting(outcome);
		this.admit();
		return refusesAll;
	}

	private refuseWaiting(refusal: Outcome): void {
		for (const line of this.waiting) {
			this.waiting.delete(line);
			for (const waiter of [...line.again, ...line.waiting]) waiter.resolve({ refusal });
			line.again.clear();
			line.waiting.clear();
		}
	}

	private wake(at: number, now: number): void {
		if (at >= this.wakesAt) return;
		this.wakesAt = at;
		void this.clock.sleep(Math.max(1, Math.ceil(at - now))).then(() => {
			if (this.wakesAt === at) this.wakesAt = Infinity;
			this.admit();
		});
	}
}

const turnsByKey = new Map<string, Turns>();

/**
 * The turns of a key at a host, one for the whole process. Ask for them at each request: those that
 * nobody used for two minutes are forgotten.
 *
 * @param origin scheme, host and port
 * @param apiKey only its hash is kept
 */
export function turnsFor(origin: string, apiKey: string, documentedLimit: number): Turns {
	const id = createHash('sha256').update(`${origin} ${apiKey}`).digest('hex');
	for (const [otherId, turns] of turnsByKey) {
		if (otherId !== id && turns.isIdle()) turnsByKey.delete(otherId);
	}
	const turns = turnsByKey.get(id) ?? new Turns(documentedLimit);
	turnsByKey.set(id, turns);
	return turns;
}
