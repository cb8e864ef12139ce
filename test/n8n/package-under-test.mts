import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { npmEnvironment } from './npm.mts';
import { checkout } from './paths.mts';
import { lastLines, Problem } from './problem.mts';
import { run } from './processes.mts';

const SOURCES = ['nodes', 'credentials', 'icons', 'package.json', 'tsconfig.json'];

/** Builds the package when a source is newer than the last build. */
export async function buildIfNeeded(): Promise<void> {
	if ((await newest('dist')) > Math.max(...(await Promise.all(SOURCES.map(newest))))) return;
	console.log('Building the package ...');
	const built = await run('npm', ['run', 'build'], { cwd: checkout, env: npmEnvironment() });
	if (built.exitCode === 0 && nodesAreBuilt()) return;
	throw new Problem(
		'The package could not be built (npm run build):',
		'',
		compileErrors(built.output),
	);
}

/** Without the spinner of the build tool. */
function compileErrors(output: string): string {
	const errors = output.match(/\S+ error TS\d+.*/g);
	return errors ? errors.join('\n') : lastLines(output, 40);
}

/** Packs the package as it would be published. Gives the path of the tarball. */
export async function pack(into: string): Promise<string> {
	await mkdir(into, { recursive: true });
	const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', into];
	const packed = await run('npm', args, { cwd: checkout, env: npmEnvironment() });
	if (packed.exitCode !== 0) {
		throw new Problem('The package could not be packed (npm pack):', '', lastLines(packed.output));
	}
	const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
	return join(into, filename);
}

/** The time of the last change in a file or folder, deletions included. */
async function newest(path: string): Promise<number> {
	const whole = join(checkout, path);
	if (!existsSync(whole)) return 0;
	const inside = await readdir(whole, { recursive: true }).catch(() => []);
	const times = await Promise.all(
		['', ...inside].map(async (name) => await stat(join(whole, name))),
	);
	return Math.max(...times.map(({ mtimeMs }) => mtimeMs));
}

function nodesAreBuilt(): boolean {
	const { n8n } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as {
		n8n: { nodes: string[]; credentials: string[] };
	};
	return [...n8n.nodes, ...n8n.credentials].every((file) => existsSync(join(checkout, file)));
}
