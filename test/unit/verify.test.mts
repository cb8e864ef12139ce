import { checks, type Packed } from '../verify/checks.mts';

const manifest = {
	version: '1.2.3',
	n8n: { nodes: ['dist/nodes/A/A.node.js'], credentials: ['dist/credentials/A.credentials.js'] },
};

function findings(files: Record<string, string> = {}, changes: Partial<Packed> = {}): string[] {
	const all = {
		'package.json': JSON.stringify(manifest),
		'README.md': 'Open http://127.0.0.1:5678/home/workflows',
		'LICENSE.md': 'MIT',
		'dist/credentials/A.credentials.js': "authenticate = '=Bearer {{$credentials.apiKey}}'",
		'dist/icons/a.dark.svg': '<svg/>',
		'dist/nodes/A/A.node.js': "require('n8n-workflow')",
		'dist/nodes/A/__schema__/v1.0.0/a/get.json': '{}',
		...files,
	};
	const packed = {
		size: 40_000,
		files: new Map(Object.entries(all)),
		changelog: '# Changelog\n\n## 1.2.3 (unreleased)\n\n## 1.2.2',
		lockFile: '{"version":"1.2.3"}',
		...changes,
	};
	return Object.values(checks).flatMap((check) => check(packed));
}

const withManifest = (changes: object) =>
	findings({ 'package.json': JSON.stringify({ ...manifest, ...changes }) });

test('a correct package passes', () => expect(findings()).toEqual([]));

test('a package that is too large or has another version is refused', () => {
	expect(findings({}, { size: 102_401 })).toEqual(['The package has 102401 bytes']);
	expect(withManifest({ version: '1.3.0' })).toEqual([
		'CHANGELOG.md has version 1.2.3, not 1.3.0',
		'package-lock.json has version 1.2.3, not 1.3.0',
	]);
});

test.each([
	'dist/nodes/A/A.node.js.map',
	'dist/nodes/A/A.test.js',
	'dist/nodes/A/test/A.js',
	'dist/package.json',
	'.env',
])('%s does not belong in it', (name) => {
	expect(findings({ [name]: '' })).toEqual([`${name} is of no use to n8n or to a reader`]);
});

test('a listed node must exist, and nothing may be bundled', () => {
	const n8n = { ...manifest.n8n, nodes: ['dist/nodes/B/B.node.js'] };
	expect(withManifest({ n8n })).toEqual(['dist/nodes/B/B.node.js is missing']);
	for (const field of ['optionalDependencies', 'bundleDependencies', 'bundledDependencies']) {
		expect(withManifest({ [field]: ['lodash'] })).toEqual([`package.json has ${field}`]);
	}
});

test.each([
	['a path of a machine', '/home/ada/work'],
	['a path of a machine', 'C:\\Users\\ada'],
	['a key', `npm_${'a1'.repeat(18)}`],
	['a key', 'Bearer abcdefghijklmnop'],
	['a link to a source map', '//# sourceMappingURL=A.node.js.map'],
])('%s is refused: %s', (what, text) => {
	expect(findings({ 'dist/nodes/A/A.node.js': text })).toEqual([
		expect.stringContaining(`dist/nodes/A/A.node.js has ${what}`),
	]);
});
