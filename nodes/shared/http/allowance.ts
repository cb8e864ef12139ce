import { settled } from './signals';

const maxRequests = 7; // beside the one that failed
const renewedAfter = 10 * 60_000; // ms

/** The requests that may be spent on learning one thing, each once, and again after 10 minutes. */
export class Allowance {
	private readonly spent = new Set<unknown>();
	private since = performance.now();

	/**
	 * Spends one request. It is given back if it fails or is inconclusive: the server was down, or the
	 * user has stopped it.
	 * @param request identifies it
	 * @returns undefined if nothing is left, or if this request was spent before
	 */
	async spend<R>(
		request: unknown,
		ask: () => Promise<R>,
		isInconclusive: (answer: R) => boolean = () => false,
	): Promise<R | undefined> {
		if (performance.now() - this.since > renewedAfter) this.renew();
		if (this.spent.size >= maxRequests || this.spent.has(request)) return undefined;
		this.spent.add(request);
		const { value, error } = await settled(ask());
		if (error || isInconclusive(value)) this.spent.delete(request);
		if (error) throw error;
		return value;
	}

	renew(): void {
		this.spent.clear();
		this.since = performance.now();
	}
}
