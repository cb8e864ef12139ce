import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { Problem } from '../n8n/problem.mts';
import { runProgram } from '../n8n/program.mts';
import { bigFile } from './bigFile.mts';
import { manyExports } from './manyExports.mts';
import { paging } from './paging.mts';
import { polling } from './polling.mts';
import { rate } from './rate.mts';
import { RealN8n } from './realN8n.mts';
import { faults, markdown, progress, seconds, type Table } from './report.mts';
import { request } from './request.mts';
import { BenchSandbox } from './sandbox.mts';

async function exports(sandbox: BenchSandbox): Promise<Table[]> {
	const n8n = await RealN8n.open(sandbox.address);
	return [await bigFile(sandbox, n8n), await manyExports(sandbox, n8n)];
}

const parts = { paging, polling, rate, request, exports };

type Part = keyof typeof parts;

function wantedParts(): Part[] {
	const wanted = process.argv.slice(2);
	const known = Object.keys(parts) as Part[];
	const unknown = wanted.find((name) => !(name in parts));
	if (unknown) throw new Problem(`There is no part "${unknown}", only ${known.join(', ')}.`);
	return known.filter((part) => wanted.length === 0 || wanted.includes(part));
}

function machine(): string {
	const require = createRequire(import.meta.url);
	const { version } = require('n8n-core/package.json') as { version: string };
	const cores = cpus();
	const day = new Date().toISOString().slice(0, 10);
	return `${cores.length} cores (${cores[0]?.model}), Node ${process.versions.node}, n8n-core ${version}, ${day}`;
}

async function bench(): Promise<void> {
	const wanted = wantedParts();
	const startedAt = performance.now();
	const sandbox = await BenchSandbox.start();
	const texts = [machine()];
	try {
		for (const part of wanted) {
			const tables = [await parts[part](sandbox)].flat();
			texts.push(...(await Promise.all(tables.map(markdown))));
		}
	} finally {
		progress(`done in ${seconds(performance.now() - startedAt)}\n`);
		console.log(texts.join('\n'));
	}
	if (faults.length > 0) throw new Problem('Wrong results:', ...faults);
}

await runProgram(async (interrupted) => await Promise.race([bench(), interrupted]), 130);
