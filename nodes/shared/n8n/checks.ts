import { UserError } from 'n8n-workflow';
import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { shown } from '../vizdom/redactor';
import { unescaped, visible } from '../vizdom/text';

/**
 * Checks a parameter's value and converts it to what the API takes.
 * @param field with its name and options in the editor
 * @throws {UserError} that names the parameter and says what to do
 */
export type Check<T extends IDataObject[string]> = (value: unknown, field: INodeProperties) => T;

/** A field whose value goes into the request body, with its check. */
export interface BodyField extends INodeProperties {
	check: Check<IDataObject[string]>;
}

/** In the body it has the field's name. */
export function bodyField(field: BodyField): BodyField {
	return { ...field, routing: { send: { type: 'body', property: field.name } } };
}

/** Names the parameter, and says what to do. */
export function parameterError(name: string, problem: string, description: string): UserError {
	return new UserError(`The parameter '${name}' ${problem}`, { description });
}

/** A likely reason for an empty value. */
export const ifExpression =
	'If it is an expression, the field it refers to may be missing from this item.';

/** Any text; an empty one clears a field. A date is its ISO text. */
export const text: Check<string> = (value, { displayName: name }) => {
	const missing = 'The field in its expression is missing from this item.';
	// Missing is not the same as empty.
	if (value === undefined) throw parameterError(name, 'has no value', missing);
	if (value === null) return '';
	const plain = asJson(value);
	if (typeof plain === 'number' && !isExact(plain)) {
		const isLost = Number.isFinite(plain);
		const problem = isLost ? `is ${plain}, which has lost digits` : `must be text, but is ${plain}`;
		const advice = 'Correct its expression. A number of more than 15 digits must be text.';
		throw parameterError(name, problem, advice);
	}
	if (isScalar(plain)) return String(plain);
	const advice = 'Choose one of its fields in the expression.';
	throw parameterError(name, 'must be text, but is a list or an object', advice);
};

export const filledText: Check<string> = (value, field) => {
	const filled = text(value ?? '', field);
	if (visible(filled) !== '') return filled;
	throw parameterError(field.displayName, 'is empty', `Enter a value. ${ifExpression}`);
};

export const emailAddress: Check<string> = (value, field) => {
	const given = visible(filledText(value, field));
	const address = addressIn(given);
	if (address !== undefined) return address;
	const problem = `must be an e-mail address, but is '${shown(given)}'`;
	const advice = 'Enter one address, such as nathan@example.com.';
	throw parameterError(field.displayName, problem, advice);
};

/**
 * The e-mail address in `nathan@example.com`, `Nathan <nathan@example.com>` or
 * `mailto:nathan@example.com`.
 */
export function addressIn(given: string): string | undefined {
	const [, bracketed = given] = /^[^<>]*<([^<>]*)>$/.exec(given) ?? [];
	const [, escaped] = /^mailto:([^?]*)/i.exec(bracketed.trim()) ?? [];
	const address = escaped === undefined ? bracketed.trim() : (unescaped(escaped) ?? '');
	const isAddress = /^[^\s\p{C}@<>()[\]\\,;:"]+@([\p{L}\p{M}\p{N}-]+\.)+[\p{L}\p{M}\p{N}-]+$/u.test(
		address,
	);
	return isAddress ? address : undefined;
}

/** Whether a switch is on. An expression may give a word or a number instead of a boolean. */
export const onOrOff: Check<boolean> = (value, field) => {
	const word = isScalar(value) ? visible(String(value)).toLowerCase() : '';
	if (['true', 'yes', 'on', '1'].includes(word)) return true;
	if (['false', 'no', 'off', '0'].includes(word)) return false;
	const advice = 'Correct its expression, or set the switch manually.';
	throw parameterError(field.displayName, `must be true or false, but is ${quoted(value)}`, advice);
};

/** One of the field's options, in any letter case. */
export const oneOfItsOptions: Check<string> = (value, field) => {
	const choices = (field.options as INodePropertyOptions[]).map((option) => option.value);
	const choice = visible(filledText(value, field)).toLowerCase();
	if (choices.includes(choice)) return choice;
	throw parameterError(field.displayName, notOneOf(choices, value), 'Choose one from the list.');
};

export function notOneOf(choices: unknown[], value: unknown): string {
	return `must be one of ${choices.join(', ')}, but is ${quoted(value)}`;
}

export const positiveInteger: Check<number> = (value, { displayName: name }) => {
	const number = numberIn(value);
	if (Number.isInteger(number) && number > 0) return number;
	const problem = `must be a whole number of at least 1, but is ${quoted(value)}`;
	throw parameterError(name, problem, "Correct it, or turn on 'Return All'.");
};

/** A number or numeric text as a number; NaN for anything else. */
export function numberIn(value: unknown): number {
	const isNumber = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
	return isNumber ? Number(value) : NaN;
}

/** Whether a number kept all its digits: beyond 2⁵³, some may be lost. */
export function isExact(number: number): boolean {
	return Number.isInteger(number) ? Number.isSafeInteger(number) : Number.isFinite(number);
}

/** The JSON form of an object of a class: for a Date, or n8n's `$now`, its ISO text. */
export function asJson(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	const { toJSON } = value as { toJSON?: unknown };
	return typeof toJSON === 'function' ? toJSON.call(value) : value;
}

function isScalar(value: unknown): value is string | number | boolean | bigint {
	return ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
}

/** As an error shows it. */
export function quoted(value: unknown): string {
	if (value === undefined || value === null || value === '') return 'empty';
	return isScalar(value) ? `'${shown(value)}'` : 'a list or an object';
}
