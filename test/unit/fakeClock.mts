import type { Clock } from '../../nodes/shared/http/turns.ts';

/** Time that stands still until a test moves it. */
export class FakeClock implements Clock {
	private time = 0;

	private readonly sleepers: Array<{ at: number; wake: () => void }> = [];

	now(): number {
		return this.time;
	}

	async sleep(milliseconds: number): Promise<void> {
		await new Promise<void>((wake) => {
			this.sleepers.push({ at: this.time + milliseconds, wake });
		});
	}

	/** Moves on, from one sleeper's end to the next, and lets what they wake run. */
	async advance(milliseconds: number): Promise<void> {
		const until = this.time + milliseconds;
		for (;;) {
			await settled();
			this.sleepers.sort((one, other) => one.at - other.at);
			const next = this.sleepers[0];
			if (!next || next.at > until) break;
			this.sleepers.shift();
			this.time = Math.max(this.time, next.at);
			next.wake();
		}
		this.time = until;
		await settled();
	}
}

/** Lets all that is ready run. */
export async function settled(): Promise<void> {
	for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
