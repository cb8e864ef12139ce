import { sleep } from 'n8n-workflow';
import type { IN8nHttpFullResponse } from 'n8n-workflow';
import { documentedRequestsPerMinute } from '../api';
import { discard, isAnswer, isRefusal, longestRetryAfter, retryAfter } from './retry';
import type { Outcome } from './retry';

/** Time in milliseconds. Tests move one of their own. */
export interface Clock {
	now(): number;
	sleep(milliseconds: number): Promise<void>;
}

const systemClock: Clock = { now: () => performance.now(), sleep };

/** The limit holds for this long. An object, so that a benchmark can scale it down. */
export const rateWindow = { milliseconds: 60_000 }; // documented: "per minute"

/** Requests of one key that are under way at once. */
export const mostInFlight = 16;

/** How often a refused request is repeated. */
const mostRefusals = 7;
const firstWait = 1_000;
const longestWait = 30_000;

/** What an outcome teaches: that it stands, or that it is refused, and whether that was known. */
type Lesson = 'stands' | 'news' | 'known';

interface Judged {
	outcome: Outcome;
	lesson: Lesson;
}

/** Called when it is its turn, or with the answer that refused all that wait. */
type Waiter = (refusal?: Judged) => void;

/**
 * The turns of all requests that go to one host with one key, whichever node, item or execution
 * they come from: first come, first served, but those that were refused before the others.
 *
 * A request counts from its start until a window after its end, so that the server, which counts
 * somewhere in between, never sees more than the limit within a window, sliding or fixed.
 */
export class Turns {
	private readonly ends: number[] = [];

	private readonly refused = new Set<Waiter>();

	private readonly waiting = new Set<Waiter>();

	private inFlight = 0;

	private wakesAt = Infinity;

	/** Refusals in a row, of requests that were not already under way at the one before. */
	private refusals = 0;

	/** How often all had to wait after a refusal */
	private pauses = 0;

	private pausedUntil = -Infinity;

	constructor(
		private readonly clock: Clock = systemClock,
		private readonly random: () => number = Math.random,
		private limit = documentedRequestsPerMinute,
	) {}

	/** @param requestsPerMinute as the credential holds it; where it is no number from 1, the documented limit holds */
	setLimit(requestsPerMinute: unknown): void {
		const limit = Math.floor(Number(requestsPerMinute));
		this.limit = limit >= 1 ? limit : documentedRequestsPerMinute;
	}

	/**
	 * Sends a request when it is its turn, and again where it is refused (429), with any method: it
	 * was refused before any work.
	 *
	 * @param send never rejects
	 * @param signal ends the waiting
	 * @returns the outcome; where another request was refused for longer than is waited for, that
	 * answer, without sending
	 * @throws the signal's reason
	 */
	async take(send: () => Promise<Outcome>, signal?: AbortSignal): Promise<Outcome> {
		let refusals = 0;
		let queue = this.waiting;
		for (;;) {
			const refusal = await this.turn(queue, signal);
			const { outcome, lesson } = refusal ?? (await this.sendNow(send));
			if (lesson === 'news') refusals++;
			if (lesson === 'stands' || refusals > mostRefusals) return outcome;
			discard(outcome);
			queue = this.refused;
		}
	}

	private async sendNow(send: () => Promise<Outcome>): Promise<Judged> {
		const { pauses } = this;
		try {
			const outcome = await send();
			return { outcome, lesson: this.learn(outcome, pauses === this.pauses) };
		} finally {
			this.inFlight--;
			this.ends.push(this.clock.now());
			this.admit();
		}
	}

	private async turn(queue: Set<Waiter>, signal?: AbortSignal): Promise<Judged | undefined> {
		signal?.throwIfAborted();
		return await new Promise((resolve, reject) => {
			const leave = () => {
				queue.delete(waiter);
				signal?.removeEventListener('abort', stop);
			};
			const stop = () => {
				leave();
				reject(signal?.reason as Error);
			};
			const waiter: Waiter = (refusal) => {
				leave();
				if (!refusal) this.inFlight++;
				resolve(refusal);
			};
			signal?.addEventListener('abort', stop);
			queue.add(waiter);
			this.admit();
		});
	}

	/**
	 * After a refusal (429) the whole key waits, as long as the server asks for, else exponentially
	 * with equal jitter. Then one request alone tries whether it is over. Where it is not in the end, it
	 * counts as a refusal of all that wait: each would only find out the same.
	 */
	private learn(outcome: Outcome, isNews: boolean): Lesson {
		if (!isRefusal(outcome)) {
			if (isNews && isAnswer(outcome)) this.refusals = 0;
			return 'stands';
		}
		const now = this.clock.now();
		const asked = retryAfter(outcome) ?? 0;
		if (asked > longestRetryAfter) {
			this.refuseWaiting(outcome, 'stands');
			return 'stands';
		}
		if (!isNews) {
			if (asked > 0) this.pausedUntil = Math.max(this.pausedUntil, now + asked);
			return 'known';
		}
		const wait = Math.min(longestWait, firstWait * 2 ** this.refusals++);
		this.pauses++;
		this.pausedUntil = now + (asked || (wait + this.random() * wait) / 2);
		if (this.refusals > mostRefusals) this.refuseWaiting(outcome, 'news');
		return 'news';
	}

	/** A body that is a stream can be read once only: the others get the answer without it. */
	private refuseWaiting(answer: IN8nHttpFullResponse, lesson: Lesson): void {
		this.refusals = 0;
		const body = answer.body instanceof Object && 'pipe' in answer.body ? undefined : answer.body;
		const outcome = { ...answer, body };
		for (const waiter of [...this.refused, ...this.waiting]) waiter({ outcome, lesson });
	}

	private admit(): void {
		for (const queue of this.queues()) {
			for (const waiter of queue) {
				const opensAt = this.opensAt();
				if (opensAt > this.clock.now()) return this.wake(opensAt);
				waiter();
			}
		}
	}

	/** A request may be refused for a reason of its own: every other try is one that was not refused yet. */
	private queues(): Array<Set<Waiter>> {
		const isOthersTurn = this.refusals > 0 && this.refusals % 2 === 0;
		return isOthersTurn ? [this.waiting, this.refused] : [this.refused, this.waiting];
	}

	/** When the next request may start; Infinity where another one has to end first. */
	private opensAt(): number {
		const now = this.clock.now();
		const since = now - rateWindow.milliseconds;
		while (this.ends[0] !== undefined && this.ends[0] <= since) this.ends.shift();
		if (this.inFlight >= (this.refusals > 0 ? 1 : mostInFlight)) return Infinity;
		if (this.inFlight + this.ends.length < this.limit) return Math.max(now, this.pausedUntil);
		const [firstEnd] = this.ends;
		if (firstEnd === undefined) return Infinity;
		return Math.max(firstEnd + rateWindow.milliseconds, this.pausedUntil);
	}

	private wake(at: number): void {
		if (at >= this.wakesAt) return;
		this.wakesAt = at;
		void this.clock.sleep(Math.max(1, Math.ceil(at - this.clock.now()))).then(() => {
			if (this.wakesAt === at) this.wakesAt = Infinity;
			this.admit();
		});
	}
}

const turnsByKey = new Map<string, Turns>();

/**
 * The turns for a key at a host. One map for the whole process: every node and execution shares it.
 *
 * @param origin scheme, host and port
 * @param apiKey empty for requests that go without a key
 */
export function turnsOf(origin: string, apiKey: string): Turns {
	const name = `${origin} ${apiKey}`;
	const turns = turnsByKey.get(name) ?? new Turns();
	turnsByKey.set(name, turns);
	return turns;
}
