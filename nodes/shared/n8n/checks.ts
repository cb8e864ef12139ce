import { UserError } from 'n8n-workflow';
import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { isRecord } from '../vizdom/envelope';
import { shown } from '../vizdom/redactor';

/**
 * Checks a parameter's value and brings it into the form that the API takes.
 * @param field for its name and options in the editor
 * @throws {UserError} that names the parameter and says what to do
 */
export type Check<T extends IDataObject[string]> = (value: unknown, field: INodeProperties) => T;

/** A field whose value goes into the request body, with what is checked of it. */
export interface BodyField extends INodeProperties {
	check: Check<IDataObject[string]>;
}

/** Its name in the body is the field's own. */
export function bodyField(field: BodyField): BodyField {
	return { ...field, routing: { send: { type: 'body', property: field.name } } };
}

/** Names the parameter, and says what to do. */
export function parameterError(name: string, problem: string, description: string): UserError {
	return new UserError(`The parameter '${name}' ${problem}`, { description });
}

/** Any text; an empty one clears a field. */
export const text: Check<string> = (value, { displayName: name }) => {
	const missing = 'The field that its expression names is missing in this item.';
	// Not the same as empty.
	if (value === undefined) throw parameterError(name, 'has no value', missing);
	if (value === null) return '';
	if (isScalar(value)) return String(value);
	const advice = 'It is a list or an object. Choose one of its fields in the expression.';
	throw parameterError(name, 'is not a text', advice);
};

export const filledText: Check<string> = (value, field) => {
	const filled = text(value ?? '', field);
	if (filled.trim() !== '') return filled;
	const advice =
		'Enter a value. If it is an expression, the field that it names may be missing in this item.';
	throw parameterError(field.displayName, 'is empty', advice);
};

export const emailAddress: Check<string> = (value, field) => {
	const address = filledText(value, field).trim();
	if (/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(address)) return address;
	const problem = `is '${shown(address)}', which is not an e-mail address`;
	const advice = 'Enter one address, such as nathan@example.com.';
	throw parameterError(field.displayName, problem, advice);
};

/** One of the field's options, whatever its letter case. */
export const oneOfItsOptions: Check<string> = (value, field) => {
	const choices = (field.options as INodePropertyOptions[]).map((option) => option.value);
	const choice = filledText(value, field).trim().toLowerCase();
	if (choices.includes(choice)) return choice;
	const advice = `Use one of: ${choices.join(', ')}.`;
	throw parameterError(field.displayName, `is ${quoted(value)}`, advice);
};

/** A JSON object, as text or as it is. */
export const jsonObject: Check<IDataObject> = (value, { displayName: name }) => {
	const parsed = typeof value === 'string' ? parsedJson(value, name) : value;
	if (isRecord(parsed)) return parsed as IDataObject;
	const advice = 'Enter an object, such as {"host": "db.example.com"}.';
	throw parameterError(name, 'is not a JSON object', advice);
};

export const positiveInteger: Check<number> = (value, { displayName: name }) => {
	const number = isScalar(value) && value !== '' ? Number(value) : NaN;
	if (Number.isInteger(number) && number > 0) return number;
	const problem = `must be a whole number of at least 1, but is ${quoted(value)}`;
	throw parameterError(name, problem, "Correct it, or turn on 'Return All'.");
};

/** The parser's own message may quote the text, and a configuration may hold a password: only the place is named. */
function parsedJson(json: string, name: string): unknown {
	try {
		return JSON.parse(json);
	} catch (error) {
		const place = /at position \d+/.exec((error as SyntaxError).message)?.[0];
		return invalidJson(name, place ? ` (${place})` : '');
	}
}

function invalidJson(name: string, place: string): never {
	const advice = 'Check quotes, commas and brackets. Names and texts need double quotes.';
	throw parameterError(name, `is not valid JSON${place}`, advice);
}

function isScalar(value: unknown): value is string | number | boolean {
	return ['string', 'number', 'boolean'].includes(typeof value);
}

function quoted(value: unknown): string {
	return isScalar(value) && value !== '' ? `'${shown(value)}'` : 'empty';
}
