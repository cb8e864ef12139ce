/** Translates requests from a dialect into the assumed form, and the responses back. */
import type { Request, RequestHandler } from 'express';
import { dialects } from '../dialects.mts';
import type { Sandbox } from '../sandbox.mts';
import { translateAnswer } from './answer.mts';
import type { Exchange } from './exchange.mts';
import { assumedBody, assumedPath, assumedQuery } from './request.mts';
import { findOperation } from './routes.mts';

/** The OpenAPI file has nothing there. */
const NOWHERE = '/';

/** The validator reads `originalUrl`, everything else `url`. */
function redirect(req: Request, url: string): void {
	Object.assign(req, { url, originalUrl: url });
}

/** `refuseUntranslated` throws the refusals, after the checks of key, rate and role. */
export function speak(sandbox: Sandbox): RequestHandler {
	return (req, res, next) => {
		if (sandbox.settings.dialect === 'assumed') return next();
		const dialect = dialects[sandbox.settings.dialect];
		const [path = '', search] = req.url.split(/\?(.*)/s);
		redirect(req, NOWHERE);
		try {
			const found = findOperation(dialect, req.method, path);
			const { host } = req.headers;
			const query = new URLSearchParams(search);
			const exchange: Exchange = { sandbox, dialect, ...found, host, path, query };
			translateAnswer(exchange, res);
			req.method = exchange.operation.method;
			const assumed = assumedPath(exchange);
			redirect(req, assumed);
			redirect(req, `${assumed}?${assumedQuery(exchange)}`);
			req.body = assumedBody(exchange, req.body);
		} catch (error) {
			res.locals.refusal = error;
		}
		next();
	};
}

export const refuseUntranslated: RequestHandler = (_req, res, next) => next(res.locals.refusal);
