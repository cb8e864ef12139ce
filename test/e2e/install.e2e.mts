import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { sandboxCredential } from '../n8n/examples.mts';
import type { N8n } from '../n8n/instance.mts';
import { pack } from '../n8n/package-under-test.mts';
import { checkout } from '../n8n/paths.mts';
import { npm, run } from '../n8n/processes.mts';
import { errorOf, itemsOf, type OutputItem } from '../n8n/run-data.mts';
import type { Sandbox } from '../sandbox/server.mts';
import { openBrowser, signIn } from './support/browser.mts';
import { temporaryFolder, useCleanUp } from './support/cleanUp.mts';
import { openN8n, openSandbox } from './support/n8n.mts';
import { useSteps } from './support/steps.mts';
import { manualTrigger, vizdomNode, workflow } from './support/workflow.mts';

interface Manifest {
	name: string;
	version: string;
	n8n: { nodes: string[] };
}

const cleanUp = useCleanUp();
let folder: string;
let tarball: string;
let sandbox: Sandbox;
let browser: Browser;
let n8n: N8n;
let context: BrowserContext;
let page: Page | undefined;
const step = useSteps('install', () => ({ page, logFile: n8n?.logFile }));

beforeAll(async () => {
	folder = await temporaryFolder(cleanUp);
	tarball = await pack(folder);
	sandbox = await openSandbox(cleanUp);
	browser = await openBrowser(cleanUp);
});

beforeEach(async () => {
	n8n = await openN8n(cleanUp);
	page = undefined;
});
afterEach(async () => await n8n.stop());

test('n8n has the nodes of the installed package', async () => {
	await step('install the package', async () => await n8n.installPackage(tarball));
	await step('start n8n', start);
	expect(await nodeTypes()).toEqual(await nodesOfThePackage());
	expect(await typeNames('credentials')).toContain('vizdomApi');
	expect(await linesAboutThePackage()).toEqual([]);
});

test('a workflow that was saved with an older version runs as before after an upgrade', async () => {
	await step('install version 0.0.9', async () => {
		await n8n.installPackage(await packAs('0.0.9'));
		expect((await installed()).version).toBe('0.0.9');
	});
	const before = await step('save a workflow and run it', async () => {
		await saveWorkflow();
		return await runSaved();
	});
	expect(before).toHaveLength(3);
	await step('upgrade', async () => await n8n.installPackage(tarball));
	expect((await installed()).version).toBe((await manifestIn(checkout)).version);
	expect(await step('run it again', runSaved)).toEqual(before);
	await step('start n8n', start);
	await step('execute it in the editor', executeInEditor);
	await step('see the items', async () => await saved().getByText('3 items').waitFor(), 'upgraded');
});

test('after the removal, n8n starts without errors, and says which node a workflow lacks', async () => {
	await step('install the package and save a workflow', async () => {
		await n8n.installPackage(tarball);
		await saveWorkflow();
	});
	await step('remove the package', async () => await n8n.uninstallPackage('n8n-nodes-vizdom'));
	await step('start n8n', start);
	expect(await nodeTypes()).toEqual([]);
	expect(await linesAboutThePackage()).toEqual([]);
	await step('execute the workflow in the editor', executeInEditor);
	const problem = 'Unrecognized node type: n8n-nodes-vizdom.vizdomDashboard';
	await step('read the problem', async () => await saved().getByText(problem).waitFor(), 'removed');
	await step(
		'open the node',
		async () => {
			await saved().getByTestId('canvas-node').last().dblclick();
			await saved().getByText('Install this node to use it').waitFor();
		},
		'node of a removed package',
	);
});

async function start(): Promise<void> {
	await n8n.start();
	context = await signIn(browser, n8n);
}

async function nodeTypes(): Promise<string[]> {
	const names = await typeNames('nodes');
	return names.filter((name) => name.startsWith('n8n-nodes-vizdom.') && !name.endsWith('Tool'));
}

async function typeNames(kind: 'nodes' | 'credentials'): Promise<string[]> {
	const answer = await context.request.get(`/types/${kind}.json`);
	const types = (await answer.json()) as Array<{ name: string }>;
	return types.map(({ name }) => name).sort();
}

async function nodesOfThePackage(): Promise<string[]> {
	const { name: packageName, n8n } = await manifestIn(checkout);
	const names = n8n.nodes.map((path) => /(\w+)\.node\.js$/.exec(path)?.[1] ?? path);
	return names.map((name) => `${packageName}.v${name.slice(1)}`).sort();
}

async function linesAboutThePackage(): Promise<string[]> {
	const log = await readFile(n8n.logFile, 'utf8');
	return log.split('\n').filter((line) => /vizdom/i.test(line.replaceAll(n8n.folder, '')));
}

/** The same package with another version number. */
async function packAs(version: string): Promise<string> {
	const older = join(folder, version);
	await mkdir(older);
	await run('tar', ['-xzf', tarball, '-C', older], {
		cwd: older,
		env: { PATH: process.env.PATH ?? '' },
	});
	const unpacked = join(older, 'package');
	const manifest = { ...(await manifestIn(unpacked)), version };
	await writeFile(join(unpacked, 'package.json'), JSON.stringify(manifest));
	await npm(['pack', '--ignore-scripts', '--pack-destination', older], unpacked);
	return join(older, `${manifest.name}-${version}.tgz`);
}

async function installed(): Promise<Manifest> {
	return await manifestIn(join(n8n.nodes, 'node_modules/n8n-nodes-vizdom'));
}

async function manifestIn(of: string): Promise<Manifest> {
	return JSON.parse(await readFile(join(of, 'package.json'), 'utf8')) as Manifest;
}

async function saveWorkflow(): Promise<void> {
	const list = vizdomNode('List', 'vizdomDashboard', { operation: 'getAll', limit: 3 });
	await n8n.importCredentials([sandboxCredential(sandbox)]);
	await n8n.importWorkflows([workflow('saved', [manualTrigger(), list], ['Start', 'List'])]);
}

async function runSaved(): Promise<OutputItem[]> {
	const execution = await n8n.execute('saved');
	expect(errorOf(execution)).toBeUndefined();
	return itemsOf(execution, 'List');
}

async function executeInEditor(): Promise<void> {
	page = await context.newPage();
	await page.goto('/workflow/saved');
	await page.getByTestId('execute-workflow-button').first().click();
}

function saved(): Page {
	if (!page) throw new Error('The workflow is not open.');
	return page;
}
