import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from './paths.mts';
import { npm } from './processes.mts';

const SOURCES = ['nodes', 'credentials', 'icons', 'package.json', 'tsconfig.json'];

/** What a build copies last. */
const BUILT = 'dist/icons';

/** Builds the package if a source is newer than the last complete build. */
export async function buildIfNeeded(): Promise<void> {
	if ((await changedAt(BUILT)) > Math.max(...(await Promise.all(SOURCES.map(changedAt))))) return;
	await npm(['run', '--silent', 'build'], checkout, 'inherit');
}

/** Packs the package as it would be published. Gives the path of the tarball. */
export async function pack(into: string): Promise<string> {
	await mkdir(into, { recursive: true });
	const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', into];
	const [{ filename }] = JSON.parse((await npm(args, checkout)).stdout) as [{ filename: string }];
	return join(into, filename);
}

/** The time of the last change in a file or folder, deletions included. */
async function changedAt(path: string): Promise<number> {
	const whole = join(checkout, path);
	const inside = await readdir(whole, { recursive: true }).catch(() => []);
	const paths = [whole, ...inside.map((name) => join(whole, name))];
	const stats = await Promise.all(paths.map(async (one) => await stat(one).catch(() => undefined)));
	return Math.max(...stats.map((one) => one?.mtimeMs ?? 0));
}
