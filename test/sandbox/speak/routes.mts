/** A dialect's paths and methods, derived from the OpenAPI file's. */
import { ApiError } from '../api-error.mts';
import type { Dialect } from '../dialects.mts';
import { operations, type Operation } from '../openapi.mts';

/** An operation and its form in a dialect. */
interface Route {
	operation: Operation;
	method: string;
	pattern: RegExp;
}

const OPERATIONS = operations();
const routes = new Map<Dialect, Route[]>();

/** The most specific entry wins: method and path, the path, then its parents. */
export function spokenPath({ paths = {} }: Dialect, { method, path }: Operation): string {
	const whole = paths[`${method} ${path}`];
	if (whole !== undefined) return whole;
	const parents = path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
	const parent = parents.findLast((candidate) => paths[candidate] !== undefined) ?? '';
	return `${paths[parent] ?? ''}${path.slice(parent.length)}`;
}

function routesOf(dialect: Dialect): Route[] {
	const known = routes.get(dialect);
	if (known) return known;
	const found = OPERATIONS.map((operation) => ({
		operation,
		method: dialect.put && operation.method === 'PATCH' ? 'PUT' : operation.method,
		pattern: new RegExp(`^/v1${spokenPath(dialect, operation).replace('{id}', '([^/]+)')}$`),
	}));
	routes.set(dialect, found);
	return found;
}

/** @throws {ApiError} if the dialect has no such path, or not this method for it */
export function findOperation(dialect: Dialect, method: string, path: string) {
	const matching = routesOf(dialect).filter(({ pattern }) => pattern.test(path));
	const route = matching.find((candidate) => candidate.method === method);
	if (route) return { operation: route.operation, id: route.pattern.exec(path)?.[1] ?? '' };
	if (matching.length === 0 || dialect.hidesMethods) throw new ApiError(404, 'Not Found');
	const allow = matching.map((candidate) => candidate.method).join(', ');
	throw new ApiError(405, 'Method Not Allowed', { allow });
}
