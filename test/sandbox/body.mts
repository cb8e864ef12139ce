import express, { type Request, type RequestHandler } from 'express';
import { ApiError } from './api-error.mts';
import { operationOf } from './openapi.mts';
import { recordBody } from './request-log.mts';

const LIMIT = 1024 * 1024;
const readRaw = express.raw({ type: () => true, limit: LIMIT });

function textOf(req: Request): string {
	return Buffer.isBuffer(req.body) ? req.body.toString('utf8') : '';
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Reads and records the body, whatever comes of the request. What is wrong with it waits. */
export const readBody: RequestHandler = (req, res, next) => {
	readRaw(req, res, (error?: unknown) => {
		res.locals.bodyError = error;
		const text = textOf(req);
		res.locals.bodyText = text;
		if (text) recordBody(req, parseJson(text) ?? text);
		req.body = undefined;
		next();
	});
};

function isJson(req: Request): boolean {
	return /^application\/json\s*(;|$)/i.test(req.headers['content-type'] ?? '');
}

export const parseBody: RequestHandler = (req, res, next) => {
	if (res.locals.bodyError)
		throw new ApiError(400, 'The request body cannot be read or is larger than 1 MB.');
	const text = String(res.locals.bodyText);
	if (!text && operationOf(req)?.requestBody?.required)
		throw new ApiError(400, 'A JSON body is required.');
	if (!text) return next();
	if (!isJson(req)) {
		throw new ApiError(400, 'Set the Content-Type header to application/json.');
	}
	req.body = parseJson(text);
	if (req.body === undefined) throw new ApiError(400, 'The request body is not valid JSON.');
	next();
};
