import { settled } from './signals';

/** Runs an action once for everyone who asks before it begins. One run begins when the last has ended. */
export class Coalescer<R> {
	private latest: Promise<unknown> = Promise.resolve();
	private next?: Promise<R>;

	async run(act: () => Promise<R>): Promise<R> {
		this.next ??= this.after(this.latest, act);
		return await this.next;
	}

	private async after(latest: Promise<unknown>, act: () => Promise<R>): Promise<R> {
		await latest;
		this.next = undefined;
		const acting = act();
		this.latest = settled(acting);
		return await acting;
	}
}
