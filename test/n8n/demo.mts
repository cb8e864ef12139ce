/**
 * `npm run demo`: n8n runs an example workflow once, without browser or server.
 * `npm run demo -- --oldest` does it with the oldest n8n that the package supports.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { startSandbox } from '../sandbox/server.mts';
import { wantedDialect } from './dialect.mts';
import { example, sandboxCredential } from './examples.mts';
import { ensureN8n } from './install.mts';
import { N8n } from './instance.mts';
import { buildIfNeeded, pack } from './package-under-test.mts';
import { checkout, oldestProject, pinnedProject } from './paths.mts';
import { printable } from './printable.mts';
import { Problem } from './problem.mts';
import { checkArguments, runProgram } from './program.mts';
import { describeNode, errorOf, itemsOf, nodesOf, type Execution } from './run-data.mts';

const OUTPUT = join(checkout, 'demo-output');

/** The oldest n8n does not start if an unknown module is disabled. */
const ALL_MODULES = { N8N_DISABLED_MODULES: '' };

await runProgram(demo, 130);

async function demo(): Promise<void> {
	checkArguments('--oldest');
	const dialect = wantedDialect();
	await buildIfNeeded();
	const oldest = process.argv.includes('--oldest');
	const installed = await ensureN8n(oldest ? oldestProject : pinnedProject);
	const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-vizdom-demo-'));
	const sandbox = await startSandbox({ port: 0, settings: { dialect } });
	try {
		const n8n = await N8n.open(installed, folder, { env: oldest ? ALL_MODULES : {} });
		const workflow = example('export-a-dashboard');
		const server = `the Vizdom sandbox${dialect === 'assumed' ? '' : ` (dialect ${dialect})`}`;
		console.log(`n8n ${installed.version} runs "${workflow.name}" against ${server} ...`);
		await n8n.installPackage(await pack(folder));
		await n8n.importCredentials([sandboxCredential(sandbox)]);
		await n8n.importWorkflows([workflow]);
		await report(n8n, await n8n.execute(workflow.id));
	} finally {
		await sandbox.close();
		await rm(folder, { recursive: true, force: true });
	}
}

async function report(n8n: N8n, execution: Execution): Promise<void> {
	const nodes = nodesOf(execution).map((name) => ({ name, items: itemsOf(execution, name) }));
	for (const { name, items } of nodes) console.log(printable(`\n${describeNode(name, items)}`));
	const error = errorOf(execution);
	if (error) throw new Problem('The workflow failed.', error);
	const files = nodes.flatMap(({ items }) =>
		items.flatMap(({ binary }) => Object.values(binary ?? {})),
	);
	const file = files.at(-1);
	const content = file ? await n8n.read(file) : Buffer.alloc(0);
	const isPdf = content.subarray(0, 5).equals(Buffer.from('%PDF-')) && content.includes('%%EOF');
	if (!isPdf) throw new Problem('The workflow succeeded, but its last file is no whole PDF.');
	const path = join(OUTPUT, basename(file?.fileName ?? ''));
	await mkdir(OUTPUT, { recursive: true });
	await writeFile(path, content);
	console.log(printable(`\nThe exported dashboard: ${path}`));
	console.log('\nNext: npm start opens the same n8n in the browser, with this and more examples.');
}
