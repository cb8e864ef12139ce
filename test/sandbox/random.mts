/** MurmurHash3's finalizer: adjacent numbers give unrelated ones, from 0 up to 2^32. */
export function mix(number: number): number {
	let state = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
	state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
	return (state ^ (state >>> 16)) >>> 0;
}

/** FNV-1a: the same text gives the same number on every machine. */
function hash(text: string): number {
	let state = 0x811c9dc5;
	for (const byte of Buffer.from(text)) state = Math.imul(state ^ byte, 0x01000193);
	return mix(state);
}

/** Mulberry32: numbers from 0 up to 1, the same ones for the same seed. */
export function randomFrom(seed: string): () => number {
	let state = hash(seed);
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
