import { unlessAborted } from './signals';

export const maxOpenBodies = 16; // bodies of files that one credential may have open at once

interface Places {
	taken: number;
	waiting: Array<() => void>;
}

const placesByCredential = new Map<string, Places>();

/**
 * Waits for a place among the open bodies of a credential: first come, first served.
 * @returns what frees the place; to be called once
 * @throws the signal's reason
 */
export async function acquireBody(credential: string, signal: AbortSignal): Promise<() => void> {
	const places = placesByCredential.get(credential) ?? { taken: 0, waiting: [] };
	placesByCredential.set(credential, places);
	signal.throwIfAborted();
	while (places.taken >= maxOpenBodies) {
		const freed = new Promise<void>((wake) => places.waiting.push(wake));
		await unlessAborted(freed, signal);
	}
	places.taken++;
	return () => {
		places.taken--;
		const waiting = places.waiting.splice(0);
		for (const wake of waiting) wake();
		if (places.taken + waiting.length === 0) placesByCredential.delete(credential);
	};
}
