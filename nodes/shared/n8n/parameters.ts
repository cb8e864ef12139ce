import type {
	IDataObject,
	IExecuteSingleFunctions,
	INodeProperties,
	IPollFunctions,
} from 'n8n-workflow';
import { isRecord } from '../vizdom/envelope';
import { shown } from '../vizdom/redactor';
import { unescaped, visible } from '../vizdom/text';
import {
	type BodyField,
	emailAddress,
	filledText,
	ifExpression,
	onOrOff,
	oneOfItsOptions,
	parameterError,
	text,
} from './checks';

/**
 * The parameters of an input item, or of a trigger. An unusable value throws a {@link UserError}
 * that names the parameter and says what to do.
 */
export class Parameters {
	constructor(private readonly owner: IExecuteSingleFunctions | IPollFunctions) {}

	/** @param path of the field, if it is in a collection */
	isOn(field: INodeProperties, path: string = field.name): boolean {
		return onOrOff(this.value(path, field.default), field);
	}

	/** Whether a field has no value, or a locator no ID. */
	isEmpty(path: string): boolean {
		const { value } = locatorValue(this.value(path, ''));
		return visible(String(value ?? '')) === '';
	}

	/** The value of an optional text; '' if it is not set or an expression gives nothing. */
	text(field: INodeProperties, path: string): string {
		return text(this.value(path, '') ?? '', field).trim();
	}

	filledText(field: INodeProperties, path: string): string {
		return filledText(this.value(path, ''), field);
	}

	choice(field: INodeProperties, path: string): string {
		return oneOfItsOptions(this.value(path, field.default), field);
	}

	value(path: string, fallback: unknown): unknown {
		return this.owner.getNodeParameter(path, fallback as object);
	}

	/**
	 * The ID that a resource locator names in any mode, also from a web address. By Email it is the
	 * e-mail address. Refuses IDs that cannot be part of a path: encodeURIComponent leaves `.` and
	 * `..` as they are, and URL parsers resolve them (RFC 3986, 5.2.4).
	 * @param path of the locator, if it is in a collection
	 */
	id(locator: INodeProperties, path: string = locator.name): string {
		const { displayName } = locator;
		const { mode, value } = locatorValue(this.value(path, ''));
		if (mode === 'email') return emailAddress(value, locator);
		const given = visible(text(value ?? '', locator));
		const isAddress = given !== '' && (mode === 'url' || isWebAddress(given));
		const id = isAddress ? idInAddress(given, locator) : given;
		if (!/^\.{0,2}$|\p{Surrogate}/u.test(id)) return id;
		if (id === '') throw parameterError(displayName, 'is empty', `${chooseOne} ${ifExpression}`);
		throw parameterError(displayName, `must be an ID, but is '${shown(id)}'`, chooseOne);
	}
}

const chooseOne = 'Choose one from the list, or enter its ID.';

/** An expression for the whole locator gives the value alone. */
function locatorValue(given: unknown): { mode?: unknown; value?: unknown } {
	return isRecord(given) && 'mode' in given ? given : { value: given };
}

function isWebAddress(text: string): boolean {
	return /^(https?:|app\.vizdom\.ai\/)/i.test(text);
}

/** The same as n8n's `extractValue`, in any letter case and without its percent escapes. */
function idInAddress(address: string, { displayName, modes = [] }: INodeProperties): string {
	const { extractValue } = modes.find(({ name }) => name === 'url') ?? {};
	if (!extractValue) {
		throw parameterError(displayName, `must be an ID, but is '${shown(address)}'`, chooseOne);
	}
	const [, escaped = '%'] = new RegExp(extractValue.regex, 'is').exec(address) ?? [];
	const id = unescaped(escaped);
	if (id !== undefined) return visible(id);
	const kind = `the address of a Vizdom ${displayName.toLowerCase()}`;
	const problem = `must be ${kind}, but is '${shown(address)}'`;
	const advice = "Copy it from the browser's address bar, or enter the ID alone under 'By ID'.";
	throw parameterError(displayName, problem, advice);
}

/**
 * The request body in the API's form.
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
		// A new record lacks these.
		if (method === 'POST' && checked[name] === '') delete checked[name];
	}
	return checked;
}

/** All fields, including those in collections. */
export function withNested(fields: INodeProperties[]): INodeProperties[] {
	return fields.flatMap((field) =>
		field.type === 'collection' ? [field, ...(field.options as INodeProperties[])] : [field],
	);
}
