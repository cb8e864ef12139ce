import type { IHttpRequestMethods } from 'n8n-workflow';
import type { Outcome } from './outcome';
import { giveUpAfter, longestRetryAfter } from './pace';

const maxRetries = 3;
const firstWait = 1_000;
const maxRefusals = 8; // then a request is given up after `giveUpAfter`, although others get through

/** Decides, attempt after attempt, whether a request is sent again. */
export class Attempts {
	count = 0; // how often the request was sent
	sentAt = 0; // when it was sent last, by performance.now()
	/** Whether the server may have done what was asked, although it did not say so */
	mayBeDone = false;
	private readonly startedAt = performance.now();
	private retries = 0;
	private refusals = 0;

	constructor(
		private readonly method: IHttpRequestMethods,
		private readonly random: () => number = Math.random,
	) {}

	/** Time since the request was asked for, in ms, waiting for its turn included */
	get waited(): number {
		return performance.now() - this.startedAt;
	}

	/** Whether an attempt was throttled: such a request goes before the others. */
	get isThrottled(): boolean {
		return this.refusals > 0;
	}

	/** Notes that the request is sent. */
	begin(): void {
		this.count++;
		this.sentAt = performance.now();
	}

	/**
	 * How long to wait before the request is sent again, in ms: full jitter up to 1, 2, then 4 s, but
	 * at least as long as the server asks for. After a 429 it is the turns that make it wait.
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
