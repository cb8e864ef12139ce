import type { Keys } from './auth.mts';
import type { RecordedRequest } from './request-log.mts';
import type { Fault, SandboxSettings } from './settings.mts';
import type { Store } from './store.mts';

/** A running sandbox. Settings and faults are live: the next request sees what is set here. */
export interface Sandbox {
	origin: string;
	/** The origin and /v1: what goes into the credential. */
	baseUrl: string;
	keys: Keys;
	settings: SandboxSettings;
	/** Every request that arrived, oldest first. */
	requests: RecordedRequest[];
	faults: Fault[];
	store: Store;
	/** Seed data, the settings that it started with, no faults, empty log, fresh rate windows. */
	reset(): void;
	/** Ends all connections at once. */
	close(): Promise<void>;
}
