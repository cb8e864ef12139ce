import { settled } from './signals';

const renewedAfter = 10 * 60_000; // ms

/** A number of requests that may be spent, each once, and again after some minutes. */
export class Allowance {
	private readonly spent = new Set<unknown>();
	private since = performance.now();

	constructor(private readonly most: number) {}

	/**
	 * Spends one request. It is given back if it fails, or if its answer shows nothing: the server was
	 * down, or the user has stopped it.
	 * @param what is asked, once
	 * @returns undefined if nothing is left, or if it was spent on the same before
	 */
	async spend<R>(
		what: unknown,
		ask: () => Promise<R>,
		showsNothing: (answer: R) => boolean = () => false,
	): Promise<R | undefined> {
		if (performance.now() - this.since > renewedAfter) this.renew();
		if (this.spent.size >= this.most || this.spent.has(what)) return undefined;
		this.spent.add(what);
		const { value, error } = await settled(ask());
		if (error || showsNothing(value)) this.spent.delete(what);
		if (error) throw error;
		return value;
	}

	renew(): void {
		this.spent.clear();
		this.since = performance.now();
	}
}
