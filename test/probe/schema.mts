import { specification, type Schema } from './places.mts';

export function schemaOf(name: string): Schema {
	const schema = specification.components.schemas[name];
	if (!schema) throw new Error(`The contract has no schema ${name}.`);
	return schema;
}

export function propertiesOf(name: string): Array<[field: string, schema: Schema]> {
	return Object.entries(schemaOf(name).properties ?? {});
}

const timestampRef = '#/components/schemas/Timestamp';

export function isTimestamp({ $ref, oneOf = [] }: Schema): boolean {
	return $ref === timestampRef || oneOf.some(isTimestamp);
}

/** The values that the contract lists, where it lists them. */
export function valuesOf(schema: Schema): string[] | undefined {
	return resolved(schema).enum;
}

/** Whether a value is of the type, whatever its format or range. */
export function isOfType(value: unknown, schema: Schema): boolean {
	const { type, oneOf } = resolved(schema);
	if (oneOf) return oneOf.some((choice) => isOfType(value, choice));
	return [type ?? []].flat().some((name) => name === typeOf(value) || isWhole(name, value));
}

function isWhole(type: string, value: unknown): boolean {
	return type === 'integer' && Number.isInteger(value);
}

function resolved(schema: Schema): Schema {
	const name = schema.$ref?.split('/').at(-1);
	return name === undefined ? schema : schemaOf(name);
}

export function typeOf(value: unknown): string {
	if (value === null) return 'null';
	return Array.isArray(value) ? 'array' : typeof value;
}

const mostFields = 8;

/** What a JSON value is made of, without its values: `{"error": {"code": string}}`. */
export function shapeOf(value: unknown, depth = 2): string {
	if (value === undefined) return 'no JSON';
	if (Array.isArray(value)) return value.length ? `[${shapeOf(value[0], depth - 1)}, …]` : '[]';
	if (typeof value !== 'object' || value === null) return typeOf(value);
	if (depth <= 0) return '{…}';
	const fields = Object.entries(value).slice(0, mostFields);
	const shown = fields.map(
		([name, field]) => `${JSON.stringify(name)}: ${shapeOf(field, depth - 1)}`,
	);
	return `{${shown.join(', ')}${Object.keys(value).length > mostFields ? ', …' : ''}}`;
}
