import type { Keys } from './auth.mts';
import type { RecordedRequest } from './request-log.mts';
import type { Fault, SandboxSettings } from './settings.mts';
import type { Store } from './store.mts';

/** A running sandbox. Changes of settings and faults apply from the next request. */
export interface Sandbox {
	origin: string;
	/** The origin with /v1, for the credential. */
	baseUrl: string;
	keys: Keys;
	settings: SandboxSettings;
	/** Every request that arrived, oldest first. */
	requests: RecordedRequest[];
	faults: Fault[];
	store: Store;
	/** Seed data, initial settings, no faults, empty log, fresh rate windows. */
	reset(): void;
	/** Ends all connections at once. */
	close(): Promise<void>;
}
