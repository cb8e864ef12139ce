import { settled } from './signals';

/** Does something once for all who ask before it begins, one time after the other. */
export class Shared<R> {
	private latest: Promise<unknown> = Promise.resolve();
	private next?: Promise<R>;

	async ask(act: () => Promise<R>): Promise<R> {
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
