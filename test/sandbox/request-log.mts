import type { IncomingHttpHeaders } from 'node:http';
import { performance } from 'node:perf_hooks';
import express, { type RequestHandler } from 'express';
import { withoutKey } from '../../nodes/shared/vizdom/key.ts';
import { ApiError } from './api-error.mts';
import type { Sandbox } from './sandbox.mts';

/** Without API keys. */
export interface RecordedRequest {
	/** performance.now() on arrival. */
	at: number;
	method: string;
	/** Without the query, as received: still encoded. */
	path: string;
	query: Record<string, string>;
	headers: IncomingHttpHeaders;
	/** Parsed if it is JSON, otherwise the text, cut if it is long. Undefined without a body. */
	body: unknown;
	/** 0 until a response has been sent. */
	status: number;
	/** performance.now() when the response was sent, or the connection ended. */
	endedAt?: number;
}

const KEPT = 100_000;
const DROPPED_AT_ONCE = 10_000;
const BODY_KEPT = 10_000;

const readText = express.text({ type: () => true, limit: '1mb' });

/** Removes the request's own key and the sandbox's, wherever they are. */
function withoutKeys<T>(
	value: T,
	{ keys }: Sandbox,
	{ authorization = '' }: IncomingHttpHeaders,
): T {
	const secrets = [authorization.replace(/^Bearer +/i, ''), ...Object.values(keys)];
	return value && (JSON.parse(secrets.reduce(withoutKey, JSON.stringify(value))) as T);
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/**
 * Reads and records every body. An invalid one is refused later, after the checks of key and role.
 */
export function logRequests(sandbox: Sandbox): RequestHandler {
	return (req, res, next) => {
		const [path = '', query] = req.originalUrl.split(/\?(.*)/s);
		const { method, headers } = req;
		const params = Object.fromEntries(new URLSearchParams(query));
		const entry: RecordedRequest = {
			...withoutKeys({ method, path, query: params, headers }, sandbox, headers),
			at: performance.now(),
			body: undefined,
			status: 0,
		};
		sandbox.requests.push(entry);
		if (sandbox.requests.length >= KEPT + DROPPED_AT_ONCE) {
			sandbox.requests.splice(0, DROPPED_AT_ONCE);
		}
		res.on('finish', () => (entry.status = res.statusCode));
		res.on('close', () => (entry.endedAt = performance.now()));
		readText(req, res, (error?: unknown) => {
			const text = (req.body as string | undefined) || undefined;
			req.body = text && parseJson(text);
			const isLong = text !== undefined && text.length > BODY_KEPT;
			const kept = withoutKeys(isLong ? text : (req.body ?? text), sandbox, headers);
			entry.body = isLong ? String(kept).slice(0, BODY_KEPT) : kept;
			res.locals.unreadable = error !== undefined || (text && req.body === undefined);
			next();
		});
	};
}

export const refuseUnreadable: RequestHandler = (_req, res, next) => {
	if (!res.locals.unreadable) return next();
	throw new ApiError(400, 'The request body is not valid JSON, or is larger than 1 MB.');
};
