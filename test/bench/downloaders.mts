import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workflow } from '../n8n/instance.mts';
import type { Downloaded, DownloadJob } from './axiosDownload.mts';
import { Child } from './child.mts';
import { labels } from './contenders.mts';
import { faultsOf, faultsOfItem, type Served } from './files.mts';
import type { RealN8n } from './realN8n.mts';
import { declarative, exportOne, httpRequest } from './workflows.mts';

export interface Measured extends Downloaded {
	faults: string[];
}

/** One way to get a file from Vizdom onto the disk. */
export interface Downloader {
	label: string;
	/** How large a file it is measured with */
	megabytes: number;
	download: (expected: Served) => Promise<Measured>;
}

const axiosTimeout = 180_000;

export interface Place {
	n8n: RealN8n;
	folder: string;
	link: string;
	apiKey: string;
}

/** Ours and axios one after the other: they are compared. */
export async function downloaders(place: Place): Promise<Downloader[]> {
	const { n8n, link } = place;
	const workflows = [exportOne(), httpRequest(link), declarative(link)] as const;
	const [ours, request, plain] = workflows;
	await n8n.add([...workflows]);
	return [
		{ label: labels.ours, megabytes: 1_000, download: inN8n(n8n, ours, true) },
		{ label: labels.axios, megabytes: 1_000, download: withAxios(place) },
		{ label: "n8n's HTTP Request node", megabytes: 1_000, download: inN8n(n8n, request) },
		{ label: labels.plain, megabytes: 300, download: inN8n(n8n, plain) },
	];
}

function inN8n(n8n: RealN8n, workflow: Workflow, saysItsHash = false): Downloader['download'] {
	return async (expected) => {
		const { items, milliseconds, megabytes, error } = await n8n.run(workflow);
		const [item] = items;
		if (!item || error) throw new Error(`${workflow.name}: ${error ?? 'no item came out'}`);
		const faults = await faultsOf(n8n.fileOf(item), expected);
		if (saysItsHash) faults.push(...faultsOfItem(item, expected));
		await n8n.removeFiles();
		return { milliseconds, megabytes, faults };
	};
}

/** Each in a process of its own, as in n8n. */
function withAxios({ folder, link, apiKey }: Place): Downloader['download'] {
	const file = join(folder, 'axios');
	return async (expected) => {
		const child = new Child<DownloadJob & Record<string, string>, Downloaded>('axiosDownload.mts');
		const downloaded = await child.ask({ link, apiKey, file }, axiosTimeout);
		await child.end();
		const faults = await faultsOf(file, expected);
		await rm(file);
		return { ...downloaded, faults };
	};
}
