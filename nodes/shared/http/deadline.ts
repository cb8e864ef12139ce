/** A point in time by which several requests must be done. */
export class Deadline {
	readonly signal: AbortSignal; // aborted when the deadline is reached
	private readonly at: number;

	constructor(milliseconds: number) {
		this.at = performance.now() + milliseconds;
		this.signal = AbortSignal.timeout(Math.ceil(milliseconds));
	}

	/** Time left, in ms */
	get left(): number {
		return Math.max(0, this.at - performance.now());
	}

	get isReached(): boolean {
		return this.left === 0 || this.signal.aborted;
	}
}
