export const minute = 60_000; // the limit is documented as "per minute"

const reservedShare = 0.04; // of the limit, for light sources
const lightShare = 0.75; // of the reserve: a source is light while it starts less in a minute
const reserveHeldFor = 3_000; // ms after the rest is used up,
const lightRememberedFor = 2 * minute; // or after the last light source finished

/** A source is light while it starts fewer requests than this in a minute. */
export function lightBelow(limit: number): number {
	return Math.ceil(reserveOf(limit) * lightShare);
}

function reserveOf(limit: number): number {
	return Math.floor(limit * reservedShare);
}

/**
 * How much of a key's limit is left, by this process's own count.
 *
 * A request counts from its start until a minute after its end. The server counts it somewhere in
 * between, so it never sees more than the limit in a minute, wherever that minute begins.
 */
export class Budget {
	inFlight = 0;

	private readonly limits = new Map<number, number>(); // when each was last used
	private readonly ends: number[] = [];
	lightUsedAt = -Infinity; // when a light source last finished: the reserve is held for the next one
	private usedUpAt = -Infinity;

	constructor(private readonly documentedLimit: number) {}

	/**
	 * Applies a limit, unless a lower one is in use.
	 * @param requestsPerMinute anything but a number of at least 1 means the documented limit
	 */
	obey(requestsPerMinute: unknown, now: number): number {
		const limit = Math.floor(Number(requestsPerMinute));
		const valid = Number.isSafeInteger(limit) && limit >= 1 ? limit : this.documentedLimit;
		this.limits.set(valid, now);
		return valid;
	}

	/** The lowest limit that was in use in the last minute. */
	limit(now: number): number {
		for (const [limit, usedAt] of this.limits) {
			if (usedAt + minute < now) this.limits.delete(limit);
		}
		return this.limits.size > 0 ? Math.min(...this.limits.keys()) : this.documentedLimit;
	}

	/** How many requests count now. */
	used(now: number): number {
		while (this.ends[0] !== undefined && this.ends[0] + minute <= now) this.ends.shift();
		return this.inFlight + this.ends.length;
	}

	start(limit: number, now: number): void {
		this.inFlight++;
		this.limits.set(limit, now);
	}

	end(now: number): void {
		this.inFlight--;
		this.ends.push(now);
	}

	/** When the next request may start; Infinity if another one has to end first. */
	opensAt(isLight: boolean, limit: number, now: number): number {
		const allOpensAt = this.fallsBelowAt(limit, now);
		if (isLight) return allOpensAt;
		const opensAt = this.fallsBelowAt(limit - reserveOf(limit), now);
		if (opensAt <= now) return now;
		if (this.usedUpAt + minute < now) this.usedUpAt = now;
		const heldForNobody = this.usedUpAt + reserveHeldFor;
		const heldUntil = Math.max(heldForNobody, this.lightUsedAt + lightRememberedFor);
		return Math.min(opensAt, Math.max(heldUntil, allOpensAt));
	}

	private fallsBelowAt(allowed: number, now: number): number {
		const excess = this.used(now) - allowed;
		if (excess < 0) return now;
		const end = this.ends[excess];
		return end === undefined ? Infinity : end + minute;
	}
}
