import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { Router, type Express, type RequestHandler } from 'express';
import { ApiError, sendError } from './api-error.mts';
import { KEYS, requireKey, requireRole } from './auth.mts';
import { control } from './control.mts';
import { exportRoutes } from './exports/routes.mts';
import { applyFaults } from './faults.mts';
import { localOnly } from './local-only.mts';
import { openApiHandlers, operationOf } from './openapi.mts';
import { limitRate, type RateLimiter } from './rate-limit.mts';
import { logRequests, refuseUnreadable } from './request-log.mts';
import { dashboards, dataSources, users } from './resources.mts';
import type { Sandbox } from './sandbox.mts';
import { DEFAULT_SETTINGS, type SandboxSettings } from './settings.mts';
import { refuseUntranslated, speak } from './speak/speak.mts';
import { Store } from './store.mts';
import { pause } from './time.mts';

export type { RecordedRequest } from './request-log.mts';
export type { Sandbox } from './sandbox.mts';
export type { SandboxSettings } from './settings.mts';

interface SandboxOptions {
	/** 0 for any free port. */
	port?: number;
	settings?: Partial<SandboxSettings>;
}

const HOST = '127.0.0.1';

function addLatency(sandbox: Sandbox): RequestHandler {
	return async (_req, _res, next) => {
		if (sandbox.settings.latencyMs > 0) await pause(sandbox.settings.latencyMs);
		next();
	};
}

const requireOperation: RequestHandler = (req, _res, next) => {
	if (operationOf(req)) return next();
	const [path] = req.originalUrl.split('?');
	throw new ApiError(404, `There is no ${req.method} ${path} in the Vizdom API.`);
};

/** The order of the checks: key, rate limit, role, body and parameters, then the work. */
function api(sandbox: Sandbox, limiter: RateLimiter): Router {
	const { findOperation, validateResponse, validateRequest } = openApiHandlers();
	const router = Router({ strict: true, caseSensitive: true });
	router.use(logRequests(sandbox), addLatency(sandbox), applyFaults(sandbox));
	router.use(speak(sandbox), findOperation, validateResponse);
	router.use(requireKey(sandbox), limiter.handler, requireRole);
	router.use(refuseUntranslated, requireOperation, refuseUnreadable, validateRequest);
	router.use('/v1', dashboards(sandbox), dataSources(sandbox), users(sandbox));
	router.use('/v1', exportRoutes(sandbox));
	router.use(sendError);
	return router;
}

function createApp(sandbox: Sandbox, limiter: RateLimiter): Express {
	const app = express();
	app.disable('x-powered-by').disable('etag');
	app.enable('strict routing').enable('case sensitive routing');
	app.use(localOnly);
	app.use(control(sandbox));
	app.use(api(sandbox, limiter));
	// Again, for an error response that does not match the OpenAPI file.
	app.use(sendError);
	return app;
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const initial = { ...DEFAULT_SETTINGS, ...options.settings };
	const sandbox: Sandbox = {
		origin: '',
		baseUrl: '',
		keys: { ...KEYS },
		settings: { ...initial },
		requests: [],
		faults: [],
		store: new Store(),
		reset: () => {
			Object.assign(sandbox.settings, initial);
			sandbox.faults.length = 0;
			sandbox.requests.length = 0;
			sandbox.store.reset();
			limiter.reset();
		},
		close: async () => {
			limiter.close();
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
	const limiter = limitRate(sandbox);
	const server = createServer(createApp(sandbox, limiter));
	// Longer than clients keep idle connections, so that none is closed on reuse.
	server.keepAliveTimeout = 120_000;
	server.listen(options.port ?? 0, HOST);
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	sandbox.origin = `http://${HOST}:${port}`;
	sandbox.baseUrl = `${sandbox.origin}/v1`;
	return sandbox;
}
