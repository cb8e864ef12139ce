const renewedAfter = 10 * 60_000; // ms

/** A number of requests that may be spent, each once, and again after some minutes. */
export class Allowance {
	private readonly spent = new Set<unknown>();
	private since = performance.now();

	constructor(private readonly most: number) {}

	/** Returns false if nothing is left, or if it was spent on the same before. */
	spend(what: unknown): boolean {
		if (performance.now() - this.since > renewedAfter) this.renew();
		if (this.spent.size >= this.most || this.spent.has(what)) return false;
		this.spent.add(what);
		return true;
	}

	/** It has shown nothing. */
	giveBack(what: unknown): void {
		this.spent.delete(what);
	}

	renew(): void {
		this.spent.clear();
		this.since = performance.now();
	}
}
