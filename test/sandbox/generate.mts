/**
 * Generates files from the OpenAPI file and the nodes; with --check, only reports outdated ones.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import prettier from 'prettier';
import { withOperations } from './generate-operations.mts';
import { generateSchemas } from './generate-schemas.mts';
import { SPECIFICATION } from './openapi.mts';

const NODES = path.resolve(import.meta.dirname, '../../nodes');
const README = path.resolve(import.meta.dirname, '../../README.md');
const TYPES = path.join(NODES, 'shared/vizdom/vizdom-api.d.ts');
const HEADER =
	'// Generated from test/sandbox/vizdom.openapi.yaml. Do not edit: change that file and run npm run generate.\n\n';

const check = process.argv.includes('--check');

const ast = await openapiTS(pathToFileURL(SPECIFICATION), {
	rootTypes: true,
	rootTypesNoSchemaPrefix: true,
});
const generated = (await generateSchemas(NODES))
	.set(TYPES, HEADER + astToString(ast))
	.set(README, await withOperations(README, NODES));
for (const [file, text] of generated) await update(file, text);

for (const name of await readdir(NODES, { recursive: true })) {
	const file = path.join(NODES, name);
	if (!/__schema__.*\.json$/.test(name) || generated.has(file)) continue;
	if (check) complainAbout(file);
	else await rm(file);
}

async function update(file: string, text: string): Promise<void> {
	const options = await prettier.resolveConfig(file);
	const formatted = await prettier.format(text, { ...options, filepath: file });
	if (formatted === (await readFile(file, 'utf8').catch(() => ''))) return;
	if (check) return complainAbout(file);
	await mkdir(path.dirname(file), { recursive: true });
	await writeFile(file, formatted);
}

function complainAbout(file: string): void {
	console.error(`${path.relative('', file)} is out of date: run npm run generate.`);
	process.exitCode = 1;
}
