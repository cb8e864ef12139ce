import { minute } from './budget';
import type { Outcome } from './outcome';

/** A request that is asked to wait for longer than this fails at once. */
export const longestRetryAfter = 90_000;

/** Without any success for this long after a refusal, all that wait are refused. */
export const giveUpAfter = 120_000;

/** So many requests in a row that are asked to wait for too long speak for the whole key. */
const longWaitsToGiveUp = 3;

const P = JSON.parse(process.env.P ?? '{}') as Record<string, number>;
const firstWait = P.firstWait ?? 1_000;
const longestWait = P.longestWait ?? 5_000;

/** Starts are paced for this long after a refusal. */
const pacedFor = 2 * minute;

/** Where the pace begins, from what was accepted, and how long it takes to get back there (ms). */
const paceDrop = P.paceDrop ?? 0.05;
const paceRecovery = P.paceRecovery ?? 30_000;

/** What the pace gains every second, and its least, as shares of the limit. */
const paceGain = P.paceGain ?? 0.0005;
const leastPace = P.leastPace ?? 0.02;

/** In slow start, each answer allows one more in flight, up to this; from here on, so many answers do. */
const fastGrowthUpTo = P.fastGrowthUpTo ?? 8;
const answersForOneMore = P.answersForOneMore ?? 64;
const keep = P.keep ?? 0;
const fullyOpen = 16;

/** A request without an answer for so long no longer holds up the next one. */
const patience = 5_000;

/** Requests that started since starts were last stopped. */
export interface Round {
	inFlight: number;
	answers: number;
	firstStart?: number;
}

const newRound = (answers = 0): Round => ({ inFlight: 0, answers });

/**
 * How fast the requests of one key start, as the server's refusals (429) teach it.
 *
 * A refusal begins an episode: all wait, then one request tries, and so on until one succeeds.
 * Afterwards starts are paced, from the rate that the server accepted: it grows back on a cubic curve,
 * as in TCP CUBIC (RFC 9438). So processes that share a key without knowing each other get along, no
 * matter how the server counts.
 */
export class Pace {
	private readonly accepted: number[] = [];

	private round = newRound(Infinity);

	private episode: { since: number; refusals: number; longWaits: number } | undefined;

	private pausedUntil = -Infinity;

	private lastStart = -Infinity;

	private refusedAt = -Infinity;

	private peak = 0;

	private peakAt = 0;

	constructor(private readonly random: () => number) {}

	/** Whether the last answer was a refusal. */
	get isRefused(): boolean {
		return this.episode !== undefined;
	}

	/** When the next request may start; Infinity if another one has to end first. */
	opensAt(limit: number, now: number): number {
		return Math.max(this.pausedUntil, this.pacedUntil(limit, now), this.roundOpensAt(now));
	}

	/** Begins a slow start, unless starts go on all the time. */
	resume(now: number): void {
		if (now - this.lastStart > firstWait) this.round = newRound();
	}

	start(now: number): Round {
		this.round.inFlight++;
		this.round.firstStart ??= now;
		this.lastStart = now;
		return this.round;
	}

	/** @returns whether the outcome refuses all that wait */
	end(round: Round, outcome: Outcome, now: number): boolean {
		round.inFlight--;
		if (outcome.class === 'throttled') return this.refuse(round, outcome.retryAfter ?? 0, now);
		if (outcome.class !== 'ok' && outcome.class !== 'refused') return false;
		this.accepted.push(now);
		this.forget(now);
		round.answers++;
		if (round === this.round) {
			if (this.episode && P.E) this.peakAt = now - (P.E === 1 ? 0 : P.E);
			this.episode = undefined;
		}
		return false;
	}

	private refuse(round: Round, retryAfter: number, now: number): boolean {
		const isLong = retryAfter > longestRetryAfter;
		// It was under way at the refusal before.
		if (round !== this.round) {
			if (!isLong) this.pausedUntil = Math.max(this.pausedUntil, now + retryAfter);
			return false;
		}
		if (!this.episode) this.slowDown(now);
		this.refusedAt = now;
		this.episode ??= { since: now, refusals: 0, longWaits: 0 };
		this.round = newRound();
		const wait = Math.min(longestWait, firstWait * 2 ** this.episode.refusals++);
		const J = P.J ?? 0.5;
		const jittered = wait * (J + (1 - J) * this.random());
		this.pausedUntil = now + (isLong ? jittered : retryAfter || jittered);
		this.episode.longWaits = isLong ? this.episode.longWaits + 1 : 0;
		const { since, longWaits } = this.episode;
		if (longWaits < longWaitsToGiveUp && now - since < giveUpAfter) return false;
		this.reset();
		return true;
	}

	private reset(): void {
		this.episode = undefined;
		this.round = newRound(Infinity);
		this.pausedUntil = -Infinity;
		this.refusedAt = -Infinity;
	}

	private slowDown(now: number): void {
		this.forget(now);
		const isPaced = now - this.refusedAt < pacedFor;
		this.peak = Math.max(
			this.accepted.length,
			isPaced ? keep * this.perMinute(this.limit, now) : 0,
		);
		this.peakAt = now;
	}

	private forget(now: number): void {
		while (this.accepted[0] !== undefined && this.accepted[0] + minute <= now)
			this.accepted.shift();
	}

	private pacedUntil(limit: number, now: number): number {
		if (now - this.refusedAt >= pacedFor) return now;
		return this.lastStart + minute / this.perMinute(limit, now);
	}

	private limit = 0;
	private perMinute(limit: number, now: number): number {
		this.limit = limit;
		const sincePeak = now - this.peakAt;
		const curve = 1 + paceDrop * (sincePeak / paceRecovery - 1) ** 3;
		const grown = this.peak * curve + (limit * paceGain * sincePeak) / 1_000;
		return Math.min(limit, Math.max(grown, limit * leastPace));
	}

	/** Slow start: a server with a sliding counter would refuse all that start at once. */
	private roundOpensAt(now: number): number {
		const { inFlight, answers, firstStart = now } = this.round;
		const slow = Math.min(answers + 1, fastGrowthUpTo);
		const width = slow + Math.max(0, Math.floor((answers - fastGrowthUpTo) / answersForOneMore));
		if (width >= fullyOpen || inFlight < width) return now;
		return firstStart + (inFlight - width + 1) * patience;
	}
}
