import type { RequestHandler } from 'express';
import { ApiError } from './api-error.mts';

/** With any port, because another one may be forwarded to the sandbox's. */
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/**
 * Refuses requests from web pages: from their own origin, or through their own host name for this
 * machine (DNS rebinding).
 */
export const localOnly: RequestHandler = ({ headers }, _res, next) => {
	const { host = '', origin } = headers;
	if (!LOOPBACK_HOST.test(host)) throw new ApiError(421, 'The sandbox is at localhost only.');
	if (origin !== undefined && origin !== `http://${host}`) {
		throw new ApiError(403, 'The sandbox takes no requests from web pages.');
	}
	next();
};
