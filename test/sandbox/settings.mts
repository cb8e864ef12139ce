import type { LimiterKind } from './limiters.mts';

export interface SandboxSettings {
	/** Added to every response under /v1. */
	latencyMs: number;
	/** Requests per window and API key. */
	rateLimit: number;
	rateWindowMs: number;
	/** How requests are counted. */
	rateLimiter: LimiterKind;
	/** The Retry-After header of a 429. None is documented. */
	retryAfter: 'none' | 'seconds' | 'date';
	/** The server may serve fewer records a page than asked for. */
	maxPageSize: number;
	/** How long an export takes from queued over processing to completed. */
	exportDurationMs: number;
	/** Every export started while a reason is set here fails with it. */
	exportFailure: string | null;
	/** After this the download answers 403 `link_expired`. */
	exportLinkLifetimeMs: number;
	/** Downloaded files are cut or padded to this size, and streamed. */
	exportFileBytes: number | null;
	downloadUrl: 'relative' | 'absolute';
	/** Absolute download URLs point to this origin instead, and carry a token. */
	downloadOrigin: string | null;
}

export const DEFAULT_SETTINGS: Readonly<SandboxSettings> = {
	latencyMs: 0,
	rateLimit: 1000,
	rateWindowMs: 60_000,
	rateLimiter: 'fixed-window',
	retryAfter: 'none',
	maxPageSize: 100,
	exportDurationMs: 1500,
	exportFailure: null,
	exportLinkLifetimeMs: 15 * 60_000,
	exportFileBytes: null,
	downloadUrl: 'absolute',
	downloadOrigin: null,
};
