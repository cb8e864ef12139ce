import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { N8n } from '../n8n/instance.mts';
import type { Sandbox } from '../sandbox/server.mts';
import { openBrowser, signIn, type Theme } from './support/browser.mts';
import { useCleanUp } from './support/cleanUp.mts';
import { Editor } from './support/editor.mts';
import { openN8nWithVizdom } from './support/n8n.mts';
import { useSteps } from './support/steps.mts';

/** Each node with its trigger, which n8n shows as one, and with an event as the panel names it. */
const NODES = [
	['Vizdom Dashboard', 'On dashboard deleted'],
	['Vizdom Data Source', 'On data source updated'],
	['Vizdom Export', 'On export completed'],
	['Vizdom User', 'On user role changed'],
] as const;

const cleanUp = useCleanUp();
let n8n: N8n;
let sandbox: Sandbox;
let browser: Browser;
let page: Page;
let editor: Editor;
const step = useSteps('editor', () => ({ page, logFile: n8n?.logFile }));

beforeAll(async () => {
	({ n8n, sandbox } = await openN8nWithVizdom(cleanUp));
	await n8n.start();
	browser = await openBrowser(cleanUp);
});

describe.each<Theme>(['light', 'dark'])('in the %s theme', (theme) => {
	let context: BrowserContext;

	beforeAll(async () => {
		context = await signIn(browser, n8n, theme);
	});
	beforeEach(async () => {
		sandbox.reset();
		page = await context.newPage();
		editor = new Editor(page);
	});
	afterEach(async () => await page.close());
	afterAll(async () => await context.close());

	test('a credential with a mistyped key is refused, then accepted with the right key', async () => {
		await step('open a new Vizdom API credential', async () => {
			await page.goto('/home/credentials/create');
			await page.getByTestId('new-credential-type-select').locator('input').fill('Vizdom');
			await page.getByTestId('new-credential-type-select-option').getByText('Vizdom API').click();
			await page.getByTestId('new-credential-type-button').click();
			await field('apiKey').waitFor();
		});
		await step(
			'save it with a wrong key',
			async () => {
				await field('baseUrl').fill(sandbox.baseUrl);
				await saveWithKey('wrong-key');
				await page.getByText('More details').click();
				await page.getByText('Vizdom does not accept this API key. Check it').waitFor();
			},
			'credential wrong',
		);
		await step(
			'save it with the right key',
			async () => {
				await saveWithKey(sandbox.keys.admin);
				await page.getByTestId('credentials-config-container-test-success').waitFor();
			},
			'credential OK',
		);
		expect(sandbox.requests.map(({ path, status }) => `${path} ${status}`)).toEqual([
			'/v1/dashboards 401',
			'/v1/dashboards 200',
		]);
	});

	test('the nodes panel finds all nodes, and the events of their triggers', async () => {
		await step('search for Vizdom', async () => await openPanel(), 'nodes panel');
		const names = await vizdomNodes().allInnerTexts();
		expect(names.sort()).toEqual(NODES.map(([name]) => name));
		for (const [name, event] of NODES) {
			await step(
				`open ${name}`,
				async () => {
					await openPanel();
					await editor.panel().getByText(name, { exact: true }).click();
					await page.getByText('Triggers (').click();
					await editor.panel().getByText(event, { exact: true }).waitFor();
				},
				name,
			);
		}
	});

	test('the nodes panel finds exports by what people search for', async () => {
		await openPanel();
		for (const wanted of ['export pdf', 'pdf export', 'excel', 'spreadsheet', 'image']) {
			await step(`search for ${wanted}`, async () => {
				await editor.searchNodes(wanted);
				await editor.panel().getByText('Vizdom Export', { exact: true }).waitFor();
			});
		}
		await step('see it', async () => await vizdomNodes().first().waitFor(), 'search words');
	});

	test('a dashboard is found in the list and read', async () => {
		await placeGet();
		await step(
			'search the list',
			async () => {
				await editor.openList('dashboardId');
				await page.getByTestId('rlc-search').fill('logistics rev');
				await rows().getByText('Logistics Revenue Overview').waitFor();
				await rows().nth(1).waitFor({ state: 'detached' });
			},
			'list',
		);
		await step('choose the row', async () => await rows().click());
		await executeAndSee('Logistics Revenue Overview', 'output');
	});

	test('a dashboard is read by the address copied from the browser', async () => {
		const dashboard = sandbox.store.insertDashboard(0, { name: 'Copied from the browser' });
		await placeGet();
		await step('paste the address', async () => {
			await editor.chooseMode('dashboardId', 'By URL');
			const address = `https://app.vizdom.ai/acme/dashboards/${dashboard.id}`;
			await editor.enter('dashboardId', address);
		});
		await executeAndSee('Copied from the browser', 'output of an address');
		expect(sandbox.requests.map(({ path }) => path)).toEqual([`/v1/dashboards/${dashboard.id}`]);
	});

	test('an ID that does not exist is named in the error', async () => {
		await placeGet();
		await step('enter the ID', async () => {
			await editor.chooseMode('dashboardId', 'By ID');
			await editor.enter('dashboardId', 'dash_gone');
		});
		await step(
			'execute the step and see the error',
			async () => {
				await editor.executeStep();
				await page.getByTestId('node-error-description').waitFor();
			},
			'error',
		);
		const message = await page.getByTestId('node-error-message').innerText();
		expect(message).toBe("Dashboard with ID 'dash_gone' does not exist.");
		const description = await page.getByTestId('node-error-description').innerText();
		expect(description).toBe(
			"Check the parameter 'Dashboard': choose one from the list, or find the ID with Vizdom Dashboard: Get Many.",
		);
	});
});

function field(name: string) {
	return page.getByTestId(`parameter-input-${name}`).locator('input');
}

function vizdomNodes() {
	return editor.panel().filter({ hasText: 'Vizdom' });
}

function rows() {
	return page.getByTestId('rlc-item');
}

async function saveWithKey(key: string): Promise<void> {
	await field('apiKey').fill(key);
	await page.getByTestId('credential-save-button').click();
}

async function openPanel(): Promise<void> {
	await editor.newWorkflow();
	await editor.addNext();
	await editor.searchNodes('Vizdom');
	await vizdomNodes().first().waitFor();
}

async function placeGet(): Promise<void> {
	await step('place Vizdom Dashboard: Get dashboard', async () => {
		await editor.newWorkflow();
		await editor.addNext();
		await editor.place('Vizdom Dashboard', 'Get dashboard');
		await editor.chooseCredential('Vizdom sandbox');
	});
}

async function executeAndSee(text: string, picture: string): Promise<void> {
	await step(
		'execute the step and see the dashboard',
		async () => {
			await editor.executeStep();
			await page.getByTestId('node-run-status-success').waitFor();
			await editor.output().getByText(text).waitFor();
		},
		picture,
	);
}
