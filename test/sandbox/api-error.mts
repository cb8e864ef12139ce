import type { ErrorRequestHandler } from 'express';
import type { ErrorDetail } from '../../nodes/shared/vizdom/vizdom-api.d.ts';

/** Codes other than `not_found` are assumed. */
const CODES: Record<number, string> = {
	400: 'bad_request',
	401: 'unauthorized',
	403: 'forbidden',
	404: 'not_found',
	405: 'method_not_allowed',
	421: 'misdirected_request',
	422: 'validation_failed',
	429: 'rate_limited',
};

export class ApiError extends Error {
	constructor(
		readonly status: number,
		message: string,
		readonly options: { code?: string; details?: ErrorDetail[]; allow?: string } = {},
	) {
		super(message);
	}

	get body() {
		const fallback = this.status >= 500 ? 'internal_error' : 'bad_request';
		const { code = CODES[this.status] ?? fallback, details } = this.options;
		return { error: { code, message: this.message, ...(details && { details }) } };
	}
}

export function validationFailed(status: 400 | 422, details: ErrorDetail[]): ApiError {
	const sentence = details.map(({ field, message }) => `${field} ${message}`).join('; ');
	const start = status === 400 ? 'Bad request' : 'Validation failed';
	return new ApiError(status, `${start}: ${sentence}.`, { details });
}

/** An error of Express or its plug-ins. The validator adds the violations. */
interface HttpError extends Error {
	status?: number;
	errors?: Array<{ path: string; message: string; errorCode?: string }>;
}

/** 400 for a missing field or an unreadable request, 422 for an invalid value. */
function toApiError(error: HttpError): ApiError {
	if (error instanceof ApiError) return error;
	const { status = 500, message, errors = [] } = error;
	if (status >= 500) return new ApiError(500, message);
	const violations = errors.filter(({ path }) => /^\/(body|query|params)\b/.test(path));
	if (violations.length === 0) return new ApiError(400, message);
	const missing = violations.filter(({ errorCode }) => errorCode?.startsWith('required.'));
	const found = missing.length > 0 ? missing : violations;
	// `/body/config/host` is `config.host` to the caller.
	const details = found.map((violation) => ({
		field: violation.path.split('/').slice(2).join('.') || 'body',
		message: missing.length > 0 ? 'is required' : violation.message,
	}));
	return validationFailed(missing.length > 0 ? 400 : 422, details);
}

export const sendError: ErrorRequestHandler = (error, _req, res, next) => {
	if (res.headersSent) return next(error);
	const { status, body, options } = toApiError(error as HttpError);
	if (options.allow) res.set('Allow', options.allow);
	res.status(status).json(body);
};
