// n8n would print every failure that a test asks for.
process.env.N8N_LOG_LEVEL = 'silent';

export default {
	testMatch: ['<rootDir>/test/**/*.test.mts'],
	testTimeout: 30_000,
	// The engine tests wait most of the time.
	maxWorkers: '100%',
	extensionsToTreatAsEsm: ['.mts'],
	moduleFileExtensions: ['ts', 'mts', 'js', 'mjs', 'cjs', 'json'],
	transform: {
		'\\.m?ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
	},
	transformIgnorePatterns: ['/node_modules/'],
};
