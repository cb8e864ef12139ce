import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { example, exampleNames } from './examples.mts';
import type { Credential, N8n } from './instance.mts';
import { shortHash } from './paths.mts';

/** What was put into a user folder by earlier runs. */
interface Provisioned {
	/** The hash of all credentials. */
	credential: string;
	workflows: string[];
}

/** Puts the credentials and the examples into n8n, where they are new or have changed. */
export async function provision(n8n: N8n, credentials: Credential[]): Promise<void> {
	const file = join(n8n.folder, 'provisioned.json');
	const before = await readProvisioned(file);
	const now: Provisioned = { credential: shortHash(JSON.stringify(credentials)), workflows: [] };
	if (now.credential !== before.credential) await n8n.importCredentials(credentials);
	const examples = exampleNames().map(example);
	now.workflows = examples.map(({ id }) => id);
	const fresh = examples.filter(({ id }) => !before.workflows.includes(id));
	if (fresh.length) await n8n.importWorkflows(fresh);
	await writeFile(file, JSON.stringify(now));
}

async function readProvisioned(file: string): Promise<Provisioned> {
	const text = await readFile(file, 'utf8').catch(() => '{"credential":"","workflows":[]}');
	return JSON.parse(text) as Provisioned;
}
