import { minute } from './budget';
import type { Outcome } from './outcome';

/** A request fails at once if Retry-After is longer than this (ms). */
export const longestRetryAfter = 90_000;

/** If nothing succeeds for this long (ms) after a refusal, all waiting requests are refused. */
export const giveUpAfter = 120_000;

const maxLongWaits = 3; // The same after so many refusals in a row with a Retry-After that is too long.

// The figures below were chosen by simulation: test/unit/http/limiters.test.mts.

/** Waits (ms) after refusals in a row without Retry-After, less up to a quarter. */
const firstWait = 1_600;
const longestWait = 6_000;
const jitter = 0.25;

const pacedFor = 2 * minute; // after a refusal
const paceDrop = 0.05; // The pace begins this much below the peak,
const paceGrowth = 1.5e-6; // grows by this share of the limit, times the cube of the seconds,
const minPace = 0.05; // and never falls below this share of the limit.
const peakKept = 0.6; // A new peak is at least this share of the pace, even after a closed window.

const fullWidth = 16; // requests in flight that end slow start
const patience = 5_000; // ms for which a request that hangs may hold up slow start

/** Requests that started since the last pause. */
export interface Round {
	inFlight: number;
	answers: number;
	startedAt?: number;
}

/** Refusals in a row, without any success in between. */
interface Episode {
	startedAt: number;
	refusals: number;
	longWaits: number;
	accepted: number; // requests, in the minute before
	acceptedSince: number; // when the first of these ended
	pace: number; // until then; 0 if there was none
}

const slowStart = (): Round => ({ inFlight: 0, answers: 0 });
const unbounded = (): Round => ({ inFlight: 0, answers: Infinity });

/**
 * How fast requests may start, learned from the server's refusals (429).
 *
 * After a refusal all requests wait, then one at a time tries until one succeeds. From then on starts are
 * paced as in TCP CUBIC (RFC 9438): the pace begins just below the peak (the rate accepted before the
 * refusal), grows slowly near it and faster beyond. This lets processes share a key without knowing about
 * each other, however the server counts.
 */
export class Pace {
	private readonly accepted: number[] = [];
	private round = unbounded();
	private episode?: Episode;
	private pausedUntil = -Infinity;
	private lastStart = -Infinity;
	private lastRefusal = -Infinity;
	private peak = 0; // requests per minute
	private growsSince = 0;

	constructor(private readonly random: () => number) {}

	get isRefused(): boolean {
		return this.episode !== undefined;
	}

	/** When the next request may start, at a limit per minute. */
	opensAt(limit: number, now: number): number {
		const isPaced = !this.episode && now - this.lastRefusal < pacedFor;
		const pacedUntil = isPaced ? this.lastStart + minute / this.perMinute(limit, now) : now;
		return Math.max(this.pausedUntil, pacedUntil, this.roundOpensAt(now));
	}

	/** Starts slowly after a pause, because a server with a sliding counter would refuse a burst. */
	resume(now: number): void {
		if (now - this.lastStart > firstWait) this.round = slowStart();
	}

	start(now: number): Round {
		this.round.inFlight++;
		this.round.startedAt ??= now;
		this.lastStart = now;
		return this.round;
	}

	/**
	 * @param isBusy whether more requests wait: if none do, the accepted ones are no peak
	 * @returns whether to refuse all waiting requests too
	 */
	end(round: Round, outcome: Outcome, limit: number, now: number, isBusy: boolean): boolean {
		round.inFlight--;
		if (outcome.class === 'ok' || outcome.class === 'refused') this.succeed(round, limit, now);
		if (outcome.class !== 'throttled') return false;
		const { retryAfter = 0 } = outcome;
		if (!isBusy && !this.episode) this.accepted.length = 0;
		if (round === this.round) return this.refuse(retryAfter, limit, now);
		// It was already under way at the last refusal.
		if (retryAfter > 0 && retryAfter <= longestRetryAfter) {
			this.pausedUntil = Math.max(this.pausedUntil, now + retryAfter);
		}
		return false;
	}

	private succeed(round: Round, limit: number, now: number): void {
		const { episode } = this;
		this.accepted.push(now);
		this.forgetAccepted(now);
		round.answers++;
		if (!episode || round !== this.round) return;
		const duration = Math.min(minute, Math.max(1_000, now - episode.acceptedSince));
		const rate = (episode.accepted * minute) / duration;
		// Too few requests say nothing about the server's limit.
		const isKnown = episode.accepted >= minPace * limit;
		this.peak = isKnown ? Math.max(rate, peakKept * episode.pace) : limit;
		this.growsSince = now;
		this.episode = undefined;
	}

	private refuse(retryAfter: number, limit: number, now: number): boolean {
		// After so long without a request, it is another episode.
		if (now - this.lastRefusal >= giveUpAfter) this.episode = undefined;
		const episode = (this.episode ??= this.newEpisode(limit, now));
		const wait = Math.min(longestWait, firstWait * 2 ** episode.refusals++);
		const isLong = retryAfter > longestRetryAfter;
		episode.longWaits = isLong ? episode.longWaits + 1 : 0;
		this.lastRefusal = now;
		this.round = slowStart();
		const isAsked = retryAfter > 0 && !isLong;
		this.pausedUntil = now + (isAsked ? retryAfter : wait * (1 - jitter * this.random()));
		const isOver = episode.longWaits >= maxLongWaits || now - episode.startedAt >= giveUpAfter;
		if (!isOver) return false;
		this.episode = undefined;
		this.round = unbounded();
		this.pausedUntil = -Infinity;
		this.lastRefusal = -Infinity;
		return true;
	}

	private newEpisode(limit: number, now: number): Episode {
		this.forgetAccepted(now);
		const { accepted, lastRefusal } = this;
		return {
			startedAt: now,
			refusals: 0,
			longWaits: 0,
			accepted: accepted.length,
			acceptedSince: accepted[0] ?? now,
			pace: now - lastRefusal < pacedFor ? this.perMinute(limit, now) : 0,
		};
	}

	private forgetAccepted(now: number): void {
		const since = now - minute;
		while (this.accepted[0] !== undefined && this.accepted[0] <= since) this.accepted.shift();
	}

	private perMinute(limit: number, now: number): number {
		const peak = this.peak / limit;
		const seconds = (now - this.growsSince) / 1_000;
		const secondsToPeak = Math.cbrt((paceDrop * peak) / paceGrowth);
		const pace = peak + paceGrowth * (seconds - secondsToPeak) ** 3;
		return limit * Math.min(1, Math.max(minPace, pace));
	}

	private roundOpensAt(now: number): number {
		const { inFlight, answers, startedAt = now } = this.round;
		const width = 1 + Math.floor(Math.sqrt(answers));
		if (width >= fullWidth || inFlight < width) return now;
		return startedAt + (inFlight - width + 1) * patience;
	}
}
