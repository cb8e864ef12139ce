import { bigFile } from './bigFile.mts';
import { manyExports } from './manyExports.mts';
import { freeBytes, RealN8n, temporaryFolder } from './realN8n.mts';
import type { Report } from './report.mts';
import type { BenchSandbox } from './sandbox.mts';

const neededBytes = 5e9;

/** Files through the real n8n: one large one, and many at a time. */
export async function exports(sandbox: BenchSandbox): Promise<Report> {
	const folder = temporaryFolder();
	if ((await freeBytes(folder)) < neededBytes) {
		throw new Error(
			`${folder} has too little space: 5 GB are needed. Set TMPDIR to another folder.`,
		);
	}
	const n8n = await RealN8n.open(folder, sandbox.address);
	const reports = [await bigFile(sandbox, n8n, folder), await manyExports(sandbox, n8n)];
	return {
		tables: reports.flatMap(({ tables }) => tables),
		wrong: reports.flatMap(({ wrong }) => wrong),
	};
}
