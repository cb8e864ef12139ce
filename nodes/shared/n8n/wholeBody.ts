type Readable = import('stream').Readable;

/** A stream of zlib's. Its flag says what the end of its input means. */
interface Decompression extends Readable {
	_finishFlushFlag?: number;
}

/** To finish in place of to flush: Z_FINISH for Z_SYNC_FLUSH, and the same for Brotli and Zstandard */
const finishing: Record<number, number> = { 1: 2, 2: 4 };

/**
 * Makes a compressed body fail (Z_BUF_ERROR) if it ends before its end. Axios, which n8n's helpers
 * decompress with, tells zlib to take any end for the right one (axios 1.18, lib/adapters/http.js).
 */
export function demandItsEnd(body: Readable): void {
	// It may fail before anybody reads it, which would end the process.
	body.on('error', () => {});
	const source: Decompression = '_finishFlushFlag' in body ? body : sourceOf(body);
	source._finishFlushFlag &&= finishing[source._finishFlushFlag];
}

/**
 * What a body passes on. From n8n 2 on, Axios hides it in a generator, to count its bytes
 * (enforceMaxContentLength): it shows when the generator begins to iterate over it.
 */
function sourceOf(body: Readable): Readable {
	const prototype = Object.getPrototypeOf(body) as Readable;
	if (!Object.hasOwn(prototype, Symbol.asyncIterator)) return body;
	const iterate = prototype[Symbol.asyncIterator];
	const iterated: Readable[] = [];
	prototype[Symbol.asyncIterator] = function (this: Readable) {
		iterated.push(this);
		return iterate.call(this);
	};
	try {
		body.read(0);
	} finally {
		prototype[Symbol.asyncIterator] = iterate;
	}
	return iterated[0] ?? body;
}
