import { performance } from 'node:perf_hooks';
import type { Request, RequestHandler } from 'express';
import type { Sandbox } from './sandbox.mts';

export interface RecordedRequest {
	/** performance.now() on arrival. */
	at: number;
	method: string;
	/** Without the query, as received on the wire: still encoded. */
	path: string;
	query: Record<string, string>;
	headers: Record<string, string>;
	/** Parsed where it is JSON, otherwise the text. Undefined without a body. */
	body: unknown;
	/** 0 until a response was sent, and for ever where none was. */
	status: number;
	/** performance.now() when the response was sent, or the connection ended. */
	endedAt?: number;
}

const KEPT = 200_000;
const DROPPED_AT_ONCE = 10_000;

function splitUrl(url: string): [path: string, query: Record<string, string>] {
	const mark = url.indexOf('?');
	if (mark < 0) return [url, {}];
	return [url.slice(0, mark), Object.fromEntries(new URLSearchParams(url.slice(mark)))];
}

function headersOf(req: Request): Record<string, string> {
	const pairs = Object.entries(req.headers).map(([name, value]) => [name, String(value)]);
	return Object.fromEntries(pairs) as Record<string, string>;
}

const recorded = new WeakMap<Request, RecordedRequest>();

export function recordBody(req: Request, body: unknown): void {
	const entry = recorded.get(req);
	if (entry) entry.body = body;
}

export function logRequests(sandbox: Sandbox): RequestHandler {
	return (req, res, next) => {
		const [path, query] = splitUrl(req.originalUrl);
		const { method } = req;
		const headers = headersOf(req);
		const entry: RecordedRequest = {
			at: performance.now(),
			method,
			path,
			query,
			headers,
			body: undefined,
			status: 0,
		};
		recorded.set(req, entry);
		sandbox.requests.push(entry);
		if (sandbox.requests.length >= KEPT + DROPPED_AT_ONCE) {
			sandbox.requests.splice(0, DROPPED_AT_ONCE);
		}
		res.on('finish', () => {
			entry.status = res.statusCode;
		});
		res.on('close', () => {
			entry.endedAt = performance.now();
		});
		next();
	};
}
