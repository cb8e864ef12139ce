// What one would write without n8n: axios, streaming a file to disk.
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import axios from 'axios';
import { answer } from './answer.mts';

export interface DownloadJob {
	link: string;
	apiKey: string;
	file: string;
}

export interface Downloaded {
	milliseconds: number;
	/** The most that this process ever had */
	megabytes: number;
}

answer<DownloadJob, Downloaded>(async ({ link, apiKey, file }) => {
	const startedAt = performance.now();
	const headers = { Authorization: `Bearer ${apiKey}` };
	const options = { headers, responseType: 'stream', proxy: false } as const;
	const { data } = await axios.get<Readable>(link, options);
	await pipeline(data, createWriteStream(file));
	const milliseconds = performance.now() - startedAt;
	return { milliseconds, megabytes: process.resourceUsage().maxRSS / 2 ** 10 };
});
