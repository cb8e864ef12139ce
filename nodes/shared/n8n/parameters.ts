import type {
	IDataObject,
	IExecuteSingleFunctions,
	INodeProperties,
	IPollFunctions,
} from 'n8n-workflow';
import { shown } from '../vizdom/redactor';
import { type BodyField, oneOfItsOptions, parameterError, text } from './checks';

/**
 * The parameters of an input item, or of a trigger. A value that cannot be used is a {@link UserError}
 * that names the parameter and says what to do.
 */
export class Parameters {
	constructor(private readonly owner: IExecuteSingleFunctions | IPollFunctions) {}

	/** Whether a switch is on, also if an expression gives a text. */
	isOn(name: string, fallback: boolean): boolean {
		return ['true', true].includes(this.value(name, fallback) as string | boolean);
	}

	/** The value of an optional text; '' if it is not set, or an expression gives nothing. */
	text(field: INodeProperties, path: string): string {
		return text(this.value(path, '') ?? '', field).trim();
	}

	choice(field: INodeProperties, path: string): string {
		return oneOfItsOptions(this.value(path, ''), field);
	}

	value(path: string, fallback: unknown): unknown {
		return this.owner.getNodeParameter(path, fallback as object);
	}

	/**
	 * The ID that a resource locator names, in whichever of its modes. None that could not be part of a
	 * path: encodeURIComponent leaves `.` and `..` as they are, and URL parsers resolve them
	 * (RFC 3986, 5.2.4).
	 * @param path of the locator, if it is inside of a collection
	 */
	id(locator: INodeProperties, path: string = locator.name): string {
		const { displayName } = locator;
		const id = text(this.locatorValue(displayName, path) ?? '', locator).trim();
		if (!/^\.{0,2}$|\p{Surrogate}/u.test(id)) return id;
		const problem = id === '' ? 'is empty' : `is '${shown(id)}', which cannot be an ID`;
		throw parameterError(displayName, problem, 'Choose one from the list, or enter its ID.');
	}

	/** Fills in a path: `/dashboards/{dashboardId}` becomes `/dashboards/dash_abc123`. */
	filledPath(path: string, fields: INodeProperties[]): string {
		return path.replace(/\{(\w+)\}/g, (_, name: string) => {
			const locator = fields.find((field) => field.name === name);
			return locator ? encodeURIComponent(this.id(locator)) : '';
		});
	}

	/** n8n itself takes the ID out of a web address, and fails if there is none in it. */
	private locatorValue(displayName: string, path: string): unknown {
		try {
			return this.owner.getNodeParameter(path, '', { extractValue: true });
		} catch {
			return notAnAddress(displayName);
		}
	}
}

function notAnAddress(displayName: string): never {
	const problem = `is not the address of a Vizdom ${displayName.toLowerCase()}`;
	const advice = "Copy it from the browser's address bar, or choose 'By ID'.";
	throw parameterError(displayName, problem, advice);
}

/**
 * The request body as the API takes it.
 * @param body as n8n put it together from the fields of the operation
 * @throws {UserError} for the first field whose value cannot be used
 */
export function checkedBody(
	method: 'POST' | 'PATCH',
	body: IDataObject,
	fields: INodeProperties[],
): IDataObject {
	if (method === 'PATCH' && Object.keys(body).length === 0) {
		throw parameterError('Update Fields', 'is empty', 'Add at least one field to change.');
	}
	const checked = { ...body };
	for (const field of withNested(fields) as Array<INodeProperties & Partial<BodyField>>) {
		const { name, check } = field;
		if (check && name in body) checked[name] = check(body[name], field);
	}
	return checked;
}

/** Fields and the fields in their collections. */
export function withNested(fields: INodeProperties[]): INodeProperties[] {
	return fields.flatMap((field) =>
		field.type === 'collection' ? [field, ...(field.options as INodeProperties[])] : [field],
	);
}
