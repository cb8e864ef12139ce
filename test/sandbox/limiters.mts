/** Ways in which servers count requests, all with the same limit per window. */
export interface Limiter {
	/** Counts a request, and says whether it is within the limit. `now` in ms never goes back. */
	accepts(now: number): boolean;
	/** How long until a request would be accepted, in ms, if none comes earlier. */
	wait(now: number): number;
}

class FixedWindow implements Limiter {
	private window = -Infinity;

	private count = 0;

	constructor(
		private readonly limit: number,
		private readonly windowMs: number,
	) {}

	accepts(now: number): boolean {
		const window = Math.floor(now / this.windowMs);
		if (window !== this.window) [this.window, this.count] = [window, 0];
		return ++this.count <= this.limit;
	}

	wait(now: number): number {
		return this.windowMs - (now % this.windowMs);
	}
}

class SlidingLog implements Limiter {
	private readonly times: number[] = [];

	constructor(
		private readonly limit: number,
		private readonly windowMs: number,
		private readonly countsRefused = false,
	) {}

	accepts(now: number): boolean {
		while (this.times[0] !== undefined && this.times[0] + this.windowMs <= now) this.times.shift();
		const isAccepted = this.times.length < this.limit;
		if (isAccepted || this.countsRefused) this.times.push(now);
		return isAccepted;
	}

	wait(now: number): number {
		return (this.times.at(-this.limit) ?? now) + this.windowMs - now;
	}
}

/** This window, and the part of the last one that a sliding window still covers. */
class SlidingCounter implements Limiter {
	private window = -Infinity;

	private count = 0;

	private last = 0;

	constructor(
		private readonly limit: number,
		private readonly windowMs: number,
	) {}

	accepts(now: number): boolean {
		const window = Math.floor(now / this.windowMs);
		if (window !== this.window) {
			this.last = window === this.window + 1 ? this.count : 0;
			[this.window, this.count] = [window, 0];
		}
		const share = 1 - (now % this.windowMs) / this.windowMs;
		const isAccepted = this.count + this.last * share + 1 <= this.limit;
		if (isAccepted) this.count++;
		return isAccepted;
	}

	wait(now: number): number {
		const share = (this.limit - 1 - this.count) / this.last;
		return this.windowMs * (share > 0 ? 1 - share : 1) - (now % this.windowMs);
	}
}

/** Initially a full bucket, refilled evenly. */
class TokenBucket implements Limiter {
	private tokens: number;

	private filledAt: number | undefined;

	constructor(
		private readonly limit: number,
		private readonly windowMs: number,
	) {
		this.tokens = limit;
	}

	accepts(now: number): boolean {
		const refill = ((now - (this.filledAt ?? now)) * this.limit) / this.windowMs;
		this.tokens = Math.min(this.limit, this.tokens + refill);
		this.filledAt = now;
		if (this.tokens < 1) return false;
		this.tokens--;
		return true;
	}

	wait(): number {
		return ((1 - this.tokens) * this.windowMs) / this.limit;
	}
}

type Create = (limit: number, windowMs: number) => Limiter;

export const limiters = {
	'fixed-window': (limit, windowMs) => new FixedWindow(limit, windowMs),
	'sliding-log': (limit, windowMs) => new SlidingLog(limit, windowMs),
	'sliding-log-counting-refused': (limit, windowMs) => new SlidingLog(limit, windowMs, true),
	'sliding-counter': (limit, windowMs) => new SlidingCounter(limit, windowMs),
	'token-bucket': (limit, windowMs) => new TokenBucket(limit, windowMs),
} satisfies Record<string, Create>;

export type LimiterKind = keyof typeof limiters;

export const limiterKinds = Object.keys(limiters) as [LimiterKind, ...LimiterKind[]];
