import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import prettier from 'prettier';
import { parse } from 'yaml';
import { SPECIFICATION } from './openapi.mts';

/** The part of JSON Schema that n8n's editor reads. */
export interface OutputSchema {
	/** Where there are several, the editor shows the first. */
	type: string | string[];
	properties?: Record<string, OutputSchema>;
}

interface SpecifiedSchema extends OutputSchema {
	$ref?: string;
	oneOf?: SpecifiedSchema[];
	properties?: Record<string, SpecifiedSchema>;
}

type SpecifiedSchemas = Record<string, SpecifiedSchema>;

export const NODES_FOLDER = path.resolve(import.meta.dirname, '../../nodes');

const DELETED: OutputSchema = { type: 'object', properties: { deleted: { type: 'boolean' } } };
const FILE: OutputSchema = {
	type: 'object',
	properties: {
		fileName: { type: 'string' },
		mimeType: { type: 'string' },
		size: { type: 'integer' },
		sha256: { type: 'string' },
	},
};

/**
 * What the operations put out, which n8n's editor shows before the first run: a file an operation,
 * by path. n8n looks for it beside the node, by the node's version, its resource and operation.
 */
export async function generateSchemas(): Promise<Map<string, string>> {
	const { components } = parse(await readFile(SPECIFICATION, 'utf8')) as {
		components: { schemas: SpecifiedSchemas };
	};
	const files = new Map<string, string>();
	for (const node of await readdir(NODES_FOLDER)) {
		const operations = await readdir(path.join(NODES_FOLDER, node, 'operations')).catch(() => []);
		for (const file of operations) {
			const [place, schema] = schemaOf(components.schemas, node, path.basename(file, '.ts'));
			files.set(place, await format(schema, place));
		}
	}
	return files;
}

/** Of an operation, and where it goes: the node VizdomDataSource has the resource dataSource. */
function schemaOf(
	schemas: SpecifiedSchemas,
	node: string,
	operation: string,
): [place: string, schema: OutputSchema] {
	const name = node.replace('Vizdom', '');
	const resource = name.charAt(0).toLowerCase() + name.slice(1);
	const place = path.join(NODES_FOLDER, node, '__schema__/v1.0.0', resource, `${operation}.json`);
	if (operation === 'delete') return [place, DELETED];
	const record = plain(schemas, { $ref: name, type: 'object' });
	if (!hasFile(resource, operation)) return [place, record];
	return [place, { ...record, properties: { ...record.properties, file: FILE } }];
}

function hasFile(resource: string, operation: string): boolean {
	return resource === 'export' && ['create', 'download'].includes(operation);
}

/** A schema of the specification without references, and without what the editor does not read. */
function plain(schemas: SpecifiedSchemas, schema: SpecifiedSchema): OutputSchema {
	const { $ref, oneOf, type, properties } = schema;
	if ($ref) return plain(schemas, schemas[path.basename($ref)] as SpecifiedSchema);
	if (oneOf) return { type: oneOf.flatMap((one) => plain(schemas, one).type) };
	if (!properties) return { type };
	const fields = Object.entries(properties).map(([name, field]) => [name, plain(schemas, field)]);
	return { type, properties: Object.fromEntries(fields) as OutputSchema['properties'] };
}

async function format(schema: OutputSchema, file: string): Promise<string> {
	const options = await prettier.resolveConfig(file);
	return await prettier.format(JSON.stringify(schema), { ...options, parser: 'json' });
}
