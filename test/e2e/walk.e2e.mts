import type { BrowserContext, Locator, Page } from 'playwright-core';
import { sandboxCredential, viewerCredential } from '../n8n/examples.mts';
import type { N8n, Workflow } from '../n8n/instance.mts';
import type { Sandbox } from '../sandbox/server.mts';
import { openBrowser, signIn } from './support/browser.mts';
import { useCleanUp } from './support/cleanUp.mts';
import { Editor } from './support/editor.mts';
import { openN8nWithVizdom } from './support/n8n.mts';
import { useSteps } from './support/steps.mts';
import { tours, type Visit } from './support/visits.mts';
import { manualTrigger, vizdomNode } from './support/workflow.mts';

const cleanUp = useCleanUp();
let n8n: N8n;
let sandbox: Sandbox;
let context: BrowserContext;
let page: Page;
let editor: Editor;
const step = useSteps('walk', () => ({ page, logFile: n8n?.logFile }));

const wrongKey = { id: 'wrongKey', name: 'Wrong key' };

const canvases = Object.entries(tours).flatMap(([node, { right, wrong }]) => [
	{ name: `${node}, right`, visits: right, isRight: true },
	{ name: `${node}, wrong`, visits: wrong, isRight: false },
]);

beforeAll(async () => {
	({ n8n, sandbox } = await openN8nWithVizdom(cleanUp));
	const credential = sandboxCredential(sandbox);
	await n8n.importCredentials([
		viewerCredential(sandbox),
		{ ...credential, ...wrongKey, data: { ...credential.data, apiKey: 'wrong-key' } },
	]);
	await n8n.importWorkflows(canvases.map(({ name, visits }) => canvas(name, visits)));
	await n8n.start();
	context = await signIn(await openBrowser(cleanUp), n8n);
});

describe.each(canvases)('$name', ({ name, visits, isRight }) => {
	beforeAll(async () => {
		page = await context.newPage();
		editor = new Editor(page);
		await page.goto(`/workflow/${idOf(name)}`);
		await node(visits[0]?.name).waitFor();
		await editor.fitIn();
	});
	beforeEach(() => sandbox.reset());
	afterEach(async () => {
		await page.keyboard.press('Escape');
		await page.getByTestId('ndv').waitFor({ state: 'hidden' });
	});
	afterAll(async () => await page.close());

	test('the canvas says what the renamed nodes do', async () => await see('canvas'));

	test.each(visits)('$name', async ({ name, fault, shows }) => {
		if (fault) sandbox.faults.push(fault);
		await step('open the node', async () => {
			await node(name).dblclick();
			await page.getByTestId('ndv').waitFor();
		});
		await step('execute it and see the result', async () => {
			await editor.executeStep();
			const { output, error } = editor.result();
			await output.or(error).first().waitFor();
			if (isRight) await editor.output().getByText(shows).first().waitFor();
		});
		await see(isRight ? 'output' : 'error');
		if (!isRight) expect(await editor.result().error.innerText()).toBe(shows);
	});
});

function node(name = ''): Locator {
	return page.getByTestId('canvas-node').filter({ has: page.getByText(name, { exact: true }) });
}

/** The visits' nodes, four in a row, each after the manual trigger unless it is a trigger itself. */
function canvas(name: string, visits: Visit[]): Workflow {
	const nodes = visits.map(({ name, type, parameters, credential = 'vizdomSandbox' }, index) => ({
		...vizdomNode(name, type, parameters),
		credentials: { vizdomApi: { id: credential, name: credential } },
		position: [220 + (index % 4) * 220, Math.floor(index / 4) * 200] as [number, number],
	}));
	const after = nodes.filter(({ type }) => !type.endsWith('Trigger'));
	const main = [after.map(({ name: node }) => ({ node, type: 'main', index: 0 }))];
	return {
		id: idOf(name),
		name,
		nodes: [manualTrigger(), ...nodes],
		connections: { Start: { main } },
		settings: { executionOrder: 'v1' },
		pinData: {},
	};
}

function idOf(name: string): string {
	return name.replace(/\W/g, '').slice(0, 21);
}

/** Pictures in both themes: n8n follows the system's. */
async function see(what: string): Promise<void> {
	for (const theme of ['light', 'dark'] as const) {
		await step(
			`see it in the ${theme} theme`,
			async () => await page.emulateMedia({ colorScheme: theme }),
			`${what} ${theme}`,
		);
	}
}
