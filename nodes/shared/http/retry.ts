import type { IHttpRequestMethods } from 'n8n-workflow';
import type { Outcome } from './outcome';
import { giveUpAfter, longestRetryAfter } from './pace';

const maxRetries = 3;
const firstWait = 1_000;
const maxRefusals = 8; // after these and `giveUpAfter`, a request fails even if others get through

/** Decides, attempt after attempt, whether a request is sent again. */
export class Attempts {
	count = 0;
	sentAt = 0; // when the latest was sent, by performance.now()
	mayBeDone = false; // whether a change may have been made by an attempt that failed
	private readonly startedAt = performance.now();
	private retries = 0;
	private refusals = 0;

	constructor(
		private readonly method: IHttpRequestMethods,
		private readonly random: () => number = Math.random,
	) {}

	/** Time since the request was made, in ms, including the wait for its turn */
	get waited(): number {
		return performance.now() - this.startedAt;
	}

	/** Whether an attempt was throttled: the next one has priority. */
	get isThrottled(): boolean {
		return this.refusals > 0;
	}

	/** Call this when the request is sent. */
	begin(): void {
		this.count++;
		this.sentAt = performance.now();
	}

	/**
	 * How long to wait before the next attempt, in ms: full jitter up to 1, 2, then 4 s, but at least
	 * Retry-After. After a 429 it is the turns that make it wait.
	 * @returns undefined if the outcome is final
	 */
	waitAfter({ class: outcome, retryAfter = 0 }: Outcome): number | undefined {
		const isUnknown = outcome === 'transient' || outcome === 'unclear';
		this.mayBeDone ||= isUnknown && this.method !== 'GET';
		if (retryAfter > longestRetryAfter) return undefined;
		if (outcome === 'throttled') {
			const isGivenUp = ++this.refusals >= maxRefusals && this.waited >= giveUpAfter;
			return isGivenUp ? undefined : 0;
		}
		if (outcome !== 'transient' && outcome !== 'unsent') return undefined;
		if (this.retries >= maxRetries) return undefined;
		return Math.max(retryAfter, this.random() * firstWait * 2 ** this.retries++);
	}
}
