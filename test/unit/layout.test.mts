import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';
import type { INodeProperties } from 'n8n-workflow';
import { loader } from '../engine/engine.mts';

const root = resolve(import.meta.dirname, '../..');

const sources = ['nodes', 'credentials'].flatMap((folder) =>
	readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
		.map((file) => {
			const path = `${folder}/${file}`;
			const text = readFileSync(resolve(root, path), 'utf8');
			return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
		}),
);

/**
 * The layers of `nodes/`, from the bottom. A file imports only from its own layer and those below.
 */
const floors = [/^nodes\/shared\/http\//, /^nodes\/shared\/vizdom\//, /^nodes\/shared\/n8n\//, /./];

function floorOf(path: string): number {
	return floors.findIndex((floor) => floor.test(path));
}

interface Import {
	from: string;
	to: string;
	names: string[];
	isTypeOnly: boolean;
}

const imports = sources.flatMap((source) =>
	source.statements.filter(ts.isImportDeclaration).map((statement): Import => {
		const { text } = statement.moduleSpecifier as ts.StringLiteral;
		const bindings = statement.importClause?.namedBindings;
		return {
			from: source.fileName,
			to: text.startsWith('.') ? pathOf(source.fileName, text) : text,
			names: bindings && ts.isNamedImports(bindings) ? valuesOf(bindings) : [],
			isTypeOnly: statement.importClause?.isTypeOnly ?? false,
		};
	}),
);

function pathOf(from: string, specifier: string): string {
	const path = resolve(root, dirname(from), specifier);
	const file = ['.ts', '.d.ts'].map((ending) => path + ending).find(existsSync);
	return relative(root, file ?? path);
}

function valuesOf({ elements }: ts.NamedImports): string[] {
	return elements
		.filter(({ isTypeOnly }) => !isTypeOnly)
		.map(({ propertyName, name }) => (propertyName ?? name).text);
}

test('no file imports from a layer above its own, and no node from another', () => {
	const wrong = imports.filter(({ from, to }) => {
		const isOtherNode = [from, to].every((path) => /^nodes\/Vizdom/.test(path));
		if (isOtherNode) return dirname(from).split('/')[1] !== dirname(to).split('/')[1];
		return to.startsWith('nodes/') && floorOf(to) > floorOf(from);
	});
	expect(wrong).toEqual([]);
});

test('no imports are circular', () => {
	const circles: string[][] = [];
	const done = new Set<string>();
	const visit = (file: string, way: string[]) => {
		if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file]);
		if (way.includes(file) || done.has(file)) return;
		for (const { to } of imports.filter(({ from, isTypeOnly }) => from === file && !isTypeOnly)) {
			visit(to, [...way, file]);
		}
		done.add(file);
	};
	for (const { fileName } of sources) visit(fileName, []);
	expect(circles).toEqual([]);
});

test("the two lower layers use only n8n's types, errors and timer", () => {
	const known = ['NodeApiError', 'UserError', 'sleep'];
	const used = imports
		.filter(({ from, to, isTypeOnly }) => to === 'n8n-workflow' && !isTypeOnly && floorOf(from) < 2)
		.flatMap(({ names }) => names);
	expect(used.filter((name) => !known.includes(name))).toEqual([]);
});

test("n8n's request helpers are called in one place, except for the credential's test", () => {
	const users = sources
		.filter(({ text }) => /helpers\s*\.\s*(httpRequest|request)|\.httpRequest/.test(text))
		.map(({ fileName }) => fileName);
	expect(users.sort()).toEqual([
		'nodes/shared/n8n/credentialTest.ts',
		'nodes/shared/n8n/transport.ts',
	]);
});

test('no function is longer than 40 lines', () => {
	const long: string[] = [];
	for (const source of sources) {
		const visit = (node: ts.Node): void => {
			if (ts.isFunctionLike(node) && linesOf(source, node) > 40) {
				long.push(`${source.fileName}: ${node.name?.getText() ?? 'a function'}`);
			}
			ts.forEachChild(node, visit);
		};
		visit(source);
	}
	expect(long).toEqual([]);
});

function linesOf(source: ts.SourceFile, node: ts.Node): number {
	const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
	return lineOf(node.getEnd()) - lineOf(node.getStart()) + 1;
}

test('each field that goes into a request body has a check', () => {
	const all = Object.values(loader.nodeTypes).flatMap(
		({ type }) =>
			(type as { description: { properties: INodeProperties[] } }).description.properties,
	);
	const nested = all.flatMap(({ type, options }) =>
		type === 'collection' ? (options as INodeProperties[]) : [],
	);
	const sent = [...all, ...nested].filter(({ routing }) => routing?.send?.type === 'body');
	expect(sent.length).toBeGreaterThan(8);
	expect(
		sent.filter((field) => typeof (field as { check?: unknown }).check !== 'function'),
	).toEqual([]);
});
