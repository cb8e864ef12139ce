import type { Dashboard, Export } from '../../nodes/shared/vizdom/vizdom-api.d.ts';
import { locator } from '../engine/support.mts';
import type { Browser, Page } from 'playwright-core';
import { example, viewerCredential } from '../n8n/examples.mts';
import type { N8n, Workflow, WorkflowNode } from '../n8n/instance.mts';
import { errorOf, itemsOf } from '../n8n/run-data.mts';
import type { Sandbox } from '../sandbox/server.mts';
import { openBrowser, signIn } from './support/browser.mts';
import { useCleanUp } from './support/cleanUp.mts';
import { startModel, type Reply, type ScriptedModel } from './support/model.mts';
import { openN8nWithVizdom } from './support/n8n.mts';
import { useSteps } from './support/steps.mts';
import { link, manualTrigger, node, vizdomNode, workflow } from './support/workflow.mts';

const WANTED = 'Logistics Revenue Overview';
const LIST = 'List_dashboards';
const EXPORT = 'Export_dashboard';

const cleanUp = useCleanUp();
let page: Page;
const step = useSteps('agent', () => ({ page }));
let n8n: N8n;
let sandbox: Sandbox;
let model: ScriptedModel;

beforeAll(async () => {
	({ n8n, sandbox } = await openN8nWithVizdom(cleanUp));
	model = await startModel(cleanUp);
	const data = { apiKey: 'key-of-the-model', url: model.url };
	await n8n.importCredentials([{ id: 'model', name: 'Model', type: 'openAiApi', data }]);
	await n8n.importWorkflows([agent()]);
});

beforeEach(() => {
	sandbox.reset();
	model.requests.length = 0;
});

test('the agent finds a dashboard by its name and exports it', async () => {
	model.script = (results) => exportByName(results) ?? report(results);
	const execution = await step('run the agent', async () => await n8n.execute('agent'));
	expect(errorOf(execution)).toBeUndefined();

	const { id } = wantedDashboard();
	expect(exportsStarted()).toEqual([{ dashboard_id: id, format: 'pdf' }]);
	const [answer] = itemsOf(execution, 'AI Agent');
	expect(answer?.json.output).toMatch(/^Export exp_\w+$/);
	expect(answer?.binary).toBeUndefined();
	// The agent does not output the file: the next node fetches it by the export's ID.
	const [file] = itemsOf(execution, 'Fetch the file');
	const { data = { mimeType: '' } } = file?.binary ?? {};
	expect(data.fileName).toBe('Logistics Revenue Overview.pdf');
	expect((await n8n.read(data)).toString('latin1')).toMatch(/^%PDF-/);
});

test("the model sees the tools' descriptions, all records, and no key", async () => {
	model.script = (results) => exportByName(results) ?? report(results);
	await step('run the agent', async () => await n8n.execute('agent'));

	const [first] = model.requests;
	expect(tool(LIST)).toMatchObject({ parameters: { properties: {} } });
	expect(tool(LIST)?.description).toBe('Get many dashboards in Vizdom Dashboard');
	expect(tool(EXPORT)?.description).toBe('Export dashboard in Vizdom Export');
	expect(tool(EXPORT)?.parameters).toMatchObject({
		properties: { dashboard_id: { type: 'string', description: 'The ID of the dashboard' } },
		required: ['dashboard_id'],
	});
	expect(first?.tools).toHaveLength(2);
	const [listed, exported] = model.requests.at(-1)?.results ?? [];
	expect(listed).toEqual(sandbox.store.dashboards.all);
	const { id } = sandbox.store.exports.all.at(-1) ?? {};
	expect(exported).toEqual([expect.objectContaining({ id, status: 'completed' })]);
	expect(exported).not.toHaveProperty('0.file');
	expect(JSON.stringify(model.requests)).not.toContain(sandbox.keys.admin);
});

test("the model gets a failed call's message, and corrects itself", async () => {
	model.script = ([refused, ...results]) => {
		if (!refused) return { tool: EXPORT, input: { dashboard_id: 'dash_made_up' } };
		return exportByName(results) ?? report(results);
	};
	const execution = await step('run the agent', async () => await n8n.execute('agent'));
	expect(errorOf(execution)).toBeUndefined();

	const [refused] = model.requests.at(-1)?.results ?? [];
	expect(refused).toEqual([{ error: expect.stringMatching(/'dash_made_up' does not exist/) }]);
	expect(refused).toEqual([{ error: expect.stringMatching(/'Dashboard'.*Get Many/) }]);
	const { id } = wantedDashboard();
	expect(exportsStarted().map((body) => body.dashboard_id)).toEqual(['dash_made_up', id]);
	expect(itemsOf(execution, 'Fetch the file')).toHaveLength(1);
});

describe('the example agent-with-approval', () => {
	let browser: Browser;
	beforeAll(async () => {
		await n8n.importCredentials([viewerCredential(sandbox)]);
		await n8n.importWorkflows([withScriptedModel(example('agent-with-approval'))]);
		await n8n.start();
		browser = await openBrowser(cleanUp);
	});

	beforeEach(async () => {
		const context = await signIn(browser, n8n);
		// n8n ignores answers from bots, such as link previews, and takes a headless browser for
		// one.
		await context.setExtraHTTPHeaders({ 'User-Agent': 'Mozilla/5.0 Chrome/140.0.0.0' });
		page = await context.newPage();
	});

	test.each([
		['Approve', 'DELETE 204'],
		['Decline', undefined],
	])('deletes nothing until somebody answers: %s', async (button, deletion) => {
		const { id } = wantedDashboard();
		const deleting = { toolParameters: { dashboard_id: id }, hitlParameters: {} };
		model.script = (results) =>
			results.length === 0 ? { tool: 'Delete_dashboard', input: deleting } : 'That was it.';
		await page.goto('/workflow/approval');
		await step('ask in the chat', async () => {
			await page.getByTestId('workflow-chat-button').click();
			await page.getByPlaceholder('Type message').fill('Delete the dashboard');
			await page.keyboard.press('Enter');
		});
		const answer = page
			.getByRole('link', { name: button })
			.or(page.getByRole('button', { name: button }));
		await step('see what is to be approved', async () => await answer.last().waitFor());
		expect(deletions()).toEqual([]);
		await page.getByText(`{"dashboard_id":"${id}"}`).waitFor();
		await step('answer', async () => await answer.last().click());
		await step('read the end', async () => await page.getByText('That was it.').last().waitFor());
		expect(deletions()).toEqual(deletion ? [deletion] : []);
	});
});

function deletions(): string[] {
	const made = sandbox.requests.filter(({ method }) => method === 'DELETE');
	return made.map(({ method, status }) => `${method} ${status}`);
}

function withScriptedModel(workflow: Workflow): Workflow {
	const nodes = workflow.nodes.map((one) =>
		one.name === 'Model' ? { ...modelNode(), position: one.position } : one,
	);
	return { ...workflow, id: 'approval', nodes };
}

/** The model's plan: list the dashboards, then export the one with the wanted name. */
function exportByName([listed, exported]: unknown[]): Reply | undefined {
	if (!listed) return { tool: LIST, input: {} };
	if (exported) return undefined;
	const dashboard = (listed as Dashboard[]).find(({ name }) => name === WANTED);
	return { tool: EXPORT, input: { dashboard_id: dashboard?.id } };
}

function report(results: unknown[]): Reply {
	const [exported] = results.at(-1) as Export[];
	return `Export ${exported?.id}`;
}

function agent() {
	const byModel = "={{ $fromAI('dashboard_id', 'The ID of the dashboard', 'string') }}";
	const byAgent = "={{ $json.output.split(' ').at(-1) }}";
	const nodes = [
		manualTrigger(),
		node('AI Agent', '@n8n/n8n-nodes-langchain.agent', 3.1, {
			promptType: 'define',
			text: `Export the dashboard "${WANTED}" as a PDF`,
		}),
		vizdomNode('Fetch the file', 'vizdomExport', {
			operation: 'download',
			exportId: locator(byAgent),
		}),
		modelNode(),
		vizdomNode('List dashboards', 'vizdomDashboardTool', { operation: 'getAll', returnAll: true }),
		vizdomNode('Export dashboard', 'vizdomExportTool', {
			operation: 'create',
			dashboardId: locator(byModel),
			format: 'pdf',
		}),
	];
	return workflow('agent', nodes, ['Start', 'AI Agent', 'Fetch the file'], {
		Model: link('AI Agent', 'ai_languageModel'),
		'List dashboards': link('AI Agent', 'ai_tool'),
		'Export dashboard': link('AI Agent', 'ai_tool'),
	});
}

function modelNode(): WorkflowNode {
	const parameters = { model: locator('scripted') };
	return {
		...node('Model', '@n8n/n8n-nodes-langchain.lmChatOpenAi', 1.2, parameters),
		credentials: { openAiApi: { id: 'model', name: 'Model' } },
	};
}

function tool(wanted: string) {
	return model.requests[0]?.tools.find(({ name }) => name === wanted);
}

function wantedDashboard(): Dashboard {
	const found = sandbox.store.dashboards.all.filter(({ name }) => name === WANTED);
	expect(found).toHaveLength(1);
	return found[0] as Dashboard;
}

function exportsStarted() {
	const started = sandbox.requests.filter(({ method }) => method === 'POST');
	return started.map(({ body }) => body as { dashboard_id: string; format: string });
}
