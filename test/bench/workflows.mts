import { locator } from '../engine/support.mts';
import type { Workflow, WorkflowNode } from '../n8n/instance.mts';
import { seedDashboard } from '../sandbox/seed.mts';

type NodeParts = Pick<WorkflowNode, 'type' | 'typeVersion' | 'parameters'>;

export const credential = { id: 'benchVizdom', name: 'Vizdom sandbox' };

/** The name of the last node of each workflow here. */
export const nodeUnderTest = 'Under test';

const ours = (type: string, parameters: object): NodeParts => ({
	type: `n8n-nodes-vizdom.${type}`,
	typeVersion: 1,
	parameters: { ...parameters },
});

const create = (dashboardId: string, format: string): NodeParts =>
	ours('vizdomExport', {
		operation: 'create',
		dashboardId: locator(dashboardId),
		format,
	});

/** The first dashboard as a PDF. */
export function exportOne(): Workflow {
	return workflow('benchOurs', [create(seedDashboard(0).id, 'pdf')]);
}

/** The first dashboards as CSV files, all at once. */
export function exportMany(dashboards: number): Workflow {
	const list = ours('vizdomDashboard', {
		operation: 'getAll',
		returnAll: false,
		limit: dashboards,
	});
	return workflow(`benchMany${dashboards}`, [list, create('={{ $json.id }}', 'csv')]);
}

export function httpRequest(link: string): Workflow {
	const parameters = {
		url: link,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: 'vizdomApi',
		options: { response: { response: { responseFormat: 'file' } } },
	};
	const type = 'n8n-nodes-base.httpRequest';
	return workflow('benchHttpRequest', [{ type, typeVersion: 4.2, parameters }]);
}

export function declarative(link: string): Workflow {
	const type = 'CUSTOM.plainExport';
	return workflow('benchDeclarative', [{ type, typeVersion: 1, parameters: { link } }]);
}

/** A chain behind a manual trigger. */
function workflow(id: string, chain: NodeParts[]): Workflow {
	const type = 'n8n-nodes-base.manualTrigger';
	const all = [{ type, typeVersion: 1, parameters: {} }, ...chain];
	const nodes = all.map(
		(parts, index): WorkflowNode => ({
			...parts,
			name: index === chain.length ? nodeUnderTest : `Step ${index + 1}`,
			position: [200 * index, 0],
			...(index > 0 && { credentials: { vizdomApi: credential } }),
		}),
	);
	const links = nodes
		.slice(1)
		.map((node, index) => [
			nodes[index]?.name,
			{ main: [[{ node: node.name, type: 'main', index: 0 }]] },
		]);
	const connections = Object.fromEntries(links) as Record<string, unknown>;
	return { id, name: id, nodes, connections, settings: { executionOrder: 'v1' } };
}
