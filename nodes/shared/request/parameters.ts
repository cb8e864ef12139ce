import { NodeOperationError } from 'n8n-workflow';
import type { IDataObject, IExecuteSingleFunctions, IPollFunctions } from 'n8n-workflow';
import { exportFormats, roles } from '../api';
import * as locators from '../fields/locators';

/** Says that a parameter's value cannot be used. `message` names the parameter, `description` says what to do. */
class ParameterProblem extends Error {
	constructor(
		message: string,
		readonly description: string,
	) {
		super(message);
	}
}

type LocatorName = keyof typeof locators;

/** Whose parameters are read: an input item's, or the trigger's. */
type Owner = IExecuteSingleFunctions | IPollFunctions;

/**
 * Fills in a path: `/dashboards/{dashboardId}` becomes `/dashboards/dash_abc123`.
 *
 * @throws {NodeOperationError} where an id is missing, or would change the path
 */
export function filledPath(item: IExecuteSingleFunctions, path: string): string {
	return path.replace(/\{(\w+)\}/g, (_, name: LocatorName) =>
		encodeURIComponent(idParameter(item, name)),
	);
}

/**
 * The ID that a resource locator names, in whichever of its modes.
 *
 * @param path where the locator is, if it is inside of a collection
 * @throws {NodeOperationError} where there is none, or where it could not stand in a path:
 * encodeURIComponent leaves `.` and `..` as they are, and URL parsers resolve them (RFC 3986, 5.2.4)
 */
export function idParameter(owner: Owner, name: LocatorName, path: string = name): string {
	const { displayName } = locators[name];
	return checked(owner, () => {
		const value = locatorValue(owner, name, path);
		const id = text(displayName, value ?? '').trim();
		if (id === '') {
			throw new ParameterProblem(
				`The parameter '${displayName}' is empty`,
				'Choose one from the list, or enter its ID.',
			);
		}
		if (id === '.' || id === '..' || /\p{Surrogate}/u.test(id)) {
			throw new ParameterProblem(
				`The parameter '${displayName}' is '${id}', which cannot be an ID`,
				'Choose one from the list, or enter its ID.',
			);
		}
		return id;
	});
}

/** n8n itself takes the ID out of a web address, and fails where there is none in it. */
function locatorValue(owner: Owner, name: LocatorName, path: string): unknown {
	try {
		return owner.getNodeParameter(path, '', { extractValue: true });
	} catch {
		return notAnAddress(locators[name].displayName);
	}
}

function notAnAddress(displayName: string): never {
	throw new ParameterProblem(
		`The parameter '${displayName}' is not the address of a Vizdom ${displayName.toLowerCase()}`,
		"Copy it from the browser's address bar, or choose 'By ID'.",
	);
}

/**
 * How many records Get Many is to return.
 *
 * @returns a whole number from 1, or Infinity for all
 * @throws {NodeOperationError} where Limit is anything else
 */
export function recordsWanted(item: IExecuteSingleFunctions): number {
	if (isOn(item, 'returnAll', false)) return Infinity;
	const value = item.getNodeParameter('limit', 50);
	const limit = isScalar(value) && value !== '' ? Number(value) : NaN;
	return checked(item, () => {
		if (Number.isInteger(limit) && limit > 0) return limit;
		throw new ParameterProblem(
			`The parameter 'Limit' is ${shown(value)}`,
			"Enter a whole number from 1, or turn on 'Return All'.",
		);
	});
}

/** Whether a switch is on, also where an expression gives a text. */
export function isOn(item: IExecuteSingleFunctions, name: string, fallback: boolean): boolean {
	return ['true', true].includes(item.getNodeParameter(name, fallback) as string | boolean);
}

/**
 * The value of a text option.
 *
 * @returns '' where it is not set, or an expression gives nothing
 * @throws {NodeOperationError} where it is a list or an object
 */
export function textOption(
	item: IExecuteSingleFunctions,
	name: string,
	displayName: string,
): string {
	return checked(item, () => text(displayName, item.getNodeParameter(name, '') ?? '').trim());
}

/**
 * The value of a parameter that is one of a list.
 *
 * @throws {NodeOperationError} where it is none of them
 */
export function choice(
	owner: Owner,
	path: string,
	displayName: string,
	choices: readonly string[],
): string {
	return checked(owner, () => oneOf(displayName, choices, owner.getNodeParameter(path, '')));
}

/**
 * The request body as the API takes it: texts are texts, JSON is parsed, choices are known ones.
 *
 * @param body as n8n put it together from the fields of the operation
 * @throws {NodeOperationError} for the first field whose value cannot be used
 */
export function checkedBody(
	item: IExecuteSingleFunctions,
	method: 'POST' | 'PATCH',
	body: IDataObject,
): IDataObject {
	return checked(item, () => {
		const fields = Object.entries(body);
		if (method === 'PATCH' && fields.length === 0) {
			throw new ParameterProblem(
				"The parameter 'Update Fields' is empty",
				'Add at least one field to change.',
			);
		}
		return Object.fromEntries(
			fields.map(([name, value]) => [name, checks[name]?.(value) ?? value]),
		);
	});
}

const checks: Record<string, (value: unknown) => IDataObject[string]> = {
	name: (value) => filledText('Name', value),
	description: (value) => text('Description', value),
	type: (value) => filledText('Type', value),
	email: emailAddress,
	role: (value) => oneOf('Role', roles, value),
	format: (value) => oneOf('Format', exportFormats, value),
	config: jsonObject,
};

function text(displayName: string, value: unknown): string {
	if (value === undefined) throw missing(displayName);
	if (value === null) return '';
	if (isScalar(value)) return String(value);
	throw new ParameterProblem(
		`The parameter '${displayName}' is not a text`,
		'It is a list or an object. Choose one of its fields in the expression.',
	);
}

/** Not the same as empty: an empty text clears a field. */
function missing(displayName: string): ParameterProblem {
	return new ParameterProblem(
		`The parameter '${displayName}' has no value`,
		'The field that its expression names is missing in this item.',
	);
}

function filledText(displayName: string, value: unknown): string {
	const filled = text(displayName, value ?? '');
	if (filled.trim() !== '') return filled;
	throw new ParameterProblem(
		`The parameter '${displayName}' is empty`,
		'Enter a value. If it is an expression, the field that it names may be missing in this item.',
	);
}

function emailAddress(value: unknown): string {
	const address = filledText('Email', value).trim();
	if (/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(address)) return address;
	throw new ParameterProblem(
		`The parameter 'Email' is '${address}', which is not an e-mail address`,
		'Enter one address, such as nathan@example.com.',
	);
}

function oneOf(displayName: string, choices: readonly string[], value: unknown): string {
	const choice = filledText(displayName, value).trim().toLowerCase();
	if (choices.includes(choice)) return choice;
	throw new ParameterProblem(
		`The parameter '${displayName}' is ${shown(value)}`,
		`Use one of: ${choices.join(', ')}.`,
	);
}

function jsonObject(value: unknown): IDataObject {
	const parsed = typeof value === 'string' ? parsedJson(value) : value;
	if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
		return parsed as IDataObject;
	}
	throw new ParameterProblem(
		"The parameter 'Config' is not a JSON object",
		'Enter an object, such as {"host": "db.example.com"}.',
	);
}

function parsedJson(json: string): unknown {
	try {
		return JSON.parse(json);
	} catch (error) {
		return notParsed(error as SyntaxError);
	}
}

/** The parser's own message may quote the text, and a configuration may hold a password: only the place is told. */
function notParsed({ message }: SyntaxError): never {
	const place = /at position \d+/.exec(message)?.[0] ?? 'from its first letter, or cut off';
	throw new ParameterProblem(
		`The parameter 'Config' is not valid JSON (${place})`,
		'Check quotes, commas and brackets. Names and texts stand in double quotes.',
	);
}

function checked<T>(owner: Owner, check: () => T): T {
	try {
		return check();
	} catch (problem) {
		const { message, description } = problem as ParameterProblem;
		const itemIndex = 'getItemIndex' in owner ? owner.getItemIndex() : undefined;
		throw new NodeOperationError(owner.getNode(), message, { description, itemIndex });
	}
}

function isScalar(value: unknown): value is string | number | boolean {
	return ['string', 'number', 'boolean'].includes(typeof value);
}

function shown(value: unknown): string {
	return isScalar(value) && value !== '' ? `'${String(value)}'` : 'empty';
}
