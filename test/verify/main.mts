/** `npm run verify`: n8n's scanner and further checks, on the package as npm would have it. */
// @ts-expect-error It comes without types.
import * as scanner from '@n8n/scan-community-package/scanner/scanner.mjs';
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pack } from '../n8n/package-under-test.mts';
import { checkout } from '../n8n/paths.mts';
import { Problem } from '../n8n/problem.mts';
import { plainEnvironment, run } from '../n8n/processes.mts';
import { runProgram } from '../n8n/program.mts';
import { checks } from './checks.mts';

const { analyzePackage, SOURCE_FILE_PATTERNS } = scanner as {
	analyzePackage: (
		folder: string,
		patterns: string[],
	) => Promise<{ message?: string; details?: string }>;
	SOURCE_FILE_PATTERNS: string[];
};

await runProgram(async () => {
	const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-vizdom-verify-'));
	await verify(folder).finally(async () => await rm(folder, { recursive: true, force: true }));
}, 130);

async function verify(folder: string): Promise<void> {
	const tarball = await pack(folder);
	const options = { cwd: folder, env: plainEnvironment() };
	await run('tar', ['-xzf', tarball], options);
	const { stdout } = await run('tar', ['-tzf', tarball], options);
	const paths = stdout.split('\n').map((path) => relative('package', path));
	const unpacked = join(folder, 'package');
	const packed = {
		size: statSync(tarball).size,
		files: new Map(paths.map((path) => [path, readFileSync(join(unpacked, path), 'utf8')])),
		changelog: readFileSync(join(checkout, 'CHANGELOG.md'), 'utf8'),
		lockFile: readFileSync(join(checkout, 'package-lock.json'), 'utf8'),
	};
	console.log(`\n${packed.size} bytes packed, ${packed.files.size} files\n`);
	const results = [
		report("n8n's scanner, source", await scan(checkout, SOURCE_FILE_PATTERNS)),
		report("n8n's scanner, package", await scan(unpacked, ['**/*.js', 'package.json'])),
		...Object.entries(checks).map(([name, check]) => report(name, check(packed))),
	];
	if (results.includes(false)) throw new Problem('The package is not ready to be published.');
	console.log('\nWhat is left to do by hand: docs/verification.md and docs/publishing.md.');
}

function report(name: string, findings: string[]): boolean {
	const passed = findings.length === 0;
	console.log([`${passed ? '✓' : '✗'} ${name}`, ...findings].join('\n  '));
	return passed;
}

/** The scanner passes a folder without readable files, with a message. */
async function scan(folder: string, patterns: string[]): Promise<string[]> {
	const { message, details } = await analyzePackage(folder, patterns);
	return message === undefined ? [] : [details?.trim() ?? message];
}
