import type { BrowserContext, Page } from 'playwright-core';
import { SLACK } from '../n8n/examples.mts';
import type { N8n } from '../n8n/instance.mts';
import { pack } from '../n8n/package-under-test.mts';
import { startStandIns, type StandIns } from '../n8n/standIns/standIns.mts';
import type { DialectName } from '../sandbox/dialects.mts';
import type { Sandbox } from '../sandbox/server.mts';
import { openBrowser, signIn } from './support/browser.mts';
import { temporaryFolder, useCleanUp } from './support/cleanUp.mts';
import { Editor } from './support/editor.mts';
import { fileOfLastExport, openN8n, openSandbox } from './support/n8n.mts';
import { useSteps } from './support/steps.mts';
import { manualTrigger, node, workflow } from './support/workflow.mts';

const dialects: DialectName[] = ['page-number', 'mixed-page-number', 'mixed-cursor'];

const cleanUp = useCleanUp();
let standIns: StandIns;
let n8n: N8n;
let context: BrowserContext;
let page: Page;
let editor: Editor;
let sandbox: Sandbox;
const step = useSteps('dialects', () => ({ page, logFile: n8n?.logFile }));

beforeAll(async () => {
	standIns = await startStandIns(await temporaryFolder(cleanUp));
	cleanUp(async () => await standIns.close());
	n8n = await openN8n(cleanUp, standIns.env);
	await n8n.installPackage(await pack(n8n.folder));
	await n8n.importCredentials(standIns.credentials);
	await n8n.importWorkflows(dialects.map(exportToSlack));
	await n8n.start();
	context = await signIn(await openBrowser(cleanUp), n8n);
});

beforeEach(async () => {
	standIns.messages.length = 0;
	page = await context.newPage();
	editor = new Editor(page);
});
afterEach(async () => await page.close());

/** Only the address and the key are entered: the nodes learn the differences. */
test.each(dialects)('%s: from a new credential to a file in Slack', async (dialect) => {
	// A new origin.
	sandbox = await openSandbox(cleanUp, { dialect });
	const dashboard = sandbox.store.dashboards.all.at(-1);
	if (!dashboard) throw new Error('There is no dashboard.');
	dashboard.name = 'The very last dashboard';
	const before = sandbox.store.exports.size;

	const credential = await createCredential();
	await step('open Vizdom Export', async () => {
		await page.goto(`/workflow/${dialect}`);
		await page.getByTestId('canvas-node').nth(1).dblclick();
		await editor.chooseCredential(credential);
	});
	await step(
		'scroll to the end of the list',
		async () => {
			await editor.openList('dashboardId');
			await scrollTo(dashboard.name);
		},
		'list',
	);
	expect(await rows().count()).toBe(sandbox.store.dashboards.size);
	await step('choose the dashboard', async () => await rows().last().click());
	await step('execute the workflow', async () => {
		await page.getByTestId('ndv-close-button').click();
		await page.getByTestId('execute-workflow-button').first().click();
		await page.getByText('Workflow executed successfully').waitFor();
	});
	await step(
		'see the file',
		async () => {
			await page.getByTestId('canvas-node').nth(1).dblclick();
			await editor.output().getByText(`${dashboard.name}.pdf`).first().waitFor();
		},
		'output',
	);

	expect(sandbox.store.exports.all.slice(before)).toMatchObject([{ dashboard }]);
	sandbox.settings.dialect = 'assumed';
	const content = await fileOfLastExport(sandbox);
	expect(content.subarray(0, 5).toString()).toBe('%PDF-');
	expect(standIns.messages).toMatchObject([{ files: [{ name: `${dashboard.name}.pdf` }] }]);
	expect(standIns.messages[0]?.files[0]?.content.equals(content)).toBe(true);
});

/** The credentials of the nodes are chosen in the editor. */
function exportToSlack(id: string) {
	const create = { operation: 'create', format: 'pdf' };
	const upload = {
		resource: 'file',
		operation: 'upload',
		binaryPropertyName: 'data',
		options: { channelId: 'C0REPORTS' },
	};
	const { type, ...slack } = SLACK;
	const nodes = [
		manualTrigger(),
		node('Export', 'n8n-nodes-vizdom.vizdomExport', 1, create),
		{ ...node('Slack', 'n8n-nodes-base.slack', 2.4, upload), credentials: { [type]: slack } },
	];
	return workflow(id, nodes, ['Start', 'Export', 'Slack']);
}

/** Returns its name. */
async function createCredential(): Promise<string> {
	await step('open a new Vizdom API credential', async () => {
		await page.goto('/home/credentials/create');
		await page.getByTestId('new-credential-type-select').locator('input').fill('Vizdom');
		await page.getByTestId('new-credential-type-select-option').getByText('Vizdom API').click();
		await page.getByTestId('new-credential-type-button').click();
		await field('apiKey').waitFor();
	});
	return await step(
		'save it',
		async () => {
			await field('baseUrl').fill(sandbox.baseUrl);
			await field('apiKey').fill(sandbox.keys.admin);
			await page.getByTestId('credential-save-button').click();
			await page.getByTestId('credentials-config-container-test-success').waitFor();
			return await page.getByTestId('credential-name').innerText();
		},
		'credential',
	);
}

function field(name: string) {
	return page.getByTestId(`parameter-input-${name}`).locator('input');
}

function rows() {
	return page.getByTestId('rlc-item');
}

/** As users do, who see more rows each time they reach the end. */
async function scrollTo(name: string): Promise<void> {
	const row = rows().getByText(name, { exact: true });
	while (!(await row.isVisible())) {
		const shown = await rows().count();
		await rows().last().scrollIntoViewIfNeeded();
		await rows().nth(shown).waitFor();
	}
	await row.scrollIntoViewIfNeeded();
}
