import type { RequestHandler, Response } from 'express';
import { MemoryStore, rateLimit } from 'express-rate-limit';
import { ApiError } from './api-error.mts';
import { keyOf } from './auth.mts';
import type { Sandbox } from './sandbox.mts';
import type { SandboxSettings } from './settings.mts';

function setRetryAfter(res: Response, how: SandboxSettings['retryAfter'], resetTime: Date): void {
	const seconds = Math.max(1, Math.ceil((resetTime.getTime() - Date.now()) / 1000));
	if (how === 'seconds') res.set('Retry-After', String(seconds));
	if (how === 'date') {
		res.set('Retry-After', new Date(Date.now() + (seconds + 1) * 1000).toUTCString());
	}
}

function createLimiter(sandbox: Sandbox, windowMs: number, store: MemoryStore): RequestHandler {
	return rateLimit({
		windowMs,
		store,
		limit: () => sandbox.settings.rateLimit,
		keyGenerator: (req) => keyOf(req) ?? '',
		skip: (req) => keyOf(req) === undefined,
		standardHeaders: false,
		legacyHeaders: false,
		validate: false,
		handler: (_req, res, next) => {
			const { rateLimit: limit, rateWindowMs, retryAfter } = sandbox.settings;
			setRetryAfter(res, retryAfter, resetTimeOf(res));
			const seconds = rateWindowMs / 1000;
			next(new ApiError(429, `Rate limit of ${limit} requests in ${seconds} s exceeded.`));
		},
	});
}

function resetTimeOf(res: Response): Date {
	const info = (res.req as { rateLimit?: { resetTime?: Date } }).rateLimit;
	return info?.resetTime ?? new Date();
}

export interface RateLimiter {
	handler: RequestHandler;
	reset(): void;
	close(): void;
}

/** The plug-in fixes the window's length at creation: a changed setting makes a new limiter. */
export function limitRate(sandbox: Sandbox): RateLimiter {
	let windowMs = 0;
	let store = new MemoryStore();
	let limiter: RequestHandler;
	const renew = () => {
		store.shutdown();
		windowMs = sandbox.settings.rateWindowMs;
		store = new MemoryStore();
		limiter = createLimiter(sandbox, windowMs, store);
	};
	renew();
	return {
		handler: (req, res, next) => {
			if (windowMs !== sandbox.settings.rateWindowMs) renew();
			return limiter(req, res, next);
		},
		reset: renew,
		close: () => store.shutdown(),
	};
}
