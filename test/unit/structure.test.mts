import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
	type IDataObject,
	type INode,
	type INodeProperties,
	type INodePropertyOptions,
	type INodeType,
	type INodeTypeDescription,
	NodeHelpers,
} from 'n8n-workflow';
import { paths } from '../../nodes/shared/vizdom/facts.ts';
import { loader, packageName } from '../engine/engine.mts';

/** The modes of locators with more than the usual ones. */
const modesOf: Record<string, string[]> = {
	dashboardId: ['list', 'url', 'id'],
	userId: ['list', 'email', 'id'],
};

/**
 * Saved workflows contain the names of nodes, operations, events and parameters: those in
 * __snapshots__ must never change. Add new ones with `npm test -- test/unit/structure -u`.
 */
const all = Object.values(loader.nodeTypes).map(({ type }) => type as INodeType);

const nodes = all.filter(({ poll }) => poll === undefined);
const triggers = all.filter(({ poll }) => poll !== undefined);

function operationsOf({ properties }: INodeTypeDescription): INodePropertyOptions[] {
	const operation = properties.find(({ name }) => name === 'operation');
	return (operation?.options ?? []) as INodePropertyOptions[];
}

function fieldsOf({ properties }: INodeTypeDescription, operation: string): INodeProperties[] {
	return properties.filter(({ displayOptions }) =>
		displayOptions?.show?.operation?.includes(operation),
	);
}

function namesOf(fields: INodeProperties[]): string[] {
	const names = fields
		.filter(({ type }) => type !== 'notice')
		.flatMap(({ name, type, options = [] }) =>
			type === 'collection' ? options.map((option) => `${name}.${option.name}`) : [name],
		);
	return [...new Set(names)];
}

function defaultOf(fields: INodeProperties[], name: string): unknown {
	return fields.find((field) => field.name === name)?.default;
}

/** Every value below a description, with the keys that lead to it. */
function* walk(value: unknown, path: string[] = []): Generator<[path: string[], value: unknown]> {
	yield [path, value];
	if (typeof value !== 'object' || value === null) return;
	for (const [key, child] of Object.entries(value)) yield* walk(child, [...path, key]);
}

test('n8n loads the nodes and the credential by their fixed names', () => {
	expect(all.map(({ description }) => description.name).sort()).toMatchSnapshot();
	expect(Object.keys(loader.credentialTypes)).toEqual(['vizdomApi']);
	const { properties } = loader.getCredential('vizdomApi').type;
	expect(properties.map(({ name, default: value }) => [name, value])).toEqual([
		['apiKey', ''],
		['baseUrl', 'https://api.vizdom.ai/v1'],
		['requestsPerMinute', 1000],
	]);
	expect(properties[0]?.typeOptions).toEqual({ password: true });
});

describe.each(nodes.map((node) => [node.description.name, node] as const))('%s', (name, node) => {
	const { description } = node;
	const operations = operationsOf(description);

	test('has the fixed operations and parameters', () => {
		const found = operations.map(({ value }) => [
			value,
			namesOf(fieldsOf(description, String(value))).sort(),
		]);
		expect(Object.fromEntries(found)).toMatchSnapshot();
	});

	test('has what n8n shows', () => {
		expect(description).toMatchObject({
			usableAsTool: true,
			credentials: [{ name: 'vizdomApi', required: true, testedBy: 'vizdomApiTest' }],
			description: expect.stringMatching(/\w/),
			subtitle: expect.stringMatching(/operation.*: [a-z ]+$/),
			documentationUrl: expect.stringMatching(/#operations$/),
			codex: { categories: expect.arrayContaining(['Analytics']) },
		});
		expect(node.methods?.credentialTest).toHaveProperty('vizdomApiTest');
		expect(loader.nodeTypes[name]?.type.description).toMatchObject({
			iconUrl: {
				light: `icons/${packageName}/dist/icons/vizdom.svg`,
				dark: `icons/${packageName}/dist/icons/vizdom.dark.svg`,
			},
		});
	});

	test.each(operations.map((operation) => [operation.value, operation] as const))(
		'%s has a description, and a driver',
		(_, { name: title, action, description: text, routing }) => {
			expect(title).toMatch(/^[A-Z]/);
			expect(action).toMatch(/^[A-Z][a-z]+ [a-z ]+$/);
			expect(text).toMatch(/^[A-Z].*[^.]$/);
			expect(text).not.toBe(title);
			// Each alone does nothing: n8n pages only with both.
			expect(routing?.send?.paginate).toBe(true);
			expect(typeof routing?.operations?.pagination).toBe('function');
			expect(Object.values(paths)).toContain(routing?.request?.url);
		},
	);

	test('each ID in a path is a field of the operation, and no URL is built by an expression', () => {
		for (const [path, value] of walk(description.properties)) {
			if (path.at(-1) === 'url') expect(value).not.toMatch(/^=/);
		}
		for (const { value, routing } of operations) {
			const names = namesOf(fieldsOf(description, String(value)));
			for (const [, id] of String(routing?.request?.url).matchAll(/\{(\w+)\}/g)) {
				expect(names).toContain(id);
			}
		}
	});

	test('each locator lists, searches and takes an ID', () => {
		const locators = description.properties.filter(({ type }) => type === 'resourceLocator');
		expect(locators.length).toBeGreaterThan(0);
		for (const locator of locators) {
			const modes = (locator.modes ?? []).map((mode) => mode.name);
			expect(modes).toEqual(modesOf[locator.name] ?? ['list', 'id']);
			expect(locator.default).toEqual({ mode: 'list', value: '' });
			const { searchListMethod, searchable } = locator.modes?.[0]?.typeOptions ?? {};
			expect(searchable).toBe(true);
			expect(node.methods?.listSearch).toHaveProperty(String(searchListMethod));
		}
	});
});

describe.each(triggers.map((trigger) => [trigger.description.name, trigger] as const))(
	'%s',
	(name, type) => {
		const { properties, ...description } = type.description;
		const event = properties.find((property) => property.name === 'event');
		const options = (event?.options ?? []) as INodePropertyOptions[];

		test('has the fixed events and filters', () => {
			const found = options.map(({ value }) => {
				const filters = properties.filter(({ displayOptions }) =>
					displayOptions?.show?.event?.includes(value),
				);
				return [value, filters.flatMap((filter) => (filter.options ?? []).map((one) => one.name))];
			});
			expect(Object.fromEntries(found)).toMatchSnapshot();
			expect(event?.default).toBe(options[0]?.value);
		});

		test('is shown in the panel with its node, one entry per event', () => {
			const node = loader.getNode(name.replace('Trigger', '')).type;
			const ofNode = node.description as INodeTypeDescription;
			expect(description.displayName).toBe(`${ofNode.displayName} Trigger`);
			// n8n's panel looks for an option list of this name (n8n-editor-ui 2.40.7, useActionsGeneration).
			expect(event?.displayName).toBe('Trigger On');
			for (const { name: title, action, description: text } of options) {
				expect(action).toBe(`On ${title.toLowerCase()}`);
				expect(text).toMatch(/^[A-Z].*[^.]$/);
			}
			expect(description).toMatchObject({
				polling: true,
				// n8n's panel shows it for both.
				description: ofNode.description,
				subtitle: expect.stringContaining(`}}: ${ofNode.subtitle?.split('}}: ')[1]}`),
				documentationUrl: expect.stringMatching(
					/#start-a-workflow-when-something-happens-in-vizdom$/,
				),
				inputs: [],
				credentials: [{ name: 'vizdomApi', required: true, testedBy: 'vizdomApiTest' }],
				codex: { categories: expect.arrayContaining(['Analytics']) },
			});
		});
	},
);

test('the defaults are the fixed ones', () => {
	const description = (name: string) =>
		loader.getNode(name).type.description as INodeTypeDescription;
	for (const node of nodes) {
		const fields = fieldsOf(node.description, 'getAll');
		expect([defaultOf(fields, 'returnAll'), defaultOf(fields, 'limit')]).toEqual([false, 50]);
	}
	const fields = fieldsOf(description('vizdomExport'), 'create');
	const options = (fields.find(({ name }) => name === 'options')?.options ??
		[]) as INodeProperties[];
	expect({
		waitForCompletion: defaultOf(fields, 'waitForCompletion'),
		downloadFile: defaultOf(fields, 'downloadFile'),
		timeout: defaultOf(options, 'timeout'),
		binaryPropertyName: defaultOf(options, 'binaryPropertyName'),
	}).toEqual({
		waitForCompletion: true,
		downloadFile: true,
		timeout: 300,
		binaryPropertyName: 'data',
	});
});

test('As an AI tool, Export: Create downloads only if told to, and says where files go', () => {
	const { description } = loader.getNode('vizdomExport').type as INodeType;
	const asTool = { ...description, name: 'vizdomExportTool' };
	const node = { typeVersion: 1 } as INode;
	const shownIn = (type: INodeTypeDescription) => {
		const chosen = { resource: 'export', operation: 'create' };
		const { properties } = type;
		return {
			values: NodeHelpers.getNodeParameters(properties, chosen, true, false, node, type),
			notices: properties.filter(
				(field) =>
					field.type === 'notice' && NodeHelpers.displayParameter(chosen, field, node, type),
			).length,
		};
	};
	expect(shownIn(description)).toMatchObject({ values: { downloadFile: true }, notices: 0 });
	expect(shownIn(asTool)).toMatchObject({ values: { downloadFile: false }, notices: 1 });
});

test.each([
	['export pdf', 'vizdomExport'],
	['pdf export', 'vizdomExport'],
	['Excel', 'vizdomExport'],
	['spreadsheet', 'vizdomExport'],
	['image', 'vizdomExport'],
])('the panel finds by "%s" the node %s and its trigger', (word, name) => {
	for (const type of [name, `${name}Trigger`]) {
		const { codex } = loader.getNode(type).type.description as INodeTypeDescription;
		expect(codex?.alias).toContain(word);
	}
});

test('package.json lists every node and credential, and needs nothing at run time', () => {
	const root = resolve(import.meta.dirname, '../..');
	const manifest = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as IDataObject;
	expect(manifest.dependencies).toBeUndefined();
	expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	expect((manifest.n8n as IDataObject).strict).toBe(true);
});

test("A dashboard's wrong address is one issue in the editor, not one per parameter of that name", () => {
	for (const { description } of nodes.filter(({ description }) =>
		/export/i.test(description.name),
	)) {
		const dashboardId = { __rl: true, mode: 'url', value: 'https://example.com' };
		const parameters = { resource: 'export', operation: 'create', dashboardId, format: 'pdf' };
		const node = { name: 'Export', parameters, typeVersion: 1 } as unknown as INode;
		const issues = NodeHelpers.getNodeParametersIssues(description.properties, node, description);
		expect(issues?.parameters?.dashboardId).toEqual([
			'Not the address of a Vizdom dashboard: copy it while the dashboard is open in the browser',
		]);
	}
});
