/**
 * `npm run demo`: n8n runs an example workflow once, without browser or server.
 * `npm run demo -- --oldest` does it with the oldest n8n that the package supports.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { startSandbox } from '../sandbox/server.mts';
import { example, sandboxCredential } from './examples.mts';
import { ensureN8n } from './install.mts';
import { N8n, type Workflow } from './instance.mts';
import { buildIfNeeded, pack } from './package-under-test.mts';
import { checkout, oldestProject, pinnedProject } from './paths.mts';
import { Problem } from './problem.mts';
import { checkArguments, runProgram } from './program.mts';
import { errorOf, itemsOf, nodesOf, type BinaryFile, type Execution } from './run-data.mts';
import { describeNode } from './summary.mts';

const EXAMPLE = 'export-a-dashboard';
const OUTPUT = join(checkout, 'demo-output');

/** The oldest n8n does not start where a module is disabled that it does not know. */
const ALL_MODULES = { N8N_DISABLED_MODULES: '' };

await runProgram(demo, 130);

async function demo(): Promise<void> {
	checkArguments('--oldest');
	await buildIfNeeded();
	const oldest = process.argv.includes('--oldest');
	const installed = await ensureN8n(oldest ? oldestProject : pinnedProject);
	const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-vizdom-demo-'));
	const sandbox = await startSandbox({ port: 0 });
	try {
		// In memory, so that the run data holds the files themselves.
		const env = { N8N_DEFAULT_BINARY_DATA_MODE: 'default', ...(oldest && ALL_MODULES) };
		const n8n = await N8n.open(installed, folder, { env });
		const workflow = example(EXAMPLE);
		console.log(`n8n ${installed.version} runs "${workflow.name}" against the Vizdom sandbox ...`);
		await n8n.installPackage(await pack(folder));
		await n8n.importCredentials([sandboxCredential(sandbox)]);
		await n8n.importWorkflows([workflow]);
		await report(await n8n.execute(workflow.id), workflow);
	} finally {
		await sandbox.close();
		await rm(folder, { recursive: true, force: true });
	}
}

async function report(execution: Execution, workflow: Workflow): Promise<void> {
	for (const node of nodesOf(execution)) {
		console.log(`\n${describeNode(node, itemsOf(execution, node))}`);
	}
	const error = errorOf(execution);
	if (error) throw new Problem(`The workflow "${workflow.name}" failed.`, error);
	const saved = await savePdf(lastFile(execution));
	console.log(`\nThe exported dashboard: ${saved}`);
	console.log('\nNext: npm start opens the same n8n in the browser, with this and more examples.');
}

function lastFile(execution: Execution): BinaryFile {
	const items = nodesOf(execution).flatMap((node) => itemsOf(execution, node));
	const file = items.flatMap(({ binary }) => Object.values(binary ?? {})).at(-1);
	if (!file) throw new Problem('The workflow succeeded, but no node put out a file.');
	return file;
}

async function savePdf(file: BinaryFile): Promise<string> {
	const path = join(OUTPUT, basename(file.fileName ?? 'dashboard.pdf'));
	await mkdir(OUTPUT, { recursive: true });
	await writeFile(path, Buffer.from(file.data, 'base64'));
	if (!isPdf(await readFile(path))) throw new Problem(`This is not a whole PDF file: ${path}`);
	return path;
}

function isPdf(content: Buffer): boolean {
	const end = content.subarray(-1024).toString('latin1');
	return content.subarray(0, 5).toString('latin1') === '%PDF-' && end.includes('%%EOF');
}
