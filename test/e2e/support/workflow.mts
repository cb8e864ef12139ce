import type { Workflow, WorkflowNode } from '../../n8n/instance.mts';

const VIZDOM = { vizdomApi: { id: 'vizdomSandbox', name: 'Vizdom sandbox' } };

/** A node of the package, with the sandbox's credential. */
export function vizdomNode(name: string, type: string, parameters: object): WorkflowNode {
	return { ...node(name, `n8n-nodes-vizdom.${type}`, 1, parameters), credentials: VIZDOM };
}

export function node(
	name: string,
	type: string,
	typeVersion: number,
	parameters: object,
): WorkflowNode {
	return { name, type, typeVersion, position: [0, 0], parameters: { ...parameters } };
}

export function manualTrigger(): WorkflowNode {
	return node('Start', 'n8n-nodes-base.manualTrigger', 1, {});
}

/** The nodes in a row; `main` names those that are connected. */
export function workflow(
	id: string,
	nodes: WorkflowNode[],
	main: string[],
	others: Record<string, unknown> = {},
): Workflow {
	const follows = main.slice(1).map((next, index) => [main[index], link(next, 'main')] as const);
	return {
		id,
		name: id,
		nodes: nodes.map((one, index) => ({ ...one, position: [index * 220, 0] })),
		connections: { ...Object.fromEntries(follows), ...others },
		settings: { executionOrder: 'v1' },
	};
}

export function link(to: string, type: string): Record<string, unknown> {
	return { [type]: [[{ node: to, type, index: 0 }]] };
}
