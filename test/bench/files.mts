import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import type { OutputItem } from '../n8n/run-data.mts';
import { vizdomClient } from './contenders.mts';
import type { Address } from './sandbox.mts';

export interface Digest {
	size: number;
	sha256: string;
}

async function digestOf(stream: Readable): Promise<Digest> {
	const hash = createHash('sha256');
	let size = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		size += chunk.length;
		hash.update(chunk);
	}
	return { size, sha256: hash.digest('hex') };
}

/** The sandbox's response for a link. */
export async function served(link: string, address: Address): Promise<Digest> {
	const { data } = await vizdomClient(address).get<Readable>(link, { responseType: 'stream' });
	return await digestOf(data);
}

/** The problem with a stored file, or with its details in the export's item. */
export async function faultsOf(
	path: string,
	expected: Digest,
	item?: OutputItem,
): Promise<string[]> {
	const stored = await digestOf(createReadStream(path, { highWaterMark: 2 ** 20 }));
	const { size, sha256 } = (item?.json.file ?? expected) as Digest;
	const isRight = [stored, { size, sha256 }].every((one) => isDeepStrictEqual(one, expected));
	return isRight ? [] : ['the stored file, or what the item says of it, is not what was served'];
}
