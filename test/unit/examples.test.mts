import { example, exampleNames, exampleText } from '../n8n/examples.mts';
import type { Workflow, WorkflowNode } from '../n8n/instance.mts';

type Connections = Record<string, { main: Array<Array<{ node: string; index: number }>> }>;

interface Box {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

const NOTE = 'n8n-nodes-base.stickyNote';
/** On the canvas, with the name below it. */
const NODE_SIZE = { width: 96, height: 144 };

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

	it('has a name, and nothing that belongs to one n8n or one account', () => {
		const stored = JSON.parse(exampleText(name)) as Record<string, unknown>;
		expect(Object.keys(stored).sort()).toEqual(['connections', 'name', 'nodes', 'settings']);
		expect(exampleText(name)).not.toMatch(/"(credentials|webhookId|instanceId|versionId)"/);
		expect(exampleText(name)).not.toMatch(/token|password|api_?key|127\.0\.0\.1|localhost/i);
	});

	it('gets the credentials of the sandbox and the stand-ins', () => {
		expect(id.length).toBeLessThanOrEqual(21);
		expect(nodes.some(({ type }) => type.startsWith('n8n-nodes-vizdom.'))).toBe(true);
		for (const { type, credentials } of nodes) {
			const [, expected] = CREDENTIALS.find(([nodeType]) => type.startsWith(nodeType)) ?? [];
			expect(credentials).toEqual(expected);
		}
	});

	it('connects nodes that are there, each but the trigger', () => {
		const names = nodes.map((node) => node.name);
		expect(new Set(names).size).toBe(names.length);
		const targets = Object.values(connections).flatMap(({ main }) => main.flat());
		expect(names).toEqual(expect.arrayContaining(Object.keys(connections)));
		const steps = nodes.filter(({ type }) => type !== NOTE && !/trigger$/i.test(type));
		const reached = new Set(targets.map(({ node }) => node));
		expect([...reached].sort()).toEqual(steps.map((node) => node.name).sort());
	});

	it('says what it does, and overlaps nowhere', () => {
		const [first] = nodes.filter(({ type }) => type === NOTE);
		expect(first?.parameters.content).toContain(`## ${workflow.name}\n`);
		expect(overlapping(workflow)).toEqual([]);
	});
});

it('no two examples share an id or a name', () => {
	const examples = exampleNames().map(example);
	expect(new Set(examples.map(({ id }) => id)).size).toBe(examples.length);
	expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length);
});
