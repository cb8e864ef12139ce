import { createCipheriv } from 'node:crypto';

/** Text that does not repeat itself, so that misplaced parts show; always the same. */
const padding = Buffer.from(
	createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16))
		.update(Buffer.alloc(192 * 1024))
		.toString('base64'),
);

/** A file's content, cut or padded to a size, in chunks. */
export function* sized(content: Buffer, bytes: number): Generator<Buffer> {
	yield content.subarray(0, bytes);
	for (let left = bytes - content.length; left > 0; left -= padding.length) {
		yield padding.subarray(0, left);
	}
}
