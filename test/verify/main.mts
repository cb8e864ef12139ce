import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkout } from '../n8n/paths.mts';
import { Problem } from '../n8n/problem.mts';
import { runProgram } from '../n8n/program.mts';
import {
	hasTheRightFiles,
	isSmall,
	needsNothingElse,
	tellsNothingPrivate,
	versionsAgree,
} from './checks.mts';
import { scanPackage, scanSource } from './scanner.mts';
import { unpack } from './unpacked.mts';

const NEXT = `
What is left to do by hand, and how to publish: CONTRIBUTING.md, "Verification" and "Publishing".`;

async function verify(folder: string): Promise<void> {
	const unpacked = await unpack(folder);
	console.log(`\n${unpacked.size} bytes packed, ${unpacked.files.size} files\n`);
	const results = [
		report("n8n's scanner, source", await scanSource()),
		report("n8n's scanner, package", await scanPackage(unpacked.folder)),
		report('at most 100 KB', isSmall(unpacked)),
		report('only what n8n and a reader need', hasTheRightFiles(unpacked)),
		report('no dependency', needsNothingElse(unpacked)),
		report('no path of a machine, no key', tellsNothingPrivate(unpacked)),
		report(
			'one version',
			versionsAgree(await textOf('CHANGELOG.md'), await textOf('package-lock.json'))(unpacked),
		),
	];
	if (results.includes(false)) throw new Problem('The package is not ready to be published.');
	console.log(NEXT);
}

function report(name: string, findings: string[]): boolean {
	const passed = findings.length === 0;
	console.log([`${passed ? '✓' : '✗'} ${name}`, ...findings].join('\n  '));
	return passed;
}

async function textOf(file: string): Promise<string> {
	return await readFile(path.join(checkout, file), 'utf8');
}

await runProgram(async () => {
	const folder = await mkdtemp(path.join(tmpdir(), 'n8n-nodes-vizdom-verify-'));
	await verify(folder).finally(async () => await rm(folder, { recursive: true, force: true }));
}, 130);
