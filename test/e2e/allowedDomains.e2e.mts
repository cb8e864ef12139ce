import { locator } from '../engine/support.mts';
import { sandboxCredential } from '../n8n/examples.mts';
import type { N8n, WorkflowNode } from '../n8n/instance.mts';
import type { Sandbox } from '../sandbox/server.mts';
import { useCleanUp } from './support/cleanUp.mts';
import { openN8nWithVizdom } from './support/n8n.mts';
import { Session } from './support/session.mts';
import { useSteps } from './support/steps.mts';
import { manualTrigger, node, vizdomNode, workflow } from './support/workflow.mts';

/**
 * n8n adds "Allowed HTTP Request Domains" to every credential. It is about the HTTP Request node,
 * which shows here that the setting is in force.
 */
const settings = [
	{ name: 'None', id: 'none', allowedHttpRequestDomains: 'none', httpRequest: 'error' },
	{
		name: "Vizdom's own",
		id: 'vizdom',
		allowedHttpRequestDomains: 'domains',
		allowedDomains: '127.0.0.1',
		httpRequest: 'success',
	},
	{
		name: 'another one',
		id: 'other',
		allowedHttpRequestDomains: 'domains',
		allowedDomains: 'example.com',
		httpRequest: 'error',
	},
];

const cleanUp = useCleanUp();
const step = useSteps('allowedDomains', () => ({ logFile: n8n?.logFile }));
let n8n: N8n;
let sandbox: Sandbox;
let session: Session;

beforeAll(async () => {
	({ n8n, sandbox } = await openN8nWithVizdom(cleanUp));
	const { data, ...credential } = sandboxCredential(sandbox);
	await n8n.importCredentials(
		settings.map(({ id, allowedHttpRequestDomains, allowedDomains }) => ({
			...credential,
			id,
			data: { ...data, allowedHttpRequestDomains, allowedDomains },
		})),
	);
	await n8n.importWorkflows(settings.flatMap(({ id }) => workflowsWith(id)));
	await n8n.start();
	session = await Session.signIn(n8n);
});

beforeEach(() => sandbox.reset());

test.each(settings)(
	'$name: the nodes work, whatever the HTTP Request node may do',
	async ({ id, httpRequest }) => {
		const before = sandbox.store.dashboards.size;
		expect(await step('run the nodes', async () => await session.run(`nodes-${id}`))).toBe(
			'success',
		);
		expect(sandbox.store.dashboards.size).toBe(before + 1);
		expect(sandbox.requests.at(-1)?.path).toMatch(/^\/v1\/exports\/\w+\/file$/);
		const polled = await step('run the trigger', async () => await session.run(`trigger-${id}`));
		expect(polled).toBe('success');
		const requested = await step('run an HTTP Request node', async () => {
			return await session.run(`http-${id}`);
		});
		expect(requested).toBe(httpRequest);
	},
);

function workflowsWith(id: string) {
	const withCredential = (one: WorkflowNode): WorkflowNode => ({
		...one,
		credentials: { vizdomApi: { id, name: 'Vizdom sandbox' } },
	});
	const list = vizdomNode('List', 'vizdomDashboard', { operation: 'getAll', limit: 1 });
	const create = vizdomNode('Create', 'vizdomDashboard', { operation: 'create', name: 'Sales' });
	const exporting = vizdomNode('Export', 'vizdomExport', {
		operation: 'create',
		dashboardId: locator('={{ $json.id }}'),
		format: 'csv',
	});
	const trigger = vizdomNode('Poll', 'vizdomDashboardTrigger', { event: 'created' });
	const request = node('Request', 'n8n-nodes-base.httpRequest', 4.2, {
		url: `${sandbox.baseUrl}/dashboards`,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: 'vizdomApi',
	});
	const nodes = [list, create, exporting].map(withCredential);
	return [
		workflow(`nodes-${id}`, [manualTrigger(), ...nodes], ['Start', 'List', 'Create', 'Export']),
		workflow(`trigger-${id}`, [withCredential(trigger)], ['Poll']),
		workflow(`http-${id}`, [manualTrigger(), withCredential(request)], ['Start', 'Request']),
	];
}
