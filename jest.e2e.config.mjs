import unitAndEngine from './jest.config.mjs';

/** `npm run test:e2e`: one file after the other, because each starts an n8n of its own. */
export default {
	...unitAndEngine,
	testMatch: ['<rootDir>/test/e2e/**/*.e2e.mts'],
	maxWorkers: 1,
	testTimeout: 300_000,
	verbose: true,
};
