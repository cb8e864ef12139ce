import type { ErrorRequestHandler } from 'express';
import type { ErrorDetail } from '../../nodes/shared/vizdom/vizdom-api.d.ts';

/** Codes other than `not_found` are assumed. */
const CODES: Record<number, string> = {
	400: 'bad_request',
	401: 'unauthorized',
	403: 'forbidden',
	404: 'not_found',
	422: 'validation_failed',
	429: 'rate_limited',
	500: 'internal_error',
};

function codeOf(status: number): string {
	return CODES[status] ?? (status >= 500 ? 'internal_error' : 'bad_request');
}

export class ApiError extends Error {
	constructor(
		readonly status: number,
		message: string,
		readonly options: { code?: string; details?: ErrorDetail[] } = {},
	) {
		super(message);
	}

	get body() {
		const { code = codeOf(this.status), details } = this.options;
		return { error: { code, message: this.message, ...(details && { details }) } };
	}
}

export function notFound(resource: string, id: string): ApiError {
	return new ApiError(404, `${resource} with ID '${id}' does not exist.`);
}

function toApiError(error: unknown): ApiError {
	if (error instanceof ApiError) return error;
	const message = error instanceof Error ? error.message : String(error);
	return new ApiError(500, message);
}

export const sendError: ErrorRequestHandler = (error, _req, res, next) => {
	if (res.headersSent) {
		next(error);
		return;
	}
	const apiError = toApiError(error);
	res.status(apiError.status).json(apiError.body);
};
