import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generateSchemas, NODES_FOLDER } from './generate-schemas.mts';
import { generateTypes, TYPES_FILE } from './generate-types.mts';

/** Writes what is made from the OpenAPI file; with --check, says what of it is out of date. */
async function main(): Promise<void> {
	const generated = (await generateSchemas()).set(TYPES_FILE, await generateTypes());
	const files = new Set([...generated.keys(), ...(await schemasOnDisk())]);
	for (const file of files) {
		const text = generated.get(file);
		if (!process.argv.includes('--check')) await write(file, text);
		else if (text !== (await textOf(file))) complainAbout(file);
	}
}

async function schemasOnDisk(): Promise<string[]> {
	const files = await readdir(NODES_FOLDER, { recursive: true });
	return files
		.filter((file) => file.includes('__schema__') && file.endsWith('.json'))
		.map((file) => path.join(NODES_FOLDER, file));
}

async function textOf(file: string): Promise<string | undefined> {
	return await readFile(file, 'utf8').catch(() => undefined);
}

async function write(file: string, text: string | undefined): Promise<void> {
	if (text === undefined) return await rm(file);
	await mkdir(path.dirname(file), { recursive: true });
	await writeFile(file, text);
}

function complainAbout(file: string): void {
	console.error(`${path.relative('', file)} is out of date: run npm run generate.`);
	process.exitCode = 1;
}

await main();
