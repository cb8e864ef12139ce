import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import axios from 'axios';
import type { OutputItem } from '../n8n/run-data.mts';

export interface Served {
	size: number;
	sha256: string;
}

async function sha256Of(stream: Readable): Promise<string> {
	const hash = createHash('sha256');
	await pipeline(stream, hash);
	return hash.digest('hex');
}

/** What the sandbox sends for a link. */
export async function served(link: string, apiKey: string): Promise<Served> {
	const headers = { Authorization: `Bearer ${apiKey}` };
	const options = { headers, responseType: 'stream', proxy: false } as const;
	const response = await axios.get<Readable>(link, options);
	const size = Number(response.headers['content-length']);
	return { size, sha256: await sha256Of(response.data) };
}

/** What is wrong with a file on the disk. */
export async function faultsOf(path: string, expected: Served): Promise<string[]> {
	const { size } = await stat(path);
	if (size !== expected.size) return [`${size} bytes were stored, not ${expected.size}`];
	const same =
		(await sha256Of(createReadStream(path, { highWaterMark: 2 ** 20 }))) === expected.sha256;
	return same ? [] : ['the file differs from what was served'];
}

/** What is wrong with what the item of an export says about its file. */
export function faultsOfItem({ json }: OutputItem, expected: Served): string[] {
	const { size, sha256 } = (json.file ?? {}) as Partial<Served>;
	const same = size === expected.size && sha256 === expected.sha256;
	return same ? [] : ['the item says another size or SHA-256'];
}
