import { unlessAborted } from './signals';

export const maxOpenBodies = 16; // files that one credential may have open at once

interface Slots {
	taken: number;
	waiting: Array<() => void>;
}

const slotsByCredential = new Map<string, Slots>();

/**
 * Waits for one of a credential's slots for open bodies: first come, first served.
 * @returns frees the slot; must be called once
 * @throws the signal's reason
 */
export async function acquireBody(credential: string, signal: AbortSignal): Promise<() => void> {
	const slots = slotsByCredential.get(credential) ?? { taken: 0, waiting: [] };
	slotsByCredential.set(credential, slots);
	signal.throwIfAborted();
	while (slots.taken >= maxOpenBodies) {
		const freed = new Promise<void>((wake) => slots.waiting.push(wake));
		await unlessAborted(freed, signal);
	}
	slots.taken++;
	return () => {
		slots.taken--;
		const waiting = slots.waiting.splice(0);
		for (const wake of waiting) wake();
		if (slots.taken + waiting.length === 0) slotsByCredential.delete(credential);
	};
}
