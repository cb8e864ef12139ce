import { unlessAborted } from './signals';

/** Bodies of files that one credential may have open at once. */
export const mostOpenBodies = 16;

/** Bounds how many bodies are open at once: first come, first served. */
export class OpenBodies {
	private open = 0;
	private readonly waiting = new Set<() => void>();

	get isIdle(): boolean {
		return this.open + this.waiting.size === 0;
	}

	/**
	 * Waits for a place.
	 *
	 * @returns what frees the place; to be called once
	 * @throws the signal's reason
	 */
	async take(signal: AbortSignal): Promise<() => void> {
		signal.throwIfAborted();
		if (this.open < mostOpenBodies) this.open++;
		else await this.handedOver(signal);
		return () => {
			const [next] = this.waiting;
			if (next) next();
			else this.open--;
		};
	}

	private async handedOver(signal: AbortSignal): Promise<void> {
		let leave = () => {};
		const place = new Promise<void>((enter) => {
			const next = () => {
				leave();
				enter();
			};
			leave = () => this.waiting.delete(next);
			this.waiting.add(next);
		});
		signal.addEventListener('abort', leave);
		await unlessAborted(place, signal).finally(() => signal.removeEventListener('abort', leave));
	}
}

const openBodies = new Map<string, OpenBodies>();

/** The bodies of a credential. One map for the whole process; idle ones are forgotten. */
export function openBodiesOf(credential: string): OpenBodies {
	for (const [id, bodies] of openBodies) if (bodies.isIdle) openBodies.delete(id);
	const bodies = openBodies.get(credential) ?? new OpenBodies();
	openBodies.set(credential, bodies);
	return bodies;
}
