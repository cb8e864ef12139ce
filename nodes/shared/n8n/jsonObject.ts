import type { IDataObject } from 'n8n-workflow';
import { isRecord } from '../vizdom/envelope';
import { asJson, type Check, isExact, parameterError } from './checks';

const example = 'Enter an object, such as {"host": "db.example.com"}.';

/**
 * A JSON object, as text or as an object. It may contain a password, so errors name only the place
 * of a value.
 */
export const jsonObject: Check<IDataObject> = (value, { displayName: name }) => {
	if (isEmpty(value)) throw parameterError(name, 'is empty', example);
	const parsed = typeof value === 'string' ? parsedJson(value, name) : asJson(value);
	if (!isRecord(parsed)) {
		throw parameterError(name, 'must be a JSON object', example);
	}
	const place = typeof value === 'string' ? inexactLiteral(value) : inexactNumber(parsed);
	if (place === undefined) return parsed as IDataObject;
	throw parameterError(
		name,
		`has a number that cannot be sent unchanged (${place})`,
		'It has too many digits, or JSON cannot express it. Put it in double quotes if Vizdom accepts text.',
	);
};

function isEmpty(value: unknown): boolean {
	return (
		value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
	);
}

function parsedJson(json: string, name: string): unknown {
	try {
		return JSON.parse(json);
	} catch (error) {
		const place = /at position \d+/.exec((error as SyntaxError).message)?.[0];
		return invalidJson(name, place ? ` ${place}` : '');
	}
}

function invalidJson(name: string, place: string): never {
	const advice = `Check quotes, commas and brackets${place}. Names and texts need double quotes.`;
	throw parameterError(name, 'is not valid JSON', advice);
}

/**
 * The position of a number that loses digits when parsed: 7615917337495251231 becomes
 * 7615917337495251000.
 */
function inexactLiteral(json: string): string | undefined {
	const textsAndNumbers = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;
	const found = [...json.matchAll(textsAndNumbers)].find(
		([literal]) =>
			!literal.startsWith('"') && decimal(literal) !== decimal(String(Number(literal))),
	);
	return found && `at position ${found.index}`;
}

/** The significant digits of a number, and their exponent: `1.50e3` and `1500` are the same. */
function decimal(literal: string): string {
	const [, sign = '', whole = '', fraction = '', exponent = 0] =
		/^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(literal) ?? [];
	const digits = (whole + fraction).replace(/^0+/, '');
	const significant = digits.replace(/(?<!0)0+$/, '');
	const power = Number(exponent) - fraction.length + digits.length - significant.length;
	return significant === '' ? whole : `${sign}${significant}e${power}`;
}

/** The path of a number that is inexact, or that JSON cannot express. */
function inexactNumber(given: unknown, path: string[] = []): string | undefined {
	const value = asJson(given);
	const isLost = typeof value === 'number' ? !isExact(value) : typeof value === 'bigint';
	if (isLost) return path.join('.');
	if (typeof value !== 'object' || value === null) return undefined;
	const places = Object.entries(value).map(([name, inner]) =>
		inexactNumber(inner, [...path, name]),
	);
	return places.find((place) => place !== undefined);
}
