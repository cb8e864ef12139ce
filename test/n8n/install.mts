import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { cacheFolder, installName, pinnedProject } from './paths.mts';
import { Problem } from './problem.mts';
import { isRunning, npm } from './processes.mts';

export interface InstalledN8n {
	dir: string;
	/** The Node.js to run n8n with. */
	node: string;
	/** The script that it runs. */
	bin: string;
	version: string;
}

interface Manifest {
	dependencies: { n8n: string };
	/** npm packages of Node.js, one for each platform. */
	optionalDependencies: Record<string, string>;
}

const PARTIAL = '.partial-';

/**
 * The only platform-dependent part. Some prebuilt drivers do not load on an old system. node-gyp is
 * npm's own: the driver's does not run with Python 3.12 and later.
 */
const SQLITE_DRIVER =
	'prebuild-install -r napi && node -e "require(\'.\')" || node "$npm_config_node_gyp" rebuild';

/** The n8n that a project pins, installed into the cache if needed. */
export async function ensureN8n(project: string = pinnedProject): Promise<InstalledN8n> {
	const dir = join(cacheFolder(), installName(project));
	const manifest = JSON.parse(await readFile(join(project, 'package.json'), 'utf8')) as Manifest;
	const version = manifest.dependencies.n8n;
	if (!existsSync(dir)) {
		console.log(`n8n ${version} is installed once for all later runs, into ${dir}`);
		console.log('This takes some minutes and about 3 GB of disk.');
		await install(project, dir);
	}
	const node = Object.keys(manifest.optionalDependencies)
		.map((name) => join(dir, 'node_modules', name, 'bin/node'))
		.find((path) => execaSync(path, ['--version'], { reject: false }).exitCode === 0);
	return {
		dir,
		node: node ?? process.execPath,
		bin: join(dir, 'node_modules/n8n/bin/n8n'),
		version,
	};
}

/** The folder exists only once it is complete. */
async function install(project: string, dir: string): Promise<void> {
	const partial = `${dir}${PARTIAL}${process.pid}`;
	try {
		await mkdir(partial, { recursive: true });
		await removeInterrupted();
		for (const file of ['package.json', 'package-lock.json']) {
			await copyFile(join(project, file), join(partial, file));
		}
		await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], partial, 'inherit');
		console.log("Fetching or compiling n8n's SQLite driver ...");
		const driver = ['exec', '--ignore-scripts=false', '--call', SQLITE_DRIVER];
		await npm(driver, join(partial, 'node_modules/sqlite3'));
		await rename(partial, dir);
	} catch (error) {
		// Another process may have been faster, with the same result.
		if (!existsSync(dir)) throw failed(dir, error as Error);
	} finally {
		await rm(partial, { recursive: true, force: true, maxRetries: 5 }).catch(() => {});
	}
}

function failed(dir: string, { message }: Error): Problem {
	return new Problem(
		`${message.trim()}\n\nn8n could not be installed into ${dir}`,
		'Check that',
		'  - the npm registry can be reached (later runs need no network)',
		'  - 3 GB are free there, and you may write to it (XDG_CACHE_HOME sets another cache folder)',
		"  - python3, make and g++ are installed, if n8n's SQLite driver had to be compiled",
		'and run this again.',
	);
}

/** The leftovers of a killed run. */
async function removeInterrupted(): Promise<void> {
	for (const name of await readdir(cacheFolder())) {
		const [, pid] = name.split(PARTIAL);
		if (!pid || isRunning(Number(pid))) continue;
		await rm(join(cacheFolder(), name), { recursive: true, force: true });
	}
}
