import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { SPECIFICATION } from '../sandbox/openapi.mts';

export type Source = 'documented' | 'assumed';

interface Marked {
	'x-source'?: Source;
}

const specification = parse(readFileSync(SPECIFICATION, 'utf8')) as {
	paths: Record<string, Record<string, Marked>>;
	components: { schemas: Record<string, Marked> };
};

const isoUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]00:?00)$/;

const ajv = new Ajv2020({
	allErrors: true,
	verbose: true,
	strict: false,
	formats: { 'date-time': isoUtc, email: true, binary: true },
});
ajv.addSchema(specification, 'contract');

export function sourceOfList(path: string): Source {
	return specification.paths[path]?.get?.['x-source'] ?? 'assumed';
}

export function sourceOfSchema(name: string): Source {
	return specification.components.schemas[name]?.['x-source'] ?? 'assumed';
}

/** Where a value differs from a schema of the contract, by field. Fields may be added. */
export function problemsOf(schema: string, value: unknown): Map<string, string> {
	const validate = ajv.getSchema(`contract#/components/schemas/${schema}`);
	if (!validate) throw new Error(`The contract has no schema ${schema}.`);
	validate(value);
	const problems = new Map<string, string>();
	for (const { instancePath, keyword, params, message, data } of validate.errors ?? []) {
		if (keyword === 'additionalProperties') continue;
		const path = instancePath.slice(1).replaceAll('/', '.');
		const isMissing = keyword === 'required';
		const field = [path, isMissing && params.missingProperty].filter(Boolean).join('.');
		const isShown = /^(enum|format|type)$/.test(keyword) && Object(data) !== data;
		const shown = isShown ? ` (${JSON.stringify(data)})` : '';
		const text = isMissing ? `no ${field}` : `${field || 'it'} ${message}${shown}`;
		if (!problems.has(field)) problems.set(field, text);
	}
	return problems;
}
