import { constants, existsSync, readFileSync } from 'node:fs';
import { access, cp, mkdir, readdir, rename, rm, stat, statfs, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import {
	COMPILE_TOOLS,
	compilerMissing,
	diskTooSmall,
	explainNpmFailure,
	nodeTooOld,
	npmMissing,
	windows,
} from './install-problems.mts';
import { npm, npmShell } from './npm.mts';
import { cacheFolder, installName, pinnedProject } from './paths.mts';
import { lastLines, Problem } from './problem.mts';
import { plainEnvironment, run, type Finished } from './processes.mts';
import { withProgress } from './progress.mts';

export interface InstalledN8n {
	dir: string;
	/** The Node.js to run n8n with. */
	node: string;
	/** What that Node.js runs. */
	bin: string;
	version: string;
}

interface PinnedPackage {
	version?: string;
	os?: string[];
	cpu?: string[];
	libc?: string[];
}

const OLDEST_NODE = 24;
const NEEDED_GIGABYTES = 3.5;
const PARTIAL = '.partial-';
const DEAD_AFTER_MS = 120_000;
const SIGN_OF_LIFE_MS = 10_000;

/** The n8n that a project pins, installed into the cache when it is not there yet. */
export async function ensureN8n(project: string = pinnedProject): Promise<InstalledN8n> {
	const dir = join(cacheFolder(), installName(project));
	await mkdir(cacheFolder(), { recursive: true });
	await removeDeadInstallations();
	if (!existsSync(dir)) await install(dir, project);
	return await installedIn(dir);
}

async function installedIn(dir: string): Promise<InstalledN8n> {
	const bin = join(dir, 'node_modules/n8n/bin/n8n');
	if (!existsSync(bin)) {
		throw new Problem(`n8n in ${dir} is incomplete.`, 'Delete that folder and run this again.');
	}
	return { dir, node: await nodeFor(dir), bin, version: pinnedVersion(dir) };
}

async function install(dir: string, project: string): Promise<void> {
	await checkMachine(project);
	const partial = `${dir}${PARTIAL}${process.pid}`;
	console.log(`n8n ${pinnedVersion(project)} is installed once for all later runs, into ${dir}`);
	console.log('  This takes some minutes and about 3 GB of disk.');
	await mkdir(partial);
	const life = setInterval(() => void showLife(partial), SIGN_OF_LIFE_MS);
	try {
		await npmInstall(partial, project);
		await buildSqlite(partial);
		await moveInto(dir, partial);
	} finally {
		clearInterval(life);
		await rm(partial, { recursive: true, force: true, maxRetries: 5 });
	}
}

/** Everything that can be known before the slow part. */
async function checkMachine(project: string): Promise<void> {
	if (process.platform === 'win32') throw windows();
	const { bavail, bsize } = await statfs(cacheFolder());
	const freeGigabytes = (bavail * bsize) / 1e9;
	if (freeGigabytes < NEEDED_GIGABYTES) throw diskTooSmall(cacheFolder(), freeGigabytes);
	if (!pinnedNodes(project).length && !ownNodeWillDo())
		throw nodeTooOld(`${OLDEST_NODE} or later`, process.version);
	const reachable = await npm(
		['view', `n8n@${pinnedVersion(project)}`, 'version', '--fetch-retries=0'],
		cacheFolder(),
	);
	if (reachable.exitCode !== 0) throw explain('n8n cannot be installed now.', reachable);
}

async function npmInstall(partial: string, project: string): Promise<void> {
	for (const file of ['package.json', 'package-lock.json']) {
		await cp(join(project, file), join(partial, file));
	}
	const folders = packageFolders(project);
	const args = ['ci', '--ignore-scripts', '--include=optional', '--no-audit', '--no-fund'];
	const result = await withProgress(
		'Downloading and unpacking',
		async () => await npm(args, partial),
		() => progressOf(unpacked(partial, folders), folders.length),
	);
	if (result.exitCode !== 0) throw explain('n8n could not be installed.', result);
}

function progressOf(done: number, all: number): string {
	return done ? `${done} of ${all} packages` : 'asking the registry';
}

/** The one part of n8n that is built for the machine: fetched ready-made where possible, else compiled. */
async function buildSqlite(partial: string): Promise<void> {
	const driver = join(partial, 'node_modules/sqlite3');
	const fetched = await withProgress(
		'Fetching the SQLite driver',
		async () => await npmShell('prebuild-install -r napi', driver),
	);
	if (fetched.exitCode !== 0) await compileSqlite(driver);
	await verifySqlite(partial);
}

/**
 * By npm's own node-gyp: the older one that the driver brings does not run on Python 3.12 and later.
 */
async function compileSqlite(driver: string): Promise<void> {
	const missing = await missingTools();
	if (missing.length) throw compilerMissing(missing, process.platform);
	const result = await withProgress(
		'Not to be had, so compiling it',
		async () => await npmShell('node "$npm_config_node_gyp" rebuild --jobs max', driver),
	);
	if (result.exitCode !== 0)
		throw explain('The SQLite driver of n8n could not be compiled.', result);
}

async function verifySqlite(partial: string): Promise<void> {
	const result = await run(await nodeFor(partial), ['-e', "require('sqlite3')"], {
		cwd: partial,
		env: plainEnvironment(),
	});
	if (result.exitCode === 0) return;
	throw new Problem(
		'The SQLite driver of n8n was built but does not load.',
		'',
		lastLines(result.output),
	);
}

async function moveInto(dir: string, partial: string): Promise<void> {
	try {
		await rename(partial, dir);
	} catch (error) {
		// Another process was faster: its installation is the same.
		if (!existsSync(dir)) throw error;
	}
}

async function showLife(partial: string): Promise<void> {
	const now = new Date();
	await utimes(partial, now, now).catch(() => {});
}

/** What a run that was killed left behind. */
async function removeDeadInstallations(): Promise<void> {
	for (const name of await readdir(cacheFolder())) {
		const folder = join(cacheFolder(), name);
		if (!name.includes(PARTIAL)) continue;
		const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Date.now() }));
		if (Date.now() - mtimeMs > DEAD_AFTER_MS) await rm(folder, { recursive: true, force: true });
	}
}

function explain(step: string, { startError, output }: Finished): Problem {
	if (startError === 'ENOENT') return npmMissing();
	return explainNpmFailure(step, output, npmErrors(output));
}

/** What npm said first: neither its warnings nor stack traces and listings. */
function npmErrors(output: string): string {
	const said = output.split('\n').filter((line) => /^(npm error|gyp ERR!) \S/.test(line));
	const short = said.filter(
		(line) => !/(npm error|gyp ERR!) (\}|stack +at|If you are|network )/.test(line),
	);
	return (short.length ? short.slice(0, 6) : [lastLines(output)]).join('\n');
}

async function missingTools(): Promise<string[]> {
	const missing: string[] = [];
	for (const [tool, names] of Object.entries(COMPILE_TOOLS)) {
		const found = await Promise.all(names.map(isOnPath));
		if (!found.some(Boolean)) missing.push(tool);
	}
	return missing;
}

async function isOnPath(name: string): Promise<boolean> {
	const folders = (process.env.PATH ?? '').split(':').filter(Boolean);
	const found = folders.map(async (folder) => await access(join(folder, name), constants.X_OK));
	return await Promise.any(found).then(
		() => true,
		() => false,
	);
}

/** The Node.js that came with the pinned n8n, else the one that runs this if it is new enough. */
async function nodeFor(dir: string): Promise<string> {
	const candidates = pinnedNodes(dir).map((name) => join(dir, 'node_modules', name, 'bin/node'));
	if (ownNodeWillDo()) candidates.push(process.execPath);
	for (const node of candidates) {
		const { exitCode } = await run(node, ['--version'], { cwd: dir, env: plainEnvironment() });
		if (exitCode === 0) return node;
	}
	throw nodeTooOld(`${OLDEST_NODE} or later`, process.version);
}

function ownNodeWillDo(): boolean {
	return Number(process.versions.node.split('.')[0]) >= OLDEST_NODE;
}

function pinnedNodes(project: string): string[] {
	const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
		optionalDependencies: Record<string, string>;
	};
	const packages = pinnedPackages(project);
	return Object.keys(manifest.optionalDependencies).filter((name) =>
		isForThisMachine(packages[`node_modules/${name}`]),
	);
}

function pinnedVersion(project: string): string {
	return pinnedPackages(project)['node_modules/n8n']?.version ?? '';
}

function pinnedPackages(project: string): Record<string, PinnedPackage> {
	const lock = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')) as {
		packages: Record<string, PinnedPackage>;
	};
	return lock.packages;
}

function packageFolders(project: string): string[] {
	const packages = Object.entries(pinnedPackages(project));
	return packages.filter(([path, of]) => path && isForThisMachine(of)).map(([path]) => path);
}

function isForThisMachine(entry: PinnedPackage | undefined): boolean {
	if (!entry) return false;
	const fits = (wanted: string[] | undefined, own: string) => !wanted || wanted.includes(own);
	return (
		fits(entry.os, process.platform) && fits(entry.cpu, process.arch) && fits(entry.libc, 'glibc')
	);
}

function unpacked(dir: string, folders: string[]): number {
	return folders.filter((folder) => existsSync(join(dir, folder, 'package.json'))).length;
}
