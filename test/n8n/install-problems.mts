import { Problem } from './problem.mts';

/** What `npm` wrote when it could not do its work, and what to do about it. */
const CAUSES: Array<{ pattern: RegExp; words: string[] }> = [
	{
		pattern: /ENOSPC|EDQUOT|no space left/i,
		words: [
			'The disk is full. n8n needs about 3 GB.',
			'Free some space, or set XDG_CACHE_HOME to a folder on a larger disk, and run this again.',
		],
	},
	{
		pattern: /\b(EACCES|EPERM|EROFS)\b/,
		words: [
			'A folder could not be written to: see the details below.',
			'Correct its permissions, or set XDG_CACHE_HOME to a folder that you may write to.',
		],
	},
	{
		pattern: /\b(E401|E403|ENEEDAUTH)\b/,
		words: [
			'The npm registry refused access.',
			'Sign in to it (npm login), or correct the registry in your npm configuration.',
		],
	},
	{
		pattern: /\b(E404|ETARGET|EINTEGRITY)\b/,
		words: [
			'The npm registry does not have a package that n8n needs, or has another content for it.',
			'If you use a mirror (npm config get registry), it may be incomplete: try the public registry.',
		],
	},
	{
		pattern:
			/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR|network|\bE50\d\b|CERT_|SELF_SIGNED/i,
		words: [
			'The npm registry cannot be reached. The first run needs a network, later ones do not.',
			'Check the connection, and which registry and proxy npm uses (npm config ls), and run this again.',
		],
	},
];

/** `step` is what was being done, such as "n8n could not be installed." */
export function explainNpmFailure(step: string, output: string, details: string): Problem {
	const cause = CAUSES.find(({ pattern }) => pattern.test(output));
	const words = cause?.words ?? ['npm did not say why in a way that is known here.'];
	return new Problem(step, ...words, '', details);
}

export function npmMissing(): Problem {
	return new Problem(
		'npm was not found. It comes with Node.js: install Node.js 20 or later from https://nodejs.org,',
		'or add the folder of npm to PATH, and run this again.',
	);
}

export function windows(): Problem {
	return new Problem(
		'This runs on Linux and macOS. On Windows, use the Windows Subsystem for Linux.',
	);
}

export function diskTooSmall(folder: string, freeGigabytes: number): Problem {
	return new Problem(
		`Only ${freeGigabytes.toFixed(1)} GB are free where n8n would be installed (${folder}); it needs about 3 GB.`,
		'Free some space, or set XDG_CACHE_HOME to a folder on a larger disk, and run this again.',
	);
}

export function nodeTooOld(wanted: string, version: string): Problem {
	return new Problem(
		`n8n needs Node.js ${wanted}, this is ${version}, and there is no ready-made Node.js for this machine.`,
		`Install Node.js ${wanted} from https://nodejs.org and run this again.`,
	);
}

/** What compiling n8n's SQLite driver needs: any one of the names will do. */
export const COMPILE_TOOLS: Record<string, string[]> = {
	python3: ['python3', 'python'],
	make: ['make', 'gmake'],
	'g++': ['g++', 'c++', 'clang++'],
};

const INSTALL_TOOLS: Partial<Record<NodeJS.Platform, string>> = {
	linux: 'sudo apt install python3 make g++        (Debian, Ubuntu)',
	darwin: 'xcode-select --install && brew install python3',
};

export function compilerMissing(missing: string[], platform: NodeJS.Platform): Problem {
	return new Problem(
		'The SQLite driver of n8n could not be fetched ready-made, so it has to be compiled here,',
		`and for that there is no ${missing.join(', no ')} on this machine. Install what is missing:`,
		'',
		`  ${INSTALL_TOOLS[platform] ?? 'python3, make and a C++ compiler'}`,
		'',
		'and run this again: what was downloaded is kept by npm, so it is faster then.',
	);
}
