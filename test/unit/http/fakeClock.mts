import type { Clock } from '../../../nodes/shared/http/turns.ts';

interface Sleeper {
	at: number;
	wake: () => void;
}

/** A clock that stops until a test moves it. */
export class FakeClock implements Clock {
	private time = 0;

	/** A binary heap: no sleeper wakes before the one at half its index. */
	private readonly sleepers: Sleeper[] = [];

	now(): number {
		return this.time;
	}

	async sleep(milliseconds: number): Promise<void> {
		await new Promise<void>((wake) => this.push({ at: this.time + milliseconds, wake }));
	}

	/** Moves on from one sleeper to the next, and runs what they wake. */
	async advance(milliseconds: number): Promise<void> {
		const until = this.time + milliseconds;
		await settled();
		for (;;) {
			const [next] = this.sleepers;
			if (!next || next.at > until) break;
			this.shift();
			this.time = Math.max(this.time, next.at);
			next.wake();
			await settled();
		}
		this.time = until;
	}

	private at(index: number): number {
		return this.sleepers[index]?.at ?? Infinity;
	}

	private push(sleeper: Sleeper): void {
		let index = this.sleepers.push(sleeper) - 1;
		while (index > 0 && this.at((index - 1) >> 1) > sleeper.at)
			index = this.swap(index, (index - 1) >> 1);
	}

	private shift(): void {
		const last = this.sleepers.pop();
		if (!last || this.sleepers.length === 0) return;
		this.sleepers[0] = last;
		let index = 0;
		for (;;) {
			const left = 2 * index + 1;
			const child = this.at(left + 1) < this.at(left) ? left + 1 : left;
			if (this.at(child) >= last.at) return;
			index = this.swap(index, child);
		}
	}

	private swap(from: number, to: number): number {
		const [one, other] = [this.sleepers[from], this.sleepers[to]];
		if (one && other) [this.sleepers[from], this.sleepers[to]] = [other, one];
		return to;
	}
}

/** Runs everything that is ready. */
export async function settled(): Promise<void> {
	for (let turn = 0; turn < 8; turn++) await null;
}
