import { locator } from '../engine/support.mts';
import type { Workflow, WorkflowNode } from '../n8n/instance.mts';
import { seedDashboard } from '../sandbox/seed.mts';

export const credential = { id: 'benchVizdom', name: 'Vizdom sandbox' };

/** The last node of each workflow. */
export const nodeUnderTest = 'Under test';

/** The first dashboard as a PDF. */
export function exportOne(): Workflow {
	return workflow('benchOurs', [create(seedDashboard(0).id, 'pdf')]);
}

/** The first dashboards as CSV files, all at once. */
export function exportMany(limit: number): Workflow {
	const parameters = { operation: 'getAll', returnAll: false, limit };
	const list = node('n8n-nodes-vizdom.vizdomDashboard', parameters);
	return workflow(`benchMany${limit}`, [list, create('={{ $json.id }}', 'csv')]);
}

export function httpRequest(url: string): Workflow {
	const parameters = {
		url,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: 'vizdomApi',
		options: { response: { response: { responseFormat: 'file' } } },
	};
	return workflow('benchHttpRequest', [node('n8n-nodes-base.httpRequest', parameters, 4.2)]);
}

export function plainDownload(link: string): Workflow {
	const parameters = { operation: 'download', link };
	return workflow('benchDeclarative', [node('CUSTOM.plainVizdom', parameters)]);
}

function create(dashboardId: string, format: string): WorkflowNode {
	const parameters = { operation: 'create', dashboardId: locator(dashboardId), format };
	return node('n8n-nodes-vizdom.vizdomExport', parameters);
}

function node(type: string, parameters: object, typeVersion = 1): WorkflowNode {
	const credentials = { vizdomApi: credential };
	const position: [number, number] = [0, 0];
	return { name: type, type, typeVersion, position, parameters: { ...parameters }, credentials };
}

/** A chain after a manual trigger. */
function workflow(id: string, chain: WorkflowNode[]): Workflow {
	const nodes = [node('n8n-nodes-base.manualTrigger', {}), ...chain];
	Object.assign(nodes.at(-1) ?? {}, { name: nodeUnderTest });
	const connections: Workflow['connections'] = {};
	for (const [index, { name }] of chain.entries()) {
		const from = nodes[index]?.name ?? '';
		connections[from] = { main: [[{ node: name, type: 'main', index: 0 }]] };
	}
	return { id, name: id, nodes, connections, settings: { executionOrder: 'v1' } };
}
