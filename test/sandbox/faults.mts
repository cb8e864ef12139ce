import type { RequestHandler, Response } from 'express';
import { ApiError } from './api-error.mts';
import type { Sandbox } from './sandbox.mts';
import type { Fault } from './settings.mts';
import { pause } from './time.mts';

/** How often a fault has matched so far. */
const matches = new WeakMap<Fault, number>();

function fits({ method, path }: Fault, req: { method: string; path: string }): boolean {
	if (method && method.toUpperCase() !== req.method) return false;
	return !path || new RegExp(path).test(req.path);
}

/** Counts the match, and says whether the fault applies to it. */
function applies(fault: Fault): boolean {
	const { skip = 0, times = Infinity } = fault;
	const matched = (matches.get(fault) ?? 0) + 1;
	matches.set(fault, matched);
	return matched > skip && matched <= skip + times;
}

/** Sends the headers, with the full length, and half the body; or nothing. */
function dropAtEnd(res: Response, drop: 'during' | 'after'): void {
	const write = res.write.bind(res);
	res.end = (chunk?: unknown) => {
		const body = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk ?? ''));
		const half = body.subarray(0, body.length / 2);
		if (drop === 'after' || half.length === 0) res.socket?.destroy();
		else write(half, () => res.socket?.destroy());
		return res;
	};
}

function answer(res: Response, { status = 200, body }: Fault): void {
	res.status(status);
	if (typeof body === 'string') res.send(body);
	else if (body !== undefined) res.json(body);
	else if (status < 400) res.end();
	else res.json(new ApiError(status, 'A fault that was set in the sandbox.').body);
}

export function applyFaults(sandbox: Sandbox): RequestHandler {
	return async (req, res, next) => {
		const fault = sandbox.faults.find((candidate) => fits(candidate, req) && applies(candidate));
		if (!fault) return next();
		if (fault.delayMs) await pause(fault.delayMs);
		if (fault.drop === 'before') {
			req.socket.destroy();
			return;
		}
		if (fault.drop) dropAtEnd(res, fault.drop);
		if (fault.headers) res.set(fault.headers);
		if (fault.status !== undefined || fault.body !== undefined) answer(res, fault);
		else next();
	};
}
