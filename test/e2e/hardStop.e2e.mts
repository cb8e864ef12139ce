import { locator } from '../engine/support.mts';
import type { N8n, WorkflowNode } from '../n8n/instance.mts';
import { itemsOf } from '../n8n/run-data.mts';
import type { Sandbox } from '../sandbox/server.mts';
import { useCleanUp } from './support/cleanUp.mts';
import { openN8nWithVizdom } from './support/n8n.mts';
import { Session } from './support/session.mts';
import { useSteps } from './support/steps.mts';
import { waitFor } from './support/wait.mts';
import { manualTrigger, node, vizdomNode, workflow } from './support/workflow.mts';

const cleanUp = useCleanUp();
const step = useSteps('hardStop', () => ({ logFile: n8n?.logFile }));
const people = Array.from({ length: 200 }, (_, index) => `person${index}@example.com`);
let n8n: N8n;
let sandbox: Sandbox;

beforeAll(async () => {
	({ n8n, sandbox } = await openN8nWithVizdom(cleanUp));
	await n8n.importWorkflows([
		of('export', vizdomNode('Vizdom', 'vizdomExport', { dashboardId: locator('dash_abc123') })),
		of('list', vizdomNode('Vizdom', 'vizdomDashboard', { operation: 'getAll', returnAll: true })),
		of(
			'lastExport',
			vizdomNode('Vizdom', 'vizdomExport', { operation: 'getAll', returnAll: true }),
		),
		invitations(),
	]);
});
beforeEach(() => sandbox.reset());

test('killed during an export: it is not started again, and its file can be downloaded', async () => {
	sandbox.settings.exportDurationMs = 12_000;
	await step('start the export', async () => await begin('export', () => count('POST') === 1));
	await killAndRestart('export');
	const exported = sandbox.store.exports.all.at(-1)?.id ?? '';
	expect(count('POST')).toBe(1);

	const listed = await step('find it with Get Many', async () => await n8n.execute('lastExport'));
	expect(itemsOf(listed, 'Vizdom').map(({ json }) => json.id)).toContain(exported);
	await step('download it', async () => {
		await n8n.importWorkflows([downloadOf(exported)]);
		const { binary, json } = itemsOf(await n8n.execute('download'), 'Vizdom')[0] ?? { json: {} };
		expect(json).toMatchObject({ id: exported, status: 'completed' });
		expect(binary?.data?.mimeType).toBe('application/pdf');
	});
	expect(count('POST')).toBe(1);
});

test('killed during paging: nothing continues automatically, and the next run has every record once', async () => {
	sandbox.store.resize('dashboards', 3_000);
	sandbox.settings.latencyMs = 400;
	await step('start the list', async () => await begin('list', () => count('GET') > 5));
	await killAndRestart('list');
	const sent = sandbox.requests.length;
	await step('run it again', async () => {
		sandbox.settings.latencyMs = 0;
		const execution = await n8n.execute('list');
		const ids = itemsOf(execution, 'Vizdom').map(({ json }) => json.id);
		expect(ids).toEqual(sandbox.store.dashboards.all.map((dashboard) => dashboard.id));
	});
	expect(sent).toBeLessThan(31);
	expect(count('GET')).toBe(sandbox.requests.length);
});

test('killed during 200 invitations: the next run invites the others', async () => {
	const before = sandbox.store.users.all.length;
	sandbox.settings.latencyMs = 400;
	await step('start inviting', async () => await begin('invite', () => count('POST') > 20));
	await killAndRestart('invite');
	expect(count('POST')).toBeLessThan(200);
	await step('run it again', async () => {
		sandbox.settings.latencyMs = 0;
		const invited = itemsOf(await n8n.execute('invite'), 'Vizdom').map(({ json }) => json.email);
		expect(invited).toEqual(people);
	});
	const emails = sandbox.store.users.all.slice(before).map(({ email }) => email);
	expect(emails.sort()).toEqual([...people].sort());
	expect(count('POST')).toBe(200);
});

async function begin(workflowId: string, isUnderWay: () => boolean): Promise<void> {
	await n8n.start();
	const session = await Session.signIn(n8n);
	await session.begin(workflowId);
	await waitFor('the first requests', isUnderWay, 20);
}

/** After its start, n8n marks executions that had not ended. */
async function killAndRestart(workflowId: string): Promise<void> {
	await step('kill n8n', async () => await n8n.kill());
	await step('start n8n again', async () => await n8n.start());
	await step('see how the execution ended', async () => {
		const session = await Session.signIn(n8n);
		expect(await session.ends(workflowId)).toEqual([expect.stringMatching(/^(crashed|error)$/)]);
	});
	await n8n.stop();
}

function count(method: string): number {
	return sandbox.requests.filter((request) => request.method === method).length;
}

function downloadOf(exportId: string) {
	const parameters = { operation: 'download', exportId: locator(exportId) };
	return of('download', vizdomNode('Vizdom', 'vizdomExport', parameters));
}

function invitations() {
	const list = node('List', 'n8n-nodes-base.set', 3.4, {
		mode: 'raw',
		jsonOutput: JSON.stringify({ people }),
	});
	const split = node('People', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'people' });
	const invite = vizdomNode('Vizdom', 'vizdomUser', {
		operation: 'invite',
		email: '={{ $json.people }}',
		role: 'viewer',
		options: { ifExists: 'return' },
	});
	const nodes = [manualTrigger(), list, split, invite];
	return workflow('invite', nodes, ['Start', 'List', 'People', 'Vizdom']);
}

function of(name: string, vizdom: WorkflowNode) {
	return workflow(name, [manualTrigger(), vizdom], ['Start', 'Vizdom']);
}
