import {
	hasTheRightFiles,
	isSmall,
	needsNothingElse,
	tellsNothingPrivate,
	versionsAgree,
} from '../verify/checks.mts';
import type { Unpacked } from '../verify/unpacked.mts';

const manifest = {
	version: '1.2.3',
	n8n: { nodes: ['dist/nodes/A/A.node.js'], credentials: ['dist/credentials/A.credentials.js'] },
};

function unpacked(files: Record<string, string> = {}, changes: object = {}): Unpacked {
	const all = {
		'package.json': JSON.stringify({ ...manifest, ...changes }),
		'README.md': 'Open http://127.0.0.1:5678/home/workflows',
		'LICENSE.md': 'MIT',
		'dist/credentials/A.credentials.js': "authenticate = '=Bearer {{$credentials.apiKey}}'",
		'dist/icons/a.dark.svg': '<svg/>',
		'dist/nodes/A/A.node.js': "require('n8n-workflow')",
		'dist/nodes/A/__schema__/v1.0.0/a/get.json': '{}',
		...files,
	};
	return { folder: '', size: 40_000, files: new Map(Object.entries(all)) };
}

const agree = versionsAgree(
	'# Changelog\n\n## 1.2.3 (unreleased)\n\n## 1.2.2',
	'{"version":"1.2.3"}',
);

test('a package as it should be passes', () => {
	for (const check of [isSmall, hasTheRightFiles, needsNothingElse, tellsNothingPrivate, agree]) {
		expect(check(unpacked())).toEqual([]);
	}
});

test('one that is too large is refused', () => {
	expect(isSmall({ ...unpacked(), size: 102_401 })).toHaveLength(1);
});

test.each([
	'dist/nodes/A/A.node.js.map',
	'dist/nodes/A/A.node.d.ts',
	'dist/nodes/A/A.test.js',
	'dist/nodes/A/test/A.js',
	'dist/docs/a.png',
	'dist/package.json',
	'.env',
	'test/a.mts',
])('%s does not belong into it', (name) => {
	expect(hasTheRightFiles(unpacked({ [name]: '' }))).toEqual([
		`${name} is of no use to n8n or to a reader`,
	]);
});

test('a node that is listed has to be there', () => {
	const n8n = { ...manifest.n8n, nodes: ['dist/nodes/B/B.node.js'] };
	expect(hasTheRightFiles(unpacked({}, { n8n }))).toEqual(['dist/nodes/B/B.node.js is missing']);
});

test.each(['dependencies', 'optionalDependencies', 'bundleDependencies', 'bundledDependencies'])(
	'%s are refused',
	(field) => {
		const value = field.startsWith('bundle') ? ['lodash'] : { lodash: '4' };
		expect(needsNothingElse(unpacked({}, { [field]: value }))).toEqual([
			`package.json has ${field}`,
		]);
	},
);

test.each([
	['a path of a machine', '/home/ada/work'],
	['a path of a machine', 'C:\\Users\\ada'],
	['a key', `npm_${'a1'.repeat(18)}`],
	['a key', `ghp_${'a1'.repeat(18)}`],
	['a key', 'Bearer abcdefghijklmnop'],
	['a key', '-----BEGIN RSA PRIVATE KEY-----'],
	['a link to a source map', '//# sourceMappingURL=A.node.js.map'],
])('%s is refused: %s', (what, text) => {
	expect(tellsNothingPrivate(unpacked({ 'dist/nodes/A/A.node.js': text }))).toEqual([
		expect.stringContaining(`dist/nodes/A/A.node.js has ${what}`),
	]);
});

test('a changelog or a lock file of another version is refused', () => {
	expect(agree(unpacked({}, { version: '1.3.0' }))).toEqual([
		'CHANGELOG.md begins with 1.2.3, not 1.3.0',
		'package-lock.json has 1.2.3, not 1.3.0',
	]);
});
