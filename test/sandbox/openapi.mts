import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Request, RequestHandler } from 'express';
import * as OpenApiValidator from 'express-openapi-validator';
import { parse } from 'yaml';
import type { ErrorDetail, Role } from '../../nodes/shared/vizdom/vizdom-api.d.ts';
import { ApiError } from './api-error.mts';

export const SPECIFICATION = path.join(import.meta.dirname, 'vizdom.openapi.yaml');

interface Operation {
	operationId: string;
	requestBody?: { required?: boolean };
	'x-role': Role;
}

interface ValidatedRequest extends Request {
	openapi?: { schema?: Operation };
}

interface Violation {
	path: string;
	message: string;
	errorCode?: string;
}

/** Undefined where no operation of the OpenAPI file answers to the path and method. */
export function operationOf(req: Request): Operation | undefined {
	return (req as ValidatedRequest).openapi?.schema;
}

/** The plug-in takes `/dashboards/` for `/dashboards`. A client that forgot an id must not list. */
const refuseTrailingSlash: RequestHandler = (req, _res, next) => {
	if (req.path.endsWith('/')) delete (req as ValidatedRequest).openapi;
	next();
};

function namedHandler(handlers: RequestHandler[], name: string): RequestHandler {
	const handler = handlers.find((candidate) => candidate.name === name);
	if (!handler) throw new Error(`express-openapi-validator has no ${name} any more.`);
	return handler;
}

/**
 * The plug-in's steps one by one, because key, rate limit and role come between them, and because
 * responses that those give must be validated too.
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
	return {
		findOperation: [
			namedHandler(handlers, 'pathParamsMiddleware'),
			namedHandler(handlers, 'metadataMiddleware'),
			refuseTrailingSlash,
		],
		validateResponse: namedHandler(handlers, 'responseMiddleware'),
		validateRequest: namedHandler(handlers, 'requestMiddleware'),
	};
}

/** `/body/config/host` and `/query/limit` are `config.host` and `limit` to the caller. */
function toDetail({ path: location, message, errorCode }: Violation): ErrorDetail {
	const field = location.split('/').slice(2).join('.');
	return { field: field || 'body', message: wording(message, errorCode) };
}

function wording(message: string, errorCode = ''): string {
	if (errorCode.startsWith('required.')) return 'is required';
	if (message.startsWith('Unknown query parameter')) return 'is not a known parameter';
	if (message.startsWith('Empty value found')) return 'must not be empty';
	return WORDINGS.reduce((text, [from, to]) => text.replace(from, to), message);
}

const WORDINGS: Array<[RegExp, string]> = [
	[/^must NOT have fewer than 1 characters|^must match pattern "\\S"/, 'must not be empty'],
	[/^must NOT have fewer than 1 properties/, 'must have at least one field'],
	[/^must NOT have additional properties/, 'is not a known field'],
	[/^must match format "email"/, 'must be an e-mail address'],
	[/^must be equal to one of the allowed values:/, 'must be one of'],
	[/^must NOT/, 'must not'],
];

function sentence(details: ErrorDetail[]): string {
	return details.map(({ field, message }) => `${field} ${message}`).join('; ');
}

function distinct(details: ErrorDetail[]): ErrorDetail[] {
	return [...new Map(details.map((detail) => [sentence([detail]), detail])).values()];
}

function isMissing({ errorCode = '' }: Violation): boolean {
	return errorCode.startsWith('required.');
}

function isAboutValues({ path: location }: Violation): boolean {
	return /^\/(body|query|params)\b/.test(location);
}

/** 400 for a missing field or a request that cannot be read, 422 for a value that does not fit. */
export function toValidationError(violations: Violation[]): ApiError {
	const unreadable = violations.find((violation) => !isAboutValues(violation));
	if (unreadable) return new ApiError(400, `Bad request: ${unreadable.message}.`);
	const missing = violations.filter(isMissing);
	const details = distinct((missing.length > 0 ? missing : violations).map(toDetail));
	return missing.length > 0
		? new ApiError(400, `Bad request: ${sentence(details)}.`, { details })
		: new ApiError(422, `Validation failed: ${sentence(details)}.`, { details });
}
