import type { Fault } from './faults.mts';
import { limiters } from './limiters.mts';
import type { Sandbox } from './sandbox.mts';
import type { SandboxSettings } from './settings.mts';
import type { Resizable } from './store.mts';

export class ControlError extends Error {}

interface Rule {
	expected: string;
	test: (value: unknown) => boolean;
}

type Rules<T> = Record<keyof T & string, Rule>;

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const atLeast = (least: number): Rule => ({
	expected: `a whole number, ${least} or more`,
	test: (value) => Number.isInteger(value) && Number(value) >= least,
});
const atLeastOrNull = (least: number): Rule => ({
	expected: `${atLeast(least).expected}, or null`,
	test: (value) => value === null || atLeast(least).test(value),
});
const oneOf = (...values: unknown[]): Rule => ({
	expected: `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`,
	test: (value) => values.includes(value),
});
const text: Rule = { expected: 'a text', test: (value) => typeof value === 'string' };
const textOrNull: Rule = {
	expected: 'a text or null',
	test: (value) => value === null || typeof value === 'string',
};
const originOrNull: Rule = {
	expected: 'an origin such as "http://localhost:4011", or null',
	test: (value) => value === null || (typeof value === 'string' && isOrigin(value)),
};
const pattern: Rule = {
	expected: 'a regular expression',
	test: (value) => typeof value === 'string' && isPattern(value),
};
const headers: Rule = {
	expected: 'an object of texts',
	test: (value) => isObject(value) && Object.values(value).every((entry) => text.test(entry)),
};
const status: Rule = {
	expected: 'a status from 200 to 599',
	test: (value) => Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599,
};
const anything: Rule = { expected: 'anything', test: () => true };

function isOrigin(value: string): boolean {
	return URL.canParse(value) && new URL(value).origin === value;
}

function isPattern(value: string): boolean {
	try {
		new RegExp(value);
		return true;
	} catch {
		return false;
	}
}

const SETTINGS: Rules<SandboxSettings> = {
	latencyMs: atLeast(0),
	rateLimit: atLeast(0),
	rateWindowMs: atLeast(1),
	rateLimiter: oneOf(...Object.keys(limiters)),
	retryAfter: oneOf('none', 'seconds', 'date'),
	maxPageSize: atLeast(1),
	exportDurationMs: atLeast(0),
	exportFailure: textOrNull,
	exportLinkLifetimeMs: atLeast(0),
	exportFileBytes: atLeastOrNull(0),
	downloadUrl: oneOf('relative', 'absolute'),
	downloadOrigin: originOrNull,
};
const FAULT: Rules<Fault> = {
	method: text,
	path: pattern,
	times: atLeast(1),
	skip: atLeast(0),
	status,
	headers,
	body: anything,
	drop: oneOf('before', 'during', 'after'),
	delayMs: atLeast(0),
};
const RECORDS: Rules<Record<Resizable, number>> = {
	dashboards: atLeast(0),
	dataSources: atLeast(0),
	users: atLeast(1),
};
const PATCH: Rules<Record<'settings' | 'faults' | 'records', unknown>> = {
	settings: { expected: 'an object', test: isObject },
	faults: { expected: 'a list', test: Array.isArray },
	records: { expected: 'an object', test: isObject },
};

function check<T>(value: unknown, rules: Rules<T>, name: string): T {
	if (!isObject(value)) throw new ControlError(`${name} must be an object.`);
	for (const [field, entry] of Object.entries(value)) {
		const rule = (rules as Record<string, Rule | undefined>)[field];
		const known = Object.keys(rules).join(', ');
		if (!rule) throw new ControlError(`${name} has no "${field}". It has: ${known}.`);
		if (!rule.test(entry)) throw new ControlError(`${name}.${field} must be ${rule.expected}.`);
	}
	return value as T;
}

/** Checks everything first: a refused change changes nothing. */
export function applyControl(sandbox: Sandbox, body: unknown): void {
	const patch = check(body, PATCH, 'The body');
	const settings = check<Partial<SandboxSettings>>(patch.settings ?? {}, SETTINGS, 'settings');
	const faults = (patch.faults as unknown[] | undefined)?.map((fault, index) =>
		check<Fault>(fault, FAULT, `faults[${index}]`),
	);
	const records = check<Partial<Record<Resizable, number>>>(
		patch.records ?? {},
		RECORDS,
		'records',
	);
	Object.assign(sandbox.settings, settings);
	if (faults) sandbox.faults.splice(0, Infinity, ...faults);
	for (const [kind, size] of Object.entries(records)) {
		sandbox.store.resize(kind as Resizable, size);
	}
}
