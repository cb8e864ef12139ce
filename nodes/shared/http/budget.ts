/** The limit is documented as "per minute". */
export const minute = 60_000;

/** Share of the limit that is reserved for light sources. */
const reservedShare = 0.02;

/** A source is light while it starts less than this share of the reserve in a minute. */
const lightShare = 0.75;

/** Without light sources, the reserve is held for this long after the rest is used up. */
const reserveHeldFor = 5_000;

/** The reserve is held for this long after a light source was done. */
const lightRememberedFor = 2 * minute;

/** A credential's limit counts for this long after its last use. */
const limitRememberedFor = 2 * minute;

function reserveOf(limit: number): number {
	return Math.min(Math.ceil(limit * reservedShare), limit - 1);
}

/** A source is light while it starts fewer requests than this in a minute. */
export function lightBelow(limit: number): number {
	return Math.ceil(reserveOf(limit) * lightShare);
}

interface Limit {
	perMinute: number;
	usedAt: number;
}

/**
 * How much of a key's limit is left, by our own count.
 *
 * A request counts from its start until a minute after its end. The server counts it somewhere in
 * between, so it never sees more than the limit in a minute, wherever that minute begins.
 */
export class Budget {
	private readonly limits = new Map<string, Limit>();

	private readonly ends: number[] = [];

	inFlight = 0;

	private lastLightUse = -Infinity;

	private usedUpAt = -Infinity;

	constructor(private readonly documentedLimit: number) {}

	/** @param requestsPerMinute anything but a number of at least 1 means the documented limit */
	setLimit(credential: string, requestsPerMinute: unknown, now: number): void {
		const limit = Math.floor(Number(requestsPerMinute));
		const isValid = Number.isSafeInteger(limit) && limit >= 1;
		const perMinute = isValid ? limit : this.documentedLimit;
		this.limits.set(credential, { perMinute, usedAt: now });
	}

	/** The lowest limit of the credentials in use, per minute. */
	limit(now: number): number {
		let lowest = Infinity;
		for (const [credential, { perMinute, usedAt }] of this.limits) {
			if (usedAt + limitRememberedFor < now) this.limits.delete(credential);
			else lowest = Math.min(lowest, perMinute);
		}
		return lowest === Infinity ? this.documentedLimit : lowest;
	}

	/** Requests that count now. */
	used(now: number): number {
		while (this.ends[0] !== undefined && this.ends[0] + minute <= now) this.ends.shift();
		return this.inFlight + this.ends.length;
	}

	start(credential: string, now: number): void {
		this.inFlight++;
		const limit = this.limits.get(credential);
		if (limit) limit.usedAt = now;
	}

	end(now: number): void {
		this.inFlight--;
		this.ends.push(now);
	}

	/** Holds the reserve for the next light source. */
	holdReserve(now: number): void {
		this.lastLightUse = now;
	}

	/** When the next request may start; Infinity if another one has to end first. */
	opensAt(isLight: boolean, limit: number, now: number): number {
		const allOpensAt = this.fallsBelowAt(limit, now);
		if (isLight) return allOpensAt;
		const opensAt = this.fallsBelowAt(limit - reserveOf(limit), now);
		if (opensAt <= now) return now;
		if (this.usedUpAt + minute < now) this.usedUpAt = now;
		const heldUntil = Math.max(
			this.usedUpAt + reserveHeldFor,
			this.lastLightUse + lightRememberedFor,
		);
		return Math.min(opensAt, Math.max(heldUntil, allOpensAt));
	}

	private fallsBelowAt(allowed: number, now: number): number {
		const excess = this.used(now) - allowed;
		if (excess < 0) return now;
		const end = this.ends[excess];
		return end === undefined ? Infinity : end + minute;
	}
}
