import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { N8n } from './instance.mts';
import { checkout } from './paths.mts';
import { Problem } from './problem.mts';
import { launch, npm, plainEnvironment } from './processes.mts';

const SOURCES = ['nodes', 'credentials', 'icons', 'package.json', 'tsconfig.json'];

/** The file that a build copies last. */
const BUILT = 'dist/icons';

const WATCHES_WITHIN_MS = 60_000;

/** Builds the package if a source is newer than the last complete build. */
export async function buildIfNeeded(): Promise<void> {
	if ((await changedAt(BUILT)) > Math.max(...(await Promise.all(SOURCES.map(changedAt))))) return;
	await npm(['run', '--silent', 'build'], checkout, 'inherit');
}

/** Packs the package as for publishing. Returns the path of the tarball. */
export async function pack(into: string): Promise<string> {
	await mkdir(into, { recursive: true });
	const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', into];
	const [{ filename }] = JSON.parse((await npm(args, checkout)).stdout) as [{ filename: string }];
	return join(into, filename);
}

/** Makes n8n reload a package when its files change (n8n 2.40.7, server.ts), and log it. */
export const reloading = { N8N_DEV_RELOAD: 'true', N8N_LOG_LEVEL: 'debug' };

/** Settles when n8n watches the package, some seconds after it accepts requests. */
export async function untilWatched({ logFile }: N8n): Promise<void> {
	for (const deadline = Date.now() + WATCHES_WITHIN_MS; Date.now() < deadline; await sleep(200)) {
		if ((await readFile(logFile, 'utf8')).includes('"loader": "n8n-nodes-vizdom"')) return;
	}
	throw new Problem(`n8n does not watch the package. Its log is ${logFile}`);
}

/** Compiles the package to where n8n has it installed, now and after each change. */
export function keepBuilding(n8n: N8n, source = checkout): void {
	const outDir = join(n8n.nodes, 'node_modules/n8n-nodes-vizdom/dist');
	const compiler = join(checkout, 'node_modules/typescript/bin/tsc');
	const args = [compiler, '--watch', '--preserveWatchOutput', '--outDir', outDir];
	const options = { cwd: source, env: plainEnvironment(), output: 'inherit' } as const;
	launch(process.execPath, args, options);
}

/** The time of the last change in a file or folder, deletions included. */
async function changedAt(path: string): Promise<number> {
	const whole = join(checkout, path);
	const inside = await readdir(whole, { recursive: true }).catch(() => []);
	const paths = [whole, ...inside.map((name) => join(whole, name))];
	const stats = await Promise.all(paths.map(async (one) => await stat(one).catch(() => undefined)));
	return Math.max(...stats.map((one) => one?.mtimeMs ?? 0));
}
