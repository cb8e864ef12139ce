import { example, exampleNames, exampleText } from '../n8n/examples.mts';
import type { Workflow, WorkflowNode } from '../n8n/instance.mts';

type Connections = Record<string, Record<string, Array<Array<{ node: string; index: number }>>>>;

interface Box {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

const NOTE = 'n8n-nodes-base.stickyNote';
/** A node's area on the canvas, with the name below it. */
const NODE_SIZE = { width: 96, height: 144 };

const VIEWER = { vizdomApi: { id: 'vizdomViewer', name: 'Vizdom sandbox, Viewer' } };
const CREDENTIALS: Array<[nodes: string, expected: object]> = [
	['n8n-nodes-vizdom.', { vizdomApi: { id: 'vizdomSandbox', name: 'Vizdom sandbox' } }],
	['n8n-nodes-base.slack', { slackApi: { id: 'slackStandIn', name: 'Slack stand-in' } }],
	['n8n-nodes-base.emailSend', { smtp: { id: 'mailStandIn', name: 'Mail stand-in' } }],
];

function boxOf({ type, position: [left, top], parameters }: WorkflowNode): Box {
	const { width, height } = (type === NOTE ? parameters : NODE_SIZE) as typeof NODE_SIZE;
	return { left, top, right: left + width, bottom: top + height };
}

function overlap(a: Box, b: Box): boolean {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function overlapping({ nodes }: Workflow): string[] {
	return nodes.flatMap((one, index) =>
		nodes
			.slice(index + 1)
			.filter((other) => overlap(boxOf(one), boxOf(other)))
			.map((other) => `${one.name} and ${other.name}`),
	);
}

describe.each(exampleNames())('the example %s', (name) => {
	const workflow = example(name);
	const { id, nodes } = workflow;
	const connections = workflow.connections as Connections;

	it('has a name, and nothing from a particular n8n or account', () => {
		const stored = JSON.parse(exampleText(name)) as Record<string, unknown>;
		expect(Object.keys(stored).sort()).toEqual(['connections', 'name', 'nodes', 'settings']);
		expect(exampleText(name)).not.toMatch(/"(credentials|webhookId|instanceId|versionId)"/);
		expect(exampleText(name)).not.toMatch(/token|password|api_?key|127\.0\.0\.1|localhost/i);
	});

	it('gets the credentials of the sandbox and the stand-ins', () => {
		expect(id.length).toBeLessThanOrEqual(21);
		expect(nodes.some(({ type }) => type.startsWith('n8n-nodes-vizdom.'))).toBe(true);
		for (const { type, parameters, credentials } of nodes) {
			const [, expected] = CREDENTIALS.find(([nodeType]) => type.startsWith(nodeType)) ?? [];
			const isChange = /^(delete|invite|update)$/.test(String(parameters.operation));
			const isViewers = /^n8n-nodes-vizdom\..*Tool$/.test(type) && !isChange;
			expect(credentials).toEqual(isViewers ? VIEWER : expected);
		}
	});

	it('connects existing nodes, all but the trigger', () => {
		const names = nodes.map((node) => node.name);
		expect(new Set(names).size).toBe(names.length);
		const targets = Object.values(connections).flatMap((outputs) => Object.values(outputs).flat(2));
		expect(names).toEqual(expect.arrayContaining(Object.keys(connections)));
		const reached = new Set(targets.map(({ node }) => node));
		const isSubNode = (name: string) => name in connections && !('main' in connections[name]!);
		const unreached = nodes.filter(({ type, name }) => type !== NOTE && !reached.has(name));
		const needNothing = unreached.filter(
			({ type, name }) => /trigger$/i.test(type) || isSubNode(name),
		);
		expect(unreached).toEqual(needNothing);
		expect(names).toEqual(expect.arrayContaining([...reached]));
	});

	it('says what it does, without overlaps', () => {
		const [first] = nodes.filter(({ type }) => type === NOTE);
		expect(first?.parameters.content).toContain(`## ${workflow.name}\n`);
		expect(overlapping(workflow)).toEqual([]);
	});
});

it('the agent changes nothing without approval, and reads with a key that cannot change anything', () => {
	const { nodes, connections } = example('agent-with-approval');
	const toolsOf = (target: string) =>
		Object.entries(connections as Connections)
			.filter(([, outputs]) => outputs.ai_tool?.flat().some(({ node }) => node === target))
			.map(([name]) => nodes.find((node) => node.name === name));
	const operationsOf = (target: string) =>
		toolsOf(target).map((tool) => tool?.parameters.operation ?? tool?.type);
	const review = '@n8n/n8n-nodes-langchain.chatHitlTool';
	expect(operationsOf('AI Agent').sort()).toEqual([review, 'create', 'getAll', 'getAll']);
	expect(operationsOf('Approve').sort()).toEqual(['delete', 'invite', 'update']);
	for (const { credentials } of toolsOf('AI Agent').filter(
		(tool) => tool?.credentials,
	) as WorkflowNode[])
		expect(credentials).toEqual(VIEWER);
});

it('no two examples share an id or a name', () => {
	const examples = exampleNames().map(example);
	expect(new Set(examples.map(({ id }) => id)).size).toBe(examples.length);
	expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length);
});
