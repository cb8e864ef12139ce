import { startSandbox } from '../sandbox/server.mts';
import type { Sandbox } from '../sandbox/server.mts';
import type { Credential } from './engine.mts';

/** One sandbox per test file, reset before each test. */
export function useSandbox(): {
	readonly sandbox: Sandbox;
	credential: (role?: Role) => Credential;
} {
	let sandbox: Sandbox;
	beforeAll(async () => {
		sandbox = await startSandbox({ port: 0 });
	});
	beforeEach(() => sandbox.reset());
	afterAll(async () => await sandbox.close());
	return {
		get sandbox() {
			return sandbox;
		},
		credential: (role = 'admin') => ({ apiKey: sandbox.keys[role], baseUrl: sandbox.baseUrl }),
	};
}

type Role = 'admin' | 'editor' | 'viewer';

/** `GET /v1/dashboards?limit=5` and the like, for comparing what was sent. */
export function requestLines(sandbox: Sandbox): string[] {
	return sandbox.requests.map(({ method, path, query }) => {
		const search = new URLSearchParams(query).toString();
		return `${method} ${path}${search && `?${search}`}`;
	});
}

/** A resource locator's value. */
export function locator(value: unknown, mode = 'id'): { __rl: true; mode: string; value: unknown } {
	return { __rl: true, mode, value };
}
