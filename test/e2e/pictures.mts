/** `npm run pictures`: makes all pictures of README and docs/ from the real editor. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import {
	example,
	exampleNames,
	provision,
	sandboxCredential,
	viewerCredential,
} from '../n8n/examples.mts';
import { ensureN8n } from '../n8n/install.mts';
import { N8n } from '../n8n/instance.mts';
import { buildIfNeeded, pack } from '../n8n/package-under-test.mts';
import { checkout } from '../n8n/paths.mts';
import { checkArguments, runProgram } from '../n8n/program.mts';
import { startStandIns } from '../n8n/standIns/standIns.mts';
import { startSandbox } from '../sandbox/server.mts';
import { openBrowser, signIn } from './support/browser.mts';
import { Editor } from './support/editor.mts';

/** Marks n8n's tip about pinning data as seen, because it would cover the output. */
const NO_TIP = "localStorage.setItem('N8N_PIN_DATA_DISCOVERY_NDV', 'true')";

const size = { width: 1280, height: 640 };

const done = 'Workflow executed successfully';

await runProgram(makePictures, 130);

async function makePictures(): Promise<void> {
	checkArguments();
	await buildIfNeeded();
	const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-vizdom-pictures-'));
	const open: Array<() => Promise<void>> = [];
	const cleanUp = (close: () => Promise<void>) => void open.push(close);
	try {
		const sandbox = await startSandbox({ port: 0 });
		cleanUp(async () => await sandbox.close());
		const standIns = await startStandIns(folder);
		cleanUp(async () => await standIns.close());
		const n8n = await N8n.open(await ensureN8n(), folder, { env: standIns.env });
		cleanUp(async () => await n8n.stop());
		await n8n.installPackage(await pack(folder));
		await provision(n8n, [
			sandboxCredential(sandbox),
			viewerCredential(sandbox),
			...standIns.credentials,
		]);
		await n8n.start();
		const browser = await signIn(await openBrowser(cleanUp), n8n);
		await browser.addInitScript(NO_TIP);
		for (const name of exampleNames()) await picture(browser, name);
		await trigger(browser);
		await recording(browser);
	} finally {
		for (const close of open.reverse()) await close();
		await rm(folder, { recursive: true, force: true, maxRetries: 5 });
	}
}

/** An example, after a run unless it needs a model. */
async function picture(browser: BrowserContext, name: string): Promise<void> {
	const page = await workflowPage(browser, name);
	const needsModel = example(name).nodes.some(({ type }) => type.endsWith('.agent'));
	if (!needsModel) {
		await page.getByTestId('execute-workflow-button').first().click();
		await page.getByText(done).waitFor({ timeout: 30_000 });
		await page.getByText(done).waitFor({ state: 'hidden' });
	}
	await new Editor(page).fitIn();
	await save(page, name);
}

/** The trigger's parameters and a test event. */
async function trigger(browser: BrowserContext): Promise<void> {
	const page = await workflowPage(browser, 'new-dashboard-to-slack');
	await page.getByTestId('canvas-node').first().dblclick();
	await page.getByTestId('node-execute-button').click();
	await page.getByText('Node executed successfully').waitFor();
	await page.getByText('Node executed successfully').waitFor({ state: 'hidden' });
	await save(page, 'trigger');
}

/** The Monday job, animated: before, during and after a run, and the resulting file. */
async function recording(browser: BrowserContext): Promise<void> {
	const page = await workflowPage(browser, 'weekly-report');
	const frames: Buffer[] = [];
	const delay: number[] = []; // ms
	const shoot = async (shown: number) => {
		frames.push(await page.screenshot());
		delay.push(shown);
	};
	await new Editor(page).fitIn();
	await shoot(2_000);
	await page.getByTestId('execute-workflow-button').first().click();
	while (!(await page.getByText(done).isVisible())) await shoot(120);
	await page.getByText(done).waitFor({ state: 'hidden' });
	await shoot(2_500);
	await page.getByTestId('canvas-node').filter({ hasText: 'Export as PDF' }).dblclick();
	await page.getByTestId('ndv').waitFor();
	await new Editor(page).output().getByText('Binary', { exact: true }).click();
	await shoot(4_000);
	await page.close();
	const path = join(checkout, 'docs', 'weekly-report.gif');
	await sharp(frames, { join: { animated: true } })
		.gif({ delay, colours: 128, dither: 0 })
		.toFile(path);
	console.log(relative(checkout, path));
}

async function workflowPage(browser: BrowserContext, name: string): Promise<Page> {
	const page = await browser.newPage();
	await page.setViewportSize(size);
	await page.goto(`/workflow/${example(name).id}`);
	await page.getByTestId('canvas-node').first().waitFor();
	return page;
}

async function save(page: Page, name: string): Promise<void> {
	const path = join(checkout, 'docs', `${name}.png`);
	await page.screenshot({ path });
	await page.close();
	console.log(relative(checkout, path));
}
