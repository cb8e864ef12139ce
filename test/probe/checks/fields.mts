import { asAssumed, differs, notToBeSeen, type Check, type Seen } from '../check.mts';
import { resources, type Item, type Known, type Resource } from '../known.mts';
import { api, inCode, inContract, type Schema } from '../places.mts';
import { isOfType, isTimestamp, propertiesOf, schemaOf, typeOf, valuesOf } from '../schema.mts';

const mostShown = 5;

export const fieldChecks: Check[] = resources.map((resource) => ({
	what: `Fields of a ${resource.name}`.replace('a export', 'an export'),
	assumed: (schemaOf(resource.schema).required ?? []).join(', '),
	where: inContract(resource.schema),
	see: (known) => {
		const items = itemsOf(known, resource);
		if (items.length === 0) return notToBeSeen(`there is no ${resource.name}`);
		const wrong = propertiesOf(resource.schema)
			.map(([field, schema]) => ({ field, problem: problemOf(items, resource, field, schema) }))
			.filter(({ problem }) => problem !== '');
		const problems = wrong.map(({ problem }) => problem).join(', ');
		const [{ field } = { field: '' }] = wrong;
		if (wrong.length === 1) return differs(problems, inContract(resource.schema, field));
		return wrong.length > 1 ? differs(problems) : asAssumed(unknownFields(items, resource));
	},
}));

function itemsOf({ lists }: Known, resource: Resource): Item[] {
	return lists.get(resource)?.items ?? [];
}

/** What is wrong with a field, but for the values of texts: other checks look at these. */
function problemOf(
	items: Item[],
	{ schema: name }: Resource,
	field: string,
	schema: Schema,
): string {
	const isRequired = schemaOf(name).required?.includes(field);
	if (isRequired && items.some((item) => !(field in item))) return `no ${field}`;
	if (isTimestamp(schema)) return '';
	const others = items.filter((item) => field in item && !isOfType(item[field], schema));
	return others[0] ? `${field} is ${typeOf(others[0][field])}` : '';
}

function unknownFields(items: Item[], { schema }: Resource): string {
	const known = new Set(propertiesOf(schema).map(([field]) => field));
	const unknown = [...new Set(items.flatMap(Object.keys))].filter((field) => !known.has(field));
	const records = `in ${items.length} record${items.length === 1 ? '' : 's'}`;
	return unknown.length === 0 ? records : `${records}; and ${shown(unknown)}`;
}

/** Values that the code has in a list of its own. */
const inApi: Record<string, string> = {
	'User.role': inCode(api, 'roles'),
	'Export.format': inCode(api, 'exportFormats'),
};

export const valueChecks: Check[] = resources.flatMap((resource) =>
	propertiesOf(resource.schema).flatMap(([field, schema]) => {
		const values = valuesOf(schema);
		return values ? [valueCheck(resource, field, values)] : [];
	}),
);

function valueCheck(resource: Resource, field: string, values: string[]): Check {
	const { name, schema, plural } = resource;
	return {
		what: `${field[0]?.toUpperCase()}${field.slice(1)} of a ${name}`.replace(
			'a export',
			'an export',
		),
		assumed: values.join(', '),
		where: inApi[`${schema}.${field}`] ?? inContract(schema, field),
		see: (known) => {
			const texts = itemsOf(known, resource).map((item) => item[field]);
			const seen = new Set(texts.filter((text) => typeof text === 'string'));
			const others = [...seen].filter((text) => !values.includes(text));
			if (seen.size === 0) return notToBeSeen(`the ${plural} have none`);
			return others.length > 0 ? differs(shown(others)) : asAssumed(shown([...seen]));
		},
	};
}

export const timestamps: Check = {
	what: 'Times',
	assumed: 'ISO 8601, UTC',
	where: inContract('Timestamp'),
	see: (known) => {
		const times = resources.flatMap((resource) => timesOf(known, resource));
		const other = times.find(([, value]) => typeof value !== 'string' || !isoUtc.test(value));
		return judged(times, other);
	},
};

const isoUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]00:?00)$/;

function timesOf(known: Known, resource: Resource): Array<[field: string, value: unknown]> {
	const fields = propertiesOf(resource.schema).filter(([, schema]) => isTimestamp(schema));
	return fields
		.flatMap(([field]) =>
			itemsOf(known, resource).map((item): [string, unknown] => [field, item[field]]),
		)
		.filter(([, value]) => value !== undefined && value !== null);
}

function judged(
	[first]: Array<[field: string, value: unknown]>,
	other?: [field: string, value: unknown],
): Seen {
	if (!first) return notToBeSeen('no record has any');
	const [field, value] = other ?? first;
	const example = `such as ${field}: ${JSON.stringify(value)}`;
	return other ? differs(example) : asAssumed(example);
}

function shown(texts: string[]): string {
	const rest = texts.length > mostShown ? ', …' : '';
	return texts.slice(0, mostShown).join(', ') + rest;
}
