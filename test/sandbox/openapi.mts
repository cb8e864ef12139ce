import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Request, RequestHandler } from 'express';
import * as OpenApiValidator from 'express-openapi-validator';
import { parse } from 'yaml';
import type { Role } from '../../nodes/shared/vizdom/vizdom-api.d.ts';

export const SPECIFICATION = path.join(import.meta.dirname, 'vizdom.openapi.yaml');

export interface Operation {
	/** In upper case. */
	method: string;
	/** Below /v1, with `{id}` for the ID of a record. */
	path: string;
}

/** Every operation of the OpenAPI file. */
export function operations(): Operation[] {
	const { paths } = parse(readFileSync(SPECIFICATION, 'utf8')) as { paths: Record<string, object> };
	return Object.entries(paths).flatMap(([path, methods]) =>
		Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
	);
}

interface ValidatedRequest extends Request {
	openapi?: { schema?: { 'x-role': Role } };
}

/** Undefined if no operation of the OpenAPI file has the path and method. */
export function operationOf(req: Request) {
	return (req as ValidatedRequest).openapi?.schema;
}

/**
 * The plug-in treats `/dashboards/` as `/dashboards`. A client that forgot an ID must not get a
 * list.
 */
const refuseTrailingSlash: RequestHandler = (req, _res, next) => {
	if (req.path.endsWith('/')) delete (req as ValidatedRequest).openapi;
	next();
};

/**
 * The plug-in's steps one by one, because key, rate limit and role come between them, and their
 * responses must be validated, too.
 */
export function openApiHandlers() {
	const handlers = OpenApiValidator.middleware({
		apiSpec: parse(readFileSync(SPECIFICATION, 'utf8')),
		ignoreUndocumented: true,
		validateRequests: { allErrors: true },
		validateResponses: { allErrors: true },
		validateSecurity: false,
		fileUploader: false,
	}) as RequestHandler[];
	const step = (name: string): RequestHandler => {
		const handler = handlers.find((candidate) => candidate.name === name);
		if (!handler) throw new Error(`express-openapi-validator no longer has ${name}.`);
		return handler;
	};
	return {
		findOperation: [step('pathParamsMiddleware'), step('metadataMiddleware'), refuseTrailingSlash],
		validateResponse: step('responseMiddleware'),
		validateRequest: step('requestMiddleware'),
	};
}
