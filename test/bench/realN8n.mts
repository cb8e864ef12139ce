import { readFile, rm, statfs } from 'node:fs/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureN8n } from '../n8n/install.mts';
import { N8n, type Workflow } from '../n8n/instance.mts';
import { pack } from '../n8n/package-under-test.mts';
import { errorOf, itemsOf, type NodeRun, type OutputItem } from '../n8n/run-data.mts';
import type { Address } from './sandbox.mts';
import { credential, nodeUnderTest } from './workflows.mts';

export interface Ran {
	/** What the node under test put out */
	items: OutputItem[];
	/** Of the node under test alone */
	milliseconds: number;
	/** The most that the n8n process ever had */
	megabytes: number;
	error?: string;
}

/** Removed when this process ends, however it ends. */
export function temporaryFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-vizdom-bench-'));
	process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

export async function freeBytes(folder: string): Promise<number> {
	const { bavail, bsize } = await statfs(folder);
	return bavail * bsize;
}

/** The real n8n with the packed package in it; each run is a process of its own. */
export class RealN8n {
	readonly #n8n: N8n;
	readonly #peakFile: string;

	private constructor(
		n8n: N8n,
		readonly version: string,
		peakFile: string,
	) {
		this.#n8n = n8n;
		this.#peakFile = peakFile;
	}

	static async open(folder: string, address: Address): Promise<RealN8n> {
		const peakFile = join(folder, 'peak');
		const env = {
			N8N_CUSTOM_EXTENSIONS: resolve(import.meta.dirname, 'custom'),
			N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
			NODE_OPTIONS: `--require "${resolve(import.meta.dirname, 'peak.cjs')}"`,
			PEAK_FILE: peakFile,
		};
		const installed = await ensureN8n();
		const n8n = await N8n.open(installed, folder, { env });
		await n8n.installPackage(await pack(folder));
		const { apiKey, baseUrl } = address;
		const data = { apiKey, baseUrl, requestsPerMinute: 1000 };
		await n8n.importCredentials([{ ...credential, type: 'vizdomApi', data }]);
		return new RealN8n(n8n, installed.version, peakFile);
	}

	async add(workflows: Workflow[]): Promise<void> {
		await this.#n8n.importWorkflows(workflows);
	}

	async run({ id }: Workflow): Promise<Ran> {
		await rm(this.#peakFile, { force: true });
		const execution = await this.#n8n.execute(id);
		const [run] = execution.data.resultData.runData[nodeUnderTest] ?? [];
		return {
			items: itemsOf(execution, nodeUnderTest),
			milliseconds:
				(run as (NodeRun & { executionTime: number }) | undefined)?.executionTime ?? NaN,
			megabytes: Number(await readFile(this.#peakFile, 'utf8')) / 2 ** 10,
			error: errorOf(execution),
		};
	}

	/** Where n8n's store keeps the file of an item. */
	fileOf({ binary }: OutputItem): string {
		const { id } = (binary?.data ?? {}) as { id?: string };
		if (!id?.startsWith('filesystem-v2:')) throw new Error('The item has no file in the store');
		return join(this.#n8n.folder, '.n8n/storage', id.slice('filesystem-v2:'.length));
	}

	/** All files that n8n has stored. */
	async removeFiles(): Promise<void> {
		await rm(join(this.#n8n.folder, '.n8n/storage'), { recursive: true, force: true });
	}
}
