import { existsSync } from 'node:fs';
import unitAndEngine from './jest.config.mjs';

/** The engine tests, with n8n-core and n8n-workflow from the folder that `N8N_MODULES` names. */
const { N8N_MODULES } = process.env;
if (!N8N_MODULES) throw new Error('N8N_MODULES is not set: see test/e2e/versions.e2e.mts');

export default {
	...unitAndEngine,
	testMatch: ['<rootDir>/test/engine/**/*.test.mts'],
	// n8n 1 has no SSRF protection.
	testPathIgnorePatterns: existsSync(`${N8N_MODULES}/@n8n/backend-network`) ? [] : ['/ssrf'],
	moduleNameMapper: { '^(n8n-core|n8n-workflow)$': `${N8N_MODULES}/$1` },
	// n8n 1 leaves a timer running.
	forceExit: true,
};
