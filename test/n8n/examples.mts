import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Credential, Workflow, WorkflowNode } from './instance.mts';
import { pinnedProject, shortHash } from './paths.mts';

const FOLDER = join(pinnedProject, 'workflows');
const PACKAGE = 'n8n-nodes-vizdom.';
const CREDENTIAL_TYPE = 'vizdomApi';
const REFERENCE = { id: 'vizdomSandbox', name: 'Vizdom sandbox' };

/** How to reach the Vizdom stand-in, as `startSandbox` gives it. */
export interface SandboxAccess {
	baseUrl: string;
	keys: { admin: string };
}

/** The credential that the examples use. */
export function sandboxCredential({ baseUrl, keys }: SandboxAccess): Credential {
	return {
		...REFERENCE,
		type: CREDENTIAL_TYPE,
		data: { apiKey: keys.admin, baseUrl, requestsPerMinute: 1000 },
	};
}

/** The names of the example files, without the ending. */
export function exampleNames(): string[] {
	const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
	return files.map((file) => file.replace(/\.json$/, '')).sort();
}

/**
 * An example workflow with the credential put in. Its id follows from its content: a new version
 * of an example comes beside the one that was changed by its user, never over it.
 */
export function example(name: string): Workflow {
	const text = readFileSync(join(FOLDER, `${name}.json`), 'utf8');
	const workflow = JSON.parse(text) as Omit<Workflow, 'id'>;
	return {
		...workflow,
		id: `example${shortHash(text)}`,
		nodes: workflow.nodes.map(withCredential),
	};
}

function withCredential(node: WorkflowNode): WorkflowNode {
	if (!node.type.startsWith(PACKAGE)) return node;
	return { ...node, credentials: { [CREDENTIAL_TYPE]: REFERENCE } };
}
