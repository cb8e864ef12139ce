import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureN8n } from '../n8n/install.mts';
import { N8n, type Workflow } from '../n8n/instance.mts';
import { pack } from '../n8n/package-under-test.mts';
import { errorOf, itemsOf, type NodeRun, type OutputItem } from '../n8n/run-data.mts';
import type { Address } from './sandbox.mts';
import { credential, nodeUnderTest } from './workflows.mts';

/** The real n8n with the packed package; each run is a separate process. */
export class RealN8n {
	private constructor(
		private readonly n8n: N8n,
		readonly version: string,
		readonly folder: string,
	) {}

	static async open({ apiKey, baseUrl }: Address): Promise<RealN8n> {
		const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-vizdom-bench-'));
		process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
		const env = {
			N8N_CUSTOM_EXTENSIONS: resolve(import.meta.dirname, 'custom'),
			NODE_OPTIONS: `--require "${resolve(import.meta.dirname, 'peak.cjs')}"`,
			PEAK_FILE: join(folder, 'peak'),
		};
		const installed = await ensureN8n();
		const n8n = await N8n.open(installed, folder, { env });
		await n8n.installPackage(await pack(folder));
		const data = { apiKey, baseUrl, requestsPerMinute: 1000 };
		await n8n.importCredentials([{ ...credential, type: 'vizdomApi', data }]);
		return new RealN8n(n8n, installed.version, folder);
	}

	async add(workflows: Workflow[]): Promise<void> {
		await this.n8n.importWorkflows(workflows);
	}

	async run({ id }: Workflow) {
		const peakFile = join(this.folder, 'peak');
		await rm(peakFile, { force: true });
		const execution = await this.n8n.execute(id);
		const [run] = execution.data.resultData.runData[nodeUnderTest] ?? [];
		return {
			items: itemsOf(execution, nodeUnderTest),
			milliseconds:
				(run as (NodeRun & { executionTime: number }) | undefined)?.executionTime ?? NaN,
			megabytes: Number(await readFile(peakFile, 'utf8')) / 2 ** 10,
			error: errorOf(execution),
		};
	}

	/** The path of an item's file in n8n's store. */
	fileOf({ binary }: OutputItem): string {
		const { id } = (binary?.data ?? {}) as { id?: string };
		if (!id?.startsWith('filesystem-v2:')) throw new Error('The item has no file in the store');
		return join(this.folder, '.n8n/storage', id.slice('filesystem-v2:'.length));
	}

	/** All files that n8n has stored. */
	async removeFiles(): Promise<void> {
		await rm(join(this.folder, '.n8n/storage'), { recursive: true, force: true });
	}
}
