import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { stopAll } from '../n8n/processes.mts';
import { endAll } from './child.mts';
import { exports } from './exports.mts';
import { count, seconds } from './numbers.mts';
import { paging } from './paging.mts';
import { rate } from './rate.mts';
import { markdown, progress } from './report.mts';
import { request } from './request.mts';
import { BenchSandbox } from './sandbox.mts';

const parts = { paging, rate, request, exports };

type Part = keyof typeof parts;

function wantedParts(): Part[] {
	const wanted = process.argv.slice(2);
	const known = Object.keys(parts) as Part[];
	const unknown = wanted.find((name) => !known.some((part) => part === name));
	if (unknown) throw new Error(`There is no part "${unknown}". There are: ${known.join(', ')}.`);
	return known.filter((part) => wanted.length === 0 || wanted.includes(part));
}

function checkBuild(): void {
	if (existsSync(resolve(import.meta.dirname, '../../dist/nodes/shared/http/turns.js'))) return;
	throw new Error('dist/ is missing: run `npm run build` first.');
}

function machine(): string {
	const require = createRequire(import.meta.url);
	const { version } = require('n8n-core/package.json') as { version: string };
	const [core] = cpus();
	const day = new Date().toISOString().slice(0, 10);
	return `${count(cpus().length)} cores (${core?.model}), Node ${process.versions.node}, n8n-core ${version}, ${day}`;
}

async function main(): Promise<void> {
	const wanted = wantedParts();
	checkBuild();
	const startedAt = performance.now();
	const sandbox = await BenchSandbox.start();
	const wrong: string[] = [];
	console.log(machine());
	for (const part of wanted) {
		const report = await parts[part](sandbox);
		for (const table of report.tables) console.log(`\n${markdown(table)}`);
		wrong.push(...report.wrong);
	}
	progress(`done in ${seconds(performance.now() - startedAt)}`);
	if (wrong.length > 0) throw new Error(`Wrong results:\n${wrong.join('\n')}`);
}

let stopping = false;

function stopOnSignal(): void {
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.once(signal, () => {
			stopping = true;
			void Promise.all([endAll(), stopAll()]).then(() => process.exit(130));
		});
	}
}

stopOnSignal();
try {
	await main();
} catch (error) {
	if (!stopping) console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
} finally {
	await endAll();
}
