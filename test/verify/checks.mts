/** The package as npm would have it, and the checkout's version. */
export interface Packed {
	/** Of the tarball, in bytes */
	size: number;
	/** The text of each file, by path */
	files: Map<string, string>;
	changelog: string;
	lockFile: string;
}

interface Manifest {
	version: string;
	n8n: { nodes: string[]; credentials: string[] };
}

const WANTED =
	/^(package\.json|(README|LICENSE|CHANGELOG)\.md|dist\/credentials\/\w+\.credentials\.js|dist\/icons\/[\w.]+\.svg|dist\/nodes\/[\w./]+\.(js|json))$/;

/** Leftovers of tests and tools in dist/nodes. */
const UNWANTED = /\/(tests?|__tests__)\/|\.(test|spec)\.|tsconfig/;

const PRIVATE = {
	'a path of a machine': /(?<!\w)\/(home|Users|root|tmp)\/[\w.-]+|\b[A-Z]:\\+Users\\+/,
	'a key':
		/-----BEGIN [A-Z ]*PRIVATE KEY|\bnpm_\w{30,}|\bgh[a-z]_\w{30,}|\bgithub_pat_\w{20,}|\bxox[a-z]-[\w-]{10,}|\bAKIA[A-Z\d]{16}\b|\bBearer [\w.-]{16,}/,
	'a link to a source map': /\/\/# sourceMappingURL=/,
};

/** Checks that n8n's scanner lacks. Each returns the problems, if any. */
export const checks: Record<string, (packed: Packed) => string[]> = {
	'at most 100 KB': ({ size }) => (size <= 102_400 ? [] : [`The package has ${size} bytes`]),

	'only what n8n and a reader need': ({ files }) => {
		const { nodes, credentials } = manifestIn(files);
		const needed = ['README.md', 'LICENSE.md', ...nodes, ...credentials];
		const unwanted = [...files.keys()].filter((name) => !WANTED.test(name) || UNWANTED.test(name));
		return [
			...needed.filter((name) => !files.has(name)).map((name) => `${name} is missing`),
			...unwanted.map((name) => `${name} is of no use to n8n or to a reader`),
		];
	},

	'no optional or bundled dependency': ({ files }) =>
		Object.keys(manifestIn(files).manifest)
			.filter((field) => /^(optional|bundled?)Dependencies$/.test(field))
			.map((field) => `package.json has ${field}`),

	'no path of a machine, no key': ({ files }) =>
		[...files].flatMap(([name, text]) =>
			Object.entries(PRIVATE)
				.filter(([, pattern]) => pattern.test(text))
				.map(([what, pattern]) => `${name} has ${what}: ${pattern.exec(text)?.[0].slice(0, 24)}`),
		),

	'one version': ({ files, changelog, lockFile }) => {
		const { version } = manifestIn(files).manifest;
		const found = {
			'CHANGELOG.md': /^## (\S+)/m.exec(changelog)?.[1],
			'package-lock.json': (JSON.parse(lockFile) as Manifest).version,
		};
		return Object.entries(found)
			.filter(([, other]) => other !== version)
			.map(([file, other]) => `${file} has version ${other}, not ${version}`);
	},
};

function manifestIn(files: Packed['files']) {
	const manifest = JSON.parse(files.get('package.json') ?? '') as Manifest;
	return { manifest, ...manifest.n8n };
}
