type Readable = import('stream').Readable;

/** A zlib stream. Its flag says what the end of its input means. */
interface Decompression extends Readable {
	_finishFlushFlag?: number;
}

/** Finish instead of flush: Z_FINISH for Z_SYNC_FLUSH, and the same for Brotli and Zstandard */
const finishing: Record<number, number> = { 1: 2, 2: 4 };

/**
 * Makes a truncated compressed body fail (Z_BUF_ERROR). Axios, which decompresses for n8n's
 * helpers, tells zlib to accept any end (axios 1.18, lib/adapters/http.js).
 */
export function demandItsEnd(body: Readable): void {
	// A failure before anything reads it would end the process.
	body.on('error', () => {});
	const source: Decompression = '_finishFlushFlag' in body ? body : sourceOf(body);
	source._finishFlushFlag &&= finishing[source._finishFlushFlag];
}

/**
 * The stream inside a body. From n8n 2 on, Axios wraps it in a generator that counts its bytes
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
