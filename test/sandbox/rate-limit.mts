import type { RequestHandler, Response } from 'express';
import { MemoryStore, rateLimit } from 'express-rate-limit';
import { ApiError } from './api-error.mts';
import { keyOf } from './auth.mts';
import { limiters } from './limiters.mts';
import type { Limiter, LimiterKind } from './limiters.mts';
import type { Sandbox } from './sandbox.mts';
import type { SandboxSettings } from './settings.mts';

function setRetryAfter(res: Response, how: SandboxSettings['retryAfter'], resetTime: Date): void {
	const seconds = Math.max(1, Math.ceil((resetTime.getTime() - Date.now()) / 1000));
	if (how === 'seconds') res.set('Retry-After', String(seconds));
	if (how === 'date') {
		res.set('Retry-After', new Date(Date.now() + (seconds + 1) * 1000).toUTCString());
	}
}

function refuse(sandbox: Sandbox, res: Response, resetTime: Date): ApiError {
	const { rateLimit: limit, rateWindowMs, retryAfter } = sandbox.settings;
	setRetryAfter(res, retryAfter, resetTime);
	return new ApiError(429, `Rate limit of ${limit} requests in ${rateWindowMs / 1000} s exceeded.`);
}

function countInFixedWindow(sandbox: Sandbox, store: MemoryStore): RequestHandler {
	return rateLimit({
		windowMs: sandbox.settings.rateWindowMs,
		store,
		limit: () => sandbox.settings.rateLimit,
		keyGenerator: (req) => keyOf(req) ?? '',
		skip: (req) => keyOf(req) === undefined,
		standardHeaders: false,
		legacyHeaders: false,
		validate: false,
		handler: (_req, res, next) => next(refuse(sandbox, res, resetTimeOf(res))),
	});
}

function resetTimeOf(res: Response): Date {
	const info = (res.req as { rateLimit?: { resetTime?: Date } }).rateLimit;
	return info?.resetTime ?? new Date();
}

function countOtherwise(sandbox: Sandbox, kind: LimiterKind): RequestHandler {
	const { rateLimit: limit, rateWindowMs } = sandbox.settings;
	const byKey = new Map<string, Limiter>();
	return (req, res, next) => {
		const key = keyOf(req);
		if (key === undefined) return next();
		const limiter = byKey.get(key) ?? limiters[kind](limit, rateWindowMs);
		byKey.set(key, limiter);
		const now = Date.now();
		if (limiter.accepts(now)) return next();
		next(refuse(sandbox, res, new Date(now + limiter.wait(now))));
	};
}

export interface RateLimiter {
	handler: RequestHandler;
	reset(): void;
	close(): void;
}

/** A limiter's settings: a change creates a new one. The plug-in looks up the limit itself. */
function basis({ rateLimiter, rateLimit: limit, rateWindowMs }: SandboxSettings): string {
	return [rateLimiter, rateWindowMs, rateLimiter === 'fixed-window' ? '' : limit].join();
}

export function limitRate(sandbox: Sandbox): RateLimiter {
	let madeFrom = '';
	let store = new MemoryStore();
	let limiter: RequestHandler;
	const renew = () => {
		store.shutdown();
		madeFrom = basis(sandbox.settings);
		store = new MemoryStore();
		const kind = sandbox.settings.rateLimiter;
		const isFixed = kind === 'fixed-window';
		limiter = isFixed ? countInFixedWindow(sandbox, store) : countOtherwise(sandbox, kind);
	};
	renew();
	return {
		handler: (req, res, next) => {
			if (madeFrom !== basis(sandbox.settings)) renew();
			return limiter(req, res, next);
		},
		reset: renew,
		close: () => store.shutdown(),
	};
}
