import { readdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { loadOutputSchema } from 'n8n-core';
import type { IDataObject, INodeProperties, INodePropertyOptions, INodeType } from 'n8n-workflow';
import { loader, runNode } from '../engine/engine.mts';
import type { Outcome } from '../engine/engine.mts';
import { locator, useSandbox } from '../engine/support.mts';
import type { OutputSchema } from '../sandbox/generate-schemas.mts';

interface NodeOperation {
	node: string;
	resource: string;
	operation: string;
	fields: INodeProperties[];
}

const setup = useSandbox();

const firstItem = locator('={{ $json.id }}');

const nodes = Object.values(loader.nodeTypes)
	.map(({ type }) => type as INodeType)
	.filter(({ poll }) => !poll);

const operations = nodes.flatMap(({ description: { name, properties } }) =>
	optionsOf(properties, 'operation').map(
		({ value }): NodeOperation => ({
			node: name,
			resource: String(optionsOf(properties, 'resource')[0]?.value),
			operation: String(value),
			fields: properties.filter(({ displayOptions }) =>
				displayOptions?.show?.operation?.includes(value),
			),
		}),
	),
);

function optionsOf(properties: INodeProperties[], name: string): INodePropertyOptions[] {
	return (properties.find((property) => property.name === name)?.options ??
		[]) as INodePropertyOptions[];
}

/** Where n8n looks for a node's schemas. */
function folderOf(node: string): string {
	const { sourcePath } = loader.known.nodes[node] ?? { sourcePath: '' };
	return dirname(resolve(loader.directory, sourcePath));
}

function schemaOf({ node, resource, operation }: NodeOperation): OutputSchema | undefined {
	const nodeDir = folderOf(node);
	return loadOutputSchema({ nodeDir, version: 1, resource, operation }) as OutputSchema | undefined;
}

async function run({ node, resource, operation, fields }: NodeOperation): Promise<Outcome> {
	const { dashboards, dataSources, exports, users } = setup.sandbox.store;
	const records: Record<string, ReadonlyArray<{ id: string }>> = {
		dashboardId: dashboards.all,
		dataSourceId: dataSources.all,
		exportId: exports.all.filter(({ failure }) => !failure),
		userId: users.all.filter(({ role }) => role === 'viewer'), // not the owner
	};
	const id = fields.find(({ name }) => name in records)?.name ?? '';
	return await runNode({
		node,
		credential: setup.credential(),
		parameters: { resource, operation, returnAll: true, ...valuesOf(fields) },
		input: [{ json: { id: records[id]?.[0]?.id } }],
	});
}

/** A user's input: the input item's record and the placeholders. */
function valuesOf(fields: INodeProperties[]): IDataObject {
	return Object.fromEntries(
		fields.flatMap((field): Array<[string, IDataObject[string]]> => {
			const { name, type, options = [], placeholder = '' } = field;
			if (type === 'resourceLocator') return [[name, firstItem]];
			if (type === 'options') return [[name, (options[0] as INodePropertyOptions).value]];
			if (name === 'updateFields') return [[name, valuesOf(options as INodeProperties[])]];
			return placeholder.startsWith('e.g. ') ? [[name, placeholder.slice(5)]] : [];
		}),
	);
}

/** Differences between a value and its schema. */
function* differences(value: unknown, schema: OutputSchema, path: string): Generator<string> {
	if (![schema.type].flat().includes(typeOf(value))) yield `${path} is ${typeOf(value)}`;
	if (typeOf(value) !== 'object') return;
	for (const [name, field] of Object.entries(value as object)) {
		const said = schema.properties?.[name];
		if (said) yield* differences(field, said, `${path}.${name}`);
		else yield `${path}.${name} is not in the schema`;
	}
}

function typeOf(value: unknown): string {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'array';
	return Number.isInteger(value) ? 'integer' : typeof value;
}

beforeEach(() => {
	setup.sandbox.settings.exportDurationMs = 0;
});

test.each(operations)('$node outputs what the schema of $operation says', async (operation) => {
	const schema = schemaOf(operation);
	const { items, error } = await run(operation);
	expect(error).toBeUndefined();
	expect(schema).toBeDefined();
	expect(items.flatMap(({ json }) => [...differences(json, schema!, '$json')])).toEqual([]);
	const seen = new Set(items.flatMap(({ json }) => Object.keys(json)));
	expect([...seen].sort()).toEqual(Object.keys(schema?.properties ?? {}).sort());
});

test('every schema is of an existing operation', () => {
	const found = nodes.flatMap(({ description: { name } }) =>
		readdirSync(resolve(folderOf(name), '__schema__'), { recursive: true })
			.map(String)
			.filter((file) => file.endsWith('.json')),
	);
	const expected = operations.map(
		({ resource, operation }) => `v1.0.0/${resource}/${operation}.json`,
	);
	expect(found.sort()).toEqual(expected.sort());
});
