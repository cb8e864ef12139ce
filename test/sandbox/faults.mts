import type { RequestHandler, Response } from 'express';
import { ApiError } from './api-error.mts';
import type { Sandbox } from './sandbox.mts';
import { pause } from './time.mts';

/** The first matching fault with times left applies. */
export interface Fault {
	method?: string;
	/** Regular expression on the path, `/v1` included. */
	path?: string;
	/** For ever unless given. */
	times?: number;
	/** Lets the first n matching requests pass. */
	skip?: number;
	/** Answers with this status instead of doing the work. */
	status?: number;
	headers?: Record<string, string>;
	/** A string is sent as it is, anything else as JSON. */
	body?: unknown;
	/**
	 * Destroys the connection: before doing the work, in the middle of the response, or after the
	 * work was done but before any response.
	 */
	drop?: 'before' | 'during' | 'after';
	/** Stalls. */
	delayMs?: number;
}

/** How often a fault matched so far. */
const matches = new WeakMap<Fault, number>();

function fits(fault: Fault, method: string, path: string): boolean {
	if (fault.method && fault.method.toUpperCase() !== method) return false;
	return !fault.path || new RegExp(fault.path).test(path);
}

/** Counts the match, and says whether the fault applies to it. */
function applies(fault: Fault): boolean {
	const { skip = 0, times = Infinity } = fault;
	const matched = (matches.get(fault) ?? 0) + 1;
	matches.set(fault, matched);
	return matched > skip && matched <= skip + times;
}

function findFault(faults: Fault[], method: string, path: string): Fault | undefined {
	return faults.find((fault) => fits(fault, method, path) && applies(fault));
}

function dropAfterWork(res: Response): void {
	res.end = () => {
		res.socket?.destroy();
		return res;
	};
}

/** Sends the header, which names the full length, and half of the body. */
function dropDuringResponse(res: Response): void {
	const write = res.write.bind(res);
	res.end = (chunk?: unknown) => {
		const body = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk ?? ''));
		if (body.length < 2) res.socket?.destroy();
		else write(body.subarray(0, Math.floor(body.length / 2)), () => res.socket?.destroy());
		return res;
	};
}

function answer(res: Response, fault: Fault): void {
	const { status = 200, body } = fault;
	res.status(status);
	if (typeof body === 'string') res.send(body);
	else if (body !== undefined) res.json(body);
	else if (status < 400) res.end();
	else res.json(new ApiError(status, 'A fault that was set in the sandbox.').body);
}

export function applyFaults(sandbox: Sandbox): RequestHandler {
	return async (req, res, next) => {
		const fault = findFault(sandbox.faults, req.method, req.path);
		if (!fault) {
			next();
			return;
		}
		if (fault.delayMs) await pause(fault.delayMs);
		if (fault.drop === 'before') {
			req.socket.destroy();
			return;
		}
		if (fault.drop === 'after') dropAfterWork(res);
		if (fault.drop === 'during') dropDuringResponse(res);
		if (fault.headers) res.set(fault.headers);
		if (fault.status !== undefined || fault.body !== undefined) answer(res, fault);
		else next();
	};
}
