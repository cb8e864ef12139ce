import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { roleNeeded } from '../../nodes/shared/vizdom/facts.ts';
import { SPECIFICATION } from '../sandbox/openapi.mts';

type Operations = Record<string, { operationId: string; 'x-role': string }>;

const { paths } = parse(readFileSync(SPECIFICATION, 'utf8')) as {
	paths: Record<string, Operations>;
};

const roleNames: Record<string, string | undefined> = {
	viewer: undefined,
	editor: 'Editor or Admin',
	admin: 'Admin',
};

const operations = Object.entries(paths).flatMap(([path, methods]) =>
	Object.entries(methods)
		.filter(([, operation]) => operation['x-role'] !== undefined)
		.map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
);

test.each(operations)(
	'$operationId: a refusal (403) names the role of the contract',
	(operation) => {
		const { path, method, 'x-role': role } = operation;
		expect(Object.keys(roleNames)).toContain(role);
		expect(roleNeeded(method, path)).toBe(roleNames[role]);
	},
);
