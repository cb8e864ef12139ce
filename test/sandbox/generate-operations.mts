import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { INodePropertyOptions, INodeType } from 'n8n-workflow';

const TABLE = /(?<=<!-- npm run generate: operations -->\n)[^]*?(?=\n<!-- end -->)/;

/** A README with its table of operations in the editor's words. */
export async function withOperations(readme: string, nodes: string): Promise<string> {
	const text = await readFile(readme, 'utf8');
	if (!TABLE.test(text)) throw new Error(`${readme} has no place for the table of operations.`);
	const rows = ['| node | operation | what it does |', '| --- | --- | --- |'];
	for (const name of (await readdir(nodes)).filter((folder) => folder.startsWith('Vizdom'))) {
		const file = path.join(nodes, name, `${name}.node.ts`);
		const classes = (await import(pathToFileURL(file).href)) as Record<string, new () => INodeType>;
		rows.push(...rowsOf(new classes[name]!()));
	}
	return text.replace(TABLE, () => `\n${rows.join('\n')}\n`);
}

function rowsOf({ description: { displayName, properties } }: INodeType): string[] {
	const operation = properties.find(({ name }) => name === 'operation');
	const options = (operation?.options ?? []) as INodePropertyOptions[];
	return options.map(({ name, description }, index) => {
		const node = index === 0 ? `**${displayName}**` : '';
		return `| ${node} | ${name} | ${description} |`;
	});
}
