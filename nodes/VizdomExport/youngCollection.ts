/** Read by nobody: what is put here is garbage as soon as the next is. */
const garbage: { latest?: unknown[] } = {};

/** Bytes of V8's heap that stand for an entry of an array. */
const entry = 8;

/** Garbage for each byte that is read: with as much as that, young collections come in time. */
const share = 1.8;

/**
 * Keeps V8 collecting its young objects while a file is read.
 *
 * The parts of a stream lie outside V8's heap, so they bring on no young collection, which would
 * free them. Instead V8 collects the whole heap after every 64 MB: in n8n's process, 250 ms each
 * time, in which everything stands still. A little garbage in the heap is much cheaper.
 * `npm run bench exports` shows what it gives.
 *
 * @param bytes how many have just been read
 */
export function collectYoung(bytes: number): void {
	garbage.latest = new Array<unknown>(Math.ceil((bytes * share) / entry));
}
