import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The checkout that this file is part of. */
export const checkout = resolve(import.meta.dirname, '../..');

/** The small npm project that pins n8n. */
export const pinnedProject = join(checkout, 'test/n8n');

/** The same for the oldest n8n that the package supports. */
export const oldestProject = join(pinnedProject, 'oldest');

/** The place for everything large: outside the checkout, shared by all clones. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
	const base = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
	return join(base, 'n8n-nodes-vizdom');
}

export function shortHash(...contents: Array<string | Buffer>): string {
	const hash = createHash('sha256');
	for (const content of contents) hash.update(content);
	return hash.digest('hex').slice(0, 12);
}

/** Named after its content, so that a new n8n never gets an old folder. */
export function installName(project: string = pinnedProject): string {
	const files = ['package-lock.json', 'package.json'].map((file) => join(project, file));
	return `n8n-${shortHash(...files.map((file) => readFileSync(file)))}`;
}

/** The n8n user folder of this checkout: its database, credentials and workflows. */
export function userFolder(): string {
	return join(cacheFolder(), `user-${shortHash(checkout)}`);
}
