import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { SPECIFICATION } from './openapi.mts';

/** The part of JSON Schema that n8n's editor uses. */
export interface OutputSchema {
	/** If there are several, the editor shows the first. */
	type: string | string[];
	properties?: Record<string, OutputSchema>;
}

interface SpecifiedSchema extends OutputSchema {
	$ref?: string;
	oneOf?: SpecifiedSchema[];
	properties?: Record<string, SpecifiedSchema>;
}

type SpecifiedSchemas = Record<string, SpecifiedSchema>;

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
 * Each operation's output, by the file's path: n8n's editor shows it before the first run. n8n
 * looks for the file next to the node, by the node's version, resource and operation.
 */
export async function generateSchemas(nodes: string): Promise<Map<string, string>> {
	const { components } = parse(await readFile(SPECIFICATION, 'utf8')) as {
		components: { schemas: SpecifiedSchemas };
	};
	const files = new Map<string, string>();
	for (const place of await readdir(nodes, { recursive: true })) {
		const [, name = '', operation = ''] = /^Vizdom(\w+).operations.(\w+)\.ts$/.exec(place) ?? [];
		if (!name) continue;
		const resource = name.charAt(0).toLowerCase() + name.slice(1);
		const folder = path.join(nodes, `Vizdom${name}`, '__schema__/v1.0.0', resource);
		const schema = schemaOf(components.schemas, name, operation);
		files.set(path.join(folder, `${operation}.json`), JSON.stringify(schema));
	}
	return files;
}

function schemaOf(schemas: SpecifiedSchemas, name: string, operation: string): OutputSchema {
	if (operation === 'delete') return DELETED;
	const record = plain(schemas, { $ref: name, type: 'object' });
	if (name !== 'Export' || !['create', 'download'].includes(operation)) return record;
	return { ...record, properties: { ...record.properties, file: FILE } };
}

/** A schema of the specification without references and without what the editor ignores. */
function plain(schemas: SpecifiedSchemas, schema: SpecifiedSchema): OutputSchema {
	const { $ref, oneOf, type, properties } = schema;
	if ($ref) return plain(schemas, schemas[path.basename($ref)] as SpecifiedSchema);
	if (oneOf) return { type: oneOf.flatMap((one) => plain(schemas, one).type) };
	if (!properties) return { type };
	const fields = Object.entries(properties).map(([name, field]) => [name, plain(schemas, field)]);
	return { type, properties: Object.fromEntries(fields) as OutputSchema['properties'] };
}
