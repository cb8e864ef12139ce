import unitAndEngine from './jest.config.mjs';

/** The engine tests, in the engine of the n8n in whose `node_modules` they are to run. */
const { N8N_MODULES } = process.env;
if (!N8N_MODULES) throw new Error('Set N8N_MODULES to the node_modules of an installed n8n');

export default {
	...unitAndEngine,
	testMatch: ['<rootDir>/test/engine/**/*.test.mts'],
	moduleNameMapper: { '^(n8n-core|n8n-workflow)$': `${N8N_MODULES}/$1` },
};
