import { homedir } from 'node:os';
import { checkout } from '../n8n/paths.mts';
import type { Unpacked } from './unpacked.mts';

/** Says what is wrong with a package: nothing where all is well. */
export type Check = (unpacked: Unpacked) => string[];

interface Manifest {
	version: string;
	dependencies?: Record<string, string>;
	optionalDependencies?: Record<string, string>;
	bundleDependencies?: unknown;
	bundledDependencies?: unknown;
	n8n: { nodes: string[]; credentials: string[] };
}

const MOST_BYTES = 100 * 1024;

const WANTED_FILES = [
	/^(package\.json|README\.md|LICENSE\.md|CHANGELOG\.md)$/,
	/^dist\/credentials\/\w+\.credentials\.js$/,
	/^dist\/icons\/[\w.]+\.svg$/,
	/^dist\/nodes\/[\w./]+\.(js|json)$/,
];

const NEEDED_FILES = ['package.json', 'README.md', 'LICENSE.md'];

/** Leftovers of tests and tools, also below dist/nodes. */
const UNWANTED_FILES = /(^|\/)(test|tests|__tests__)\/|\.(test|spec)\.|tsconfig|\.d\.ts$|\.map$/;

const MACHINE_PATHS = /(?<!\w)\/(home|Users|root|tmp)\/[\w.-]+|\b[A-Z]:\\+Users\\+/;

/** Of npm, GitHub, Slack, Amazon, and such as Vizdom's in a header. */
const KEYS =
	/-----BEGIN [A-Z ]*PRIVATE KEY|\bnpm_\w{30,}|\bgh[a-z]_\w{30,}|\bgithub_pat_\w{20,}|\bxox[a-z]-[\w-]{10,}|\bAKIA[A-Z\d]{16}\b|\bBearer [\w.-]{16,}/;

const SOURCE_MAP = /\/\/# sourceMappingURL=/;

export const isSmall: Check = ({ size }) =>
	size <= MOST_BYTES ? [] : [`${size} bytes are more than ${MOST_BYTES}`];

export const hasTheRightFiles: Check = (unpacked) => {
	const { nodes, credentials } = manifestOf(unpacked).n8n;
	const names = [...unpacked.files.keys()];
	const missing = [...NEEDED_FILES, ...nodes, ...credentials].filter(
		(name) => !names.includes(name),
	);
	const unwanted = names.filter(
		(name) => UNWANTED_FILES.test(name) || !WANTED_FILES.some((wanted) => wanted.test(name)),
	);
	return [
		...missing.map((name) => `${name} is missing`),
		...unwanted.map((name) => `${name} is of no use to n8n or to a reader`),
	];
};

export const needsNothingElse: Check = (unpacked) => {
	const manifest = manifestOf(unpacked);
	const fields = [
		'dependencies',
		'optionalDependencies',
		'bundleDependencies',
		'bundledDependencies',
	] as const;
	return fields
		.filter((field) => Object.keys(manifest[field] ?? {}).length > 0)
		.map((field) => `package.json has ${field}`);
};

export const tellsNothingPrivate: Check = ({ files }) =>
	[...files].flatMap(([name, text]) => [
		...found(name, text, MACHINE_PATHS, 'a path of a machine'),
		...found(name, text, KEYS, 'a key'),
		...found(name, text, SOURCE_MAP, 'a link to a source map'),
		...[checkout, homedir()]
			.filter((folder) => text.includes(`${folder}/`))
			.map((folder) => `${name} has the path ${folder}`),
	]);

/** @param changelog text of CHANGELOG.md, @param lock of package-lock.json */
export function versionsAgree(changelog: string, lock: string): Check {
	return (unpacked) => {
		const { version } = manifestOf(unpacked);
		const [, newest] = /^## \[?v?(\d+\.\d+\.\d+\S*?)\]?( |$)/m.exec(changelog) ?? [];
		const { version: locked } = JSON.parse(lock) as Manifest;
		return [
			...(newest === version ? [] : [`CHANGELOG.md begins with ${newest}, not ${version}`]),
			...(locked === version ? [] : [`package-lock.json has ${locked}, not ${version}`]),
		];
	};
}

function found(name: string, text: string, pattern: RegExp, what: string): string[] {
	const [match] = pattern.exec(text) ?? [];
	return match === undefined ? [] : [`${name} has ${what}: ${match.slice(0, 24)}`];
}

function manifestOf({ files }: Unpacked): Manifest {
	return JSON.parse(files.get('package.json') ?? '{}') as Manifest;
}
