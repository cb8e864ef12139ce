import { sleep } from 'n8n-workflow';
import { Budget, lightBelow, minute } from './budget';
import { fingerprint } from './fingerprint';
import type { Outcome } from './outcome';
import { Pace, type Round } from './pace';

/** Time in milliseconds; replaced in tests. */
export interface Clock {
	now(): number;
	sleep(milliseconds: number): Promise<void>;
}

const systemClock: Clock = { now: () => performance.now(), sleep };

export const maxInFlight = 16; // of one source
const maxInFlightOfAll = 64; // of one key; a source without any may still start one

interface TurnRequest {
	source: object; // a node's run, a poll or a search
	requestsPerMinute: unknown; // anything but a number of at least 1 means the documented limit
	again?: boolean; // whether the request was throttled before
}

/** Permission to send a request once. */
export interface Turn {
	refusal?: Outcome; // if set, do not send: all waiting requests are refused with this outcome
	/** Must be called once, when the request has ended. Returns whether all waiting requests are refused. */
	end(outcome: Outcome): boolean;
}

type Waiter = (turn: Turn) => void;

/** The waiting requests of one source. */
class SourceQueue {
	limit = Infinity;
	inFlight = 0;
	readonly fresh = new Set<Waiter>();
	readonly retries = new Set<Waiter>();
	private wasRetry = false;
	private readonly starts: number[] = [];

	get isEmpty(): boolean {
		return this.fresh.size + this.retries.size === 0;
	}

	/** Whether fewer requests than `below` started in the last minute. */
	isLight(below: number, now: number): boolean {
		const start = this.starts.at(-below);
		return below > 0 && (start === undefined || start + minute <= now);
	}

	/**
	 * Removes the next request. Retries go first, but alternate with fresh requests while the server
	 * refuses: a retry may be refused for a reason of its own.
	 */
	shift(isRefused: boolean): Waiter | undefined {
		const isFreshNext = isRefused && this.wasRetry && this.fresh.size > 0;
		const waiters = isFreshNext || this.retries.size === 0 ? this.fresh : this.retries;
		this.wasRetry = waiters === this.retries;
		const [waiter] = waiters;
		if (waiter) waiters.delete(waiter);
		return waiter;
	}

	/** @param light how many starts have to be remembered */
	start(now: number, light: number): void {
		this.inFlight++;
		this.starts.push(now);
		if (this.starts.length > light) this.starts.shift();
	}
}

/**
 * Decides when each request to one host with one key may be sent: round robin over the sources, and
 * within a source retries first, then first come, first served.
 */
export class Turns {
	private readonly budget: Budget;
	private readonly pace: Pace;
	private readonly queues = new WeakMap<object, SourceQueue>();
	private readonly waiting = new Set<SourceQueue>(); // queues that are not empty, the next one first
	private isUsedUp = false;
	private wakesAt = Infinity;
	private usedAt: number;

	/** @param documentedLimit requests per minute, if a credential has no valid limit */
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
	 * Waits for a turn. The caller then sends one request and ends the turn with its outcome.
	 * @throws the signal's reason if it is aborted
	 */
	async take(request: TurnRequest, signal?: AbortSignal): Promise<Turn> {
		signal?.throwIfAborted();
		const { source, requestsPerMinute, again = false } = request;
		this.usedAt = this.clock.now();
		const queue = this.queues.get(source) ?? new SourceQueue();
		this.queues.set(source, queue);
		queue.limit = this.budget.obey(requestsPerMinute, this.usedAt);
		const waiters = again ? queue.retries : queue.fresh;
		return await new Promise((resolve, reject) => {
			const leave = () => {
				waiters.delete(waiter);
				if (queue.isEmpty) this.waiting.delete(queue);
				reject(signal?.reason as Error);
			};
			const waiter: Waiter = (turn) => {
				signal?.removeEventListener('abort', leave);
				resolve(turn);
			};
			signal?.addEventListener('abort', leave, { once: true });
			waiters.add(waiter);
			this.waiting.add(queue);
			this.admit();
		});
	}

	/** Whether nothing is waiting or in flight, or worth remembering. */
	isIdle(): boolean {
		const isUnused = this.usedAt + 2 * minute < this.clock.now();
		return isUnused && this.budget.inFlight + this.waiting.size === 0;
	}

	private admit(): void {
		const now = this.clock.now();
		let next = Infinity;
		// A queue that gets a turn moves to the end, where this loop reaches it again.
		for (const queue of this.waiting) {
			// The lowest limit may be forgotten while requests still wait with it.
			const limit = Math.min(queue.limit, this.budget.limit(now));
			const opensAt = this.opensAt(queue, limit, now);
			if (opensAt <= now) this.grant(queue, limit, now);
			else next = Math.min(next, opensAt);
		}
		if (next < Infinity) this.wake(next, now);
	}

	private opensAt(queue: SourceQueue, limit: number, now: number): number {
		const isFull = queue.inFlight >= maxInFlight || this.budget.inFlight >= maxInFlightOfAll;
		if (isFull && queue.inFlight > 0) return Infinity;
		const budgetOpensAt = this.budget.opensAt(queue.isLight(lightBelow(limit), now), limit, now);
		if (budgetOpensAt > now) this.isUsedUp = true;
		return Math.max(budgetOpensAt, this.pace.opensAt(limit, now));
	}

	private grant(queue: SourceQueue, limit: number, now: number): void {
		const waiter = queue.shift(this.pace.isRefused);
		this.waiting.delete(queue);
		if (!queue.isEmpty) this.waiting.add(queue);
		if (!waiter) return;
		if (this.isUsedUp) this.pace.resume(now);
		this.isUsedUp = false;
		queue.start(now, lightBelow(limit));
		this.budget.start(queue.limit, now);
		const round = this.pace.start(now);
		waiter({ end: (outcome) => this.end(queue, round, outcome) });
	}

	private end(queue: SourceQueue, round: Round, outcome: Outcome): boolean {
		const now = this.clock.now();
		const limit = this.budget.limit(now);
		this.usedAt = now;
		queue.inFlight--;
		this.budget.end(now);
		const light = lightBelow(limit);
		const isDone = queue.isEmpty && queue.inFlight === 0;
		const areOthersBusy = this.budget.used(now) >= 2 * light;
		if (isDone && areOthersBusy && queue.isLight(light, now)) this.budget.lightUsedAt = now;
		const isGivenUp = this.pace.end(round, outcome, limit, now, this.waiting.size > 0);
		if (isGivenUp) this.refuseWaiting(outcome);
		this.admit();
		return isGivenUp;
	}

	private refuseWaiting(refusal: Outcome): void {
		for (const queue of this.waiting) {
			this.waiting.delete(queue);
			for (const waiter of [...queue.retries, ...queue.fresh]) {
				waiter({ refusal, end: () => true });
			}
			queue.retries.clear();
			queue.fresh.clear();
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
 * The turns of a key at a host, shared by the whole process. Look them up for each request: unused
 * ones are dropped after two minutes.
 * @param origin scheme, host and port
 * @param apiKey only its hash is kept
 */
export function turnsFor(origin: string, apiKey: string, documentedLimit: number): Turns {
	const id = fingerprint(origin, apiKey);
	for (const [otherId, turns] of turnsByKey) {
		if (otherId !== id && turns.isIdle()) turnsByKey.delete(otherId);
	}
	const turns = turnsByKey.get(id) ?? new Turns(documentedLimit);
	turnsByKey.set(id, turns);
	return turns;
}
