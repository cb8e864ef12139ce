import { deepCopy, type IDataObject, type INodeProperties } from 'n8n-workflow';
import type { Vizdom } from '../vizdom/client';
import { createRecord, type Creation, namesOf } from '../vizdom/creation';
import { isRecord } from '../vizdom/envelope';
import type { VizdomError } from '../vizdom/errors';
import type { Driven, Driver } from './driver';
import { collection } from './fields';
import type { Operation } from './operation';

/** A resource whose records are looked up by name before one is created. */
interface Named extends Creation {
	resource: string; // in a text
	nameOf: (record: IDataObject) => unknown;
	/** The texts of If It Exists Already, in the operation's words */
	texts: { description: string; anyway: string; create: string; return: string; stop: string };
}

/** Creates a record, unless the option If It Exists Already says otherwise. */
export function creationOf(named: Named): Pick<Operation, 'driver' | 'fields'> {
	const ifExists = ifExistsOf(named);
	const driver: Driver = async (driven) => {
		const { parameters, vizdom, request } = driven;
		const choice = parameters.choice(ifExists, 'options.ifExists');
		if (choice === 'create') return [{ json: await created(driven, named) }];
		const { record, existing } = await createdOrExisting(driven, named);
		if (record) return [{ json: record }];
		const [only = {}, ...others] = existing;
		const isClear = choice === 'return' && others.length === 0;
		if (isClear) return [{ json: deepCopy(only) }];
		const { resource, nameOf } = named;
		const name = vizdom.shown(nameOf(request.body ?? {}));
		const ids = namesOf(existing, vizdom);
		if (choice === 'stop') throw stopped(vizdom, `The ${resource} '${name}' already exists`, ids);
		const message = `There are ${existing.length} ${resource}s named '${name}': ${ids}`;
		const description = 'Nothing was created. Get the one you mean by its ID.';
		throw vizdom.error(message, description);
	};
	return { driver, fields: [collection('Options', 'options', 'Add Option', [ifExists])] };
}

function ifExistsOf({ texts }: Named): INodeProperties {
	return {
		displayName: 'If It Exists Already',
		name: 'ifExists',
		type: 'options',
		options: [
			{ name: texts.anyway, value: 'create', description: texts.create },
			{ name: 'Return the Existing One', value: 'return', description: texts.return },
			{ name: 'Stop', value: 'stop', description: texts.stop },
		],
		default: 'create',
		description: texts.description,
	};
}

async function created({ vizdom, request }: Driven, creation: Creation): Promise<IDataObject> {
	const { method, path, body = {} } = request;
	return await createRecord(vizdom, creation, body, async () => {
		const { data } = await vizdom.send<unknown>(method, path, body);
		return isRecord(data) ? (data as IDataObject) : {};
	});
}

/** The new record, or those with its name, also one just created for another item. */
async function createdOrExisting(
	driven: Driven,
	named: Named,
): Promise<{ record?: IDataObject; existing: IDataObject[] }> {
	const { vizdom, request, run } = driven;
	const keyOf = (record: IDataObject) => String(named.nameOf(record) ?? '');
	const key = keyOf(request.body ?? {});
	const records = await run.list<IDataObject>(vizdom, named.list);
	const existing = records.filter((record) => keyOf(record) === key);
	if (existing.length > 0) return { existing };
	const { value, isFirst } = await run.once(key, async () => await created(driven, named));
	return isFirst ? { record: value, existing } : { existing: [value] };
}

function stopped(vizdom: Vizdom, problem: string, ids: string): VizdomError {
	return vizdom.error(
		[problem, ids].filter(Boolean).join(': '),
		"Nothing was created. To continue with the existing one, set 'If It Exists Already' to 'Return the Existing One'.",
	);
}
