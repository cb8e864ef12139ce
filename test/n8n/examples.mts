import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Credential, N8n, Workflow, WorkflowNode } from './instance.mts';
import { pinnedProject, shortHash } from './paths.mts';

const FOLDER = join(pinnedProject, 'workflows');

const VIZDOM = { id: 'vizdomSandbox', name: 'Vizdom sandbox', type: 'vizdomApi' };
const VIEWER = { id: 'vizdomViewer', name: 'Vizdom sandbox, Viewer', type: 'vizdomApi' };
export const SLACK = { id: 'slackStandIn', name: 'Slack stand-in', type: 'slackApi' };
export const MAIL = { id: 'mailStandIn', name: 'Mail stand-in', type: 'smtp' };

const CREDENTIALS = [
	['n8n-nodes-vizdom.', VIZDOM],
	['n8n-nodes-base.slack', SLACK],
	['n8n-nodes-base.emailSend', MAIL],
] as const;

/** How to reach the sandbox, from `startSandbox`. */
export interface SandboxAccess {
	baseUrl: string;
	keys: { admin: string; viewer: string };
}

/** The credential of the examples' Vizdom nodes. */
export function sandboxCredential({ baseUrl, keys }: SandboxAccess): Credential {
	return { ...VIZDOM, data: { apiKey: keys.admin, baseUrl, requestsPerMinute: 1000 } };
}

/** The credential of an agent's tools that change nothing. */
export function viewerCredential({ baseUrl, keys }: SandboxAccess): Credential {
	return { ...VIEWER, data: { apiKey: keys.viewer, baseUrl, requestsPerMinute: 1000 } };
}

/** The names of the example files, without extension. */
export function exampleNames(): string[] {
	const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
	return files.map((file) => file.replace(/\.json$/, '')).sort();
}

/** The text that a user copies from the example's file. */
export function exampleText(name: string): string {
	return readFileSync(join(FOLDER, `${name}.json`), 'utf8');
}

/**
 * An example workflow with its credentials. Its ID is derived from its content, so a new version
 * never overwrites one that its user has changed.
 */
export function example(name: string): Workflow {
	const text = exampleText(name);
	const workflow = JSON.parse(text) as Omit<Workflow, 'id'>;
	return {
		...workflow,
		id: `example${shortHash(text)}`,
		nodes: workflow.nodes.map(withCredential),
	};
}

function withCredential(node: WorkflowNode): WorkflowNode {
	const [, found] = CREDENTIALS.find(([nodes]) => node.type.startsWith(nodes)) ?? [];
	const credential = found === VIZDOM && isHarmlessTool(node) ? VIEWER : found;
	if (!credential) return node;
	const { type, ...reference } = credential;
	return { ...node, credentials: { [type]: reference } };
}

function isHarmlessTool({ type, parameters: { operation } }: WorkflowNode): boolean {
	return type.endsWith('Tool') && !['delete', 'invite', 'update'].includes(String(operation));
}

/** Imports the credentials and the examples that are new or have changed since the last run. */
export async function provision(n8n: N8n, credentials: Credential[]): Promise<void> {
	const file = join(n8n.folder, 'imported.json');
	const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as string[]) : [];
	const hash = shortHash(JSON.stringify(credentials));
	const examples = exampleNames().map(example);
	const added = examples.filter(({ id }) => !before.includes(id));
	if (!before.includes(hash)) await n8n.importCredentials(credentials);
	if (added.length) await n8n.importWorkflows(added);
	writeFileSync(file, JSON.stringify([hash, ...examples.map(({ id }) => id)]));
}
