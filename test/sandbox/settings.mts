import { z } from 'zod';
import { dialectNames } from './dialects.mts';
import { limiterKinds } from './limiters.mts';

const wholeNumber = z.number().int();
const zeroOrMore = wholeNumber.min(0);
const oneOrMore = wholeNumber.min(1);
/** The longest timer; a longer one would end at once. */
const milliseconds = zeroOrMore.max(2 ** 31 - 1);
/** The most that fit into memory. */
const recordCount = zeroOrMore.max(200_000);

export const settingsSchema = z.strictObject({
	/** The kind of server to imitate. */
	dialect: z.enum(dialectNames).default('assumed'),
	/** Added to every response under /v1. */
	latencyMs: milliseconds.default(0),
	/** Requests per window and API key. */
	rateLimit: zeroOrMore.max(1_000_000).default(1000),
	rateWindowMs: milliseconds.min(1).default(60_000),
	/** How requests are counted. */
	rateLimiter: z.enum(limiterKinds).default('fixed-window'),
	/** The Retry-After header of a 429. None is documented. */
	retryAfter: z.enum(['none', 'seconds', 'date']).default('none'),
	/** The server may serve fewer records a page than asked for. */
	maxPageSize: oneOrMore.default(100),
	/** How long an export takes from queued through processing to completed. */
	exportDurationMs: milliseconds.default(1500),
	/** Exports started while this is set fail with this reason. */
	exportFailure: z.string().nullable().default(null),
	/** After this, the download answers 403 `link_expired`. */
	exportLinkLifetimeMs: milliseconds.default(15 * 60_000),
	/** Downloaded files are cut or padded to this size, and streamed. */
	exportFileBytes: zeroOrMore.max(10_000_000_000).nullable().default(null),
	downloadUrl: z.enum(['relative', 'absolute']).default('absolute'),
	/** Download URLs then point to this origin, with a token. */
	downloadOrigin: z
		.string()
		.regex(/^https?:\/\/[^/]+$/, 'Must be an origin such as "http://localhost:4011"')
		.nullable()
		.default(null),
});

export type SandboxSettings = z.infer<typeof settingsSchema>;

export const DEFAULT_SETTINGS: Readonly<SandboxSettings> = settingsSchema.parse({});

/** The first matching fault with times left applies. */
export const faultSchema = z.strictObject({
	method: z.string().optional(),
	/** Regular expression on the path, `/v1` included. */
	path: z.string().refine(isPattern, 'Must be a regular expression').optional(),
	/** Forever unless given. */
	times: oneOrMore.optional(),
	/** Lets the first n matching requests through. */
	skip: zeroOrMore.optional(),
	/** Answers with this status instead of doing the work. */
	status: wholeNumber.min(200).max(599).optional(),
	headers: z.record(z.string()).optional(),
	/** A string is sent unchanged, anything else as JSON. */
	body: z.unknown(),
	/**
	 * Destroys the connection: before the work, during the response, or after the work but before
	 * any response.
	 */
	drop: z.enum(['before', 'during', 'after']).optional(),
	/** Stalls. */
	delayMs: milliseconds.optional(),
});

export type Fault = z.infer<typeof faultSchema>;

function isPattern(text: string): boolean {
	try {
		return Boolean(new RegExp(text));
	} catch {
		return false;
	}
}

/** The body of `PATCH /sandbox`. */
export const controlSchema = z.strictObject({
	settings: settingsSchema.partial().default({}),
	faults: z.array(faultSchema).max(100).optional(),
	records: z
		.strictObject({ dashboards: recordCount, dataSources: recordCount, users: recordCount.min(1) })
		.partial()
		.default({}),
});
