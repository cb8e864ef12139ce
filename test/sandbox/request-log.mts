import { performance } from 'node:perf_hooks';
import express, { type RequestHandler } from 'express';
import { ApiError } from './api-error.mts';
import type { Sandbox } from './sandbox.mts';

export interface RecordedRequest {
	/** performance.now() on arrival. */
	at: number;
	method: string;
	/** Without the query, as received on the wire: still encoded. */
	path: string;
	query: Record<string, string>;
	headers: Record<string, string>;
	/** Parsed if it is JSON, otherwise the text. Undefined without a body. */
	body: unknown;
	/** 0 until a response was sent, and forever if none was. */
	status: number;
	/** performance.now() when the response was sent, or the connection ended. */
	endedAt?: number;
}

const KEPT = 200_000;
const DROPPED_AT_ONCE = 10_000;

const readText = express.text({ type: () => true, limit: '1mb' });

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Reads and records every body. A bad one is refused later, after the key and the role. */
export function logRequests(sandbox: Sandbox): RequestHandler {
	return (req, res, next) => {
		const [path = '', query] = req.originalUrl.split(/\?(.*)/s);
		const entry: RecordedRequest = {
			at: performance.now(),
			method: req.method,
			path,
			query: Object.fromEntries(new URLSearchParams(query)),
			headers: req.headers as Record<string, string>,
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
			entry.body = req.body ?? text;
			res.locals.unreadable = error !== undefined || (text && req.body === undefined);
			next();
		});
	};
}

export const refuseUnreadable: RequestHandler = (_req, res, next) => {
	if (!res.locals.unreadable) return next();
	throw new ApiError(400, 'The request body is not valid JSON, or is larger than 1 MB.');
};
