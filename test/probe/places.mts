import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';

const checkout = resolve(import.meta.dirname, '../..');
const contract = 'test/sandbox/vizdom.openapi.yaml';

export const api = 'nodes/shared/vizdom/facts.ts';

const textOf = (file: string) => readFileSync(resolve(checkout, file), 'utf8');

/** Where names are declared, such as `nodes/shared/vizdom/facts.ts:42, limitParameter`. */
export function inCode(file: string, ...names: string[]): string {
	const [first = ''] = names;
	const declared = new RegExp(`^\\s*(export |async |private |const |function )*${first} ?[:=(<]`);
	const line = textOf(file)
		.split('\n')
		.findIndex((text) => declared.test(text));
	if (line < 0) throw new Error(`${file} declares no ${first}.`);
	return `${file}:${line + 1}, ${inWords(names)}`;
}

const lines = new LineCounter();
const document = parseDocument(textOf(contract), { lineCounter: lines });

/** Where the contract has a schema, or a field of it. */
export function inContract(schema: string, field?: string): string {
	const path = ['components', 'schemas', schema, ...(field ? ['properties', field] : [])];
	const parent = document.getIn(path.slice(0, -1));
	const pairs = isMap(parent) ? parent.items : [];
	const key = pairs.map((pair) => pair.key).find((node) => isNamed(node, path.at(-1)));
	if (!isScalar(key) || !key.range) throw new Error(`${contract} has no ${path.join('.')}.`);
	const { line } = lines.linePos(key.range[0]);
	return `${contract}:${line}, ${field ? `${schema}.${field}` : schema}`;
}

function isNamed(node: unknown, name: unknown): boolean {
	return isScalar(node) && node.value === name;
}

export const specification = document.toJS() as {
	components: { schemas: Record<string, Schema | undefined> };
};

/** As much of JSON Schema as the contract's records use. */
export interface Schema {
	$ref?: string;
	type?: string | string[];
	enum?: string[];
	oneOf?: Schema[];
	required?: string[];
	properties?: Record<string, Schema>;
}

function inWords(names: string[]): string {
	return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
