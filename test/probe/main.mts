/**
 * `npm run probe`: compares the live API with the package's assumptions. `npm run probe -- --write`
 * also creates, changes, exports and deletes a dashboard of its own.
 */
import { isCancel, password } from '@clack/prompts';
import { inspect } from 'node:util';
import { defaultBaseUrl } from '../../nodes/shared/vizdom/facts.ts';
import { printable } from '../n8n/printable.mts';
import { Problem } from '../n8n/problem.mts';
import { Api } from './api.mts';
import { probe, report } from './probe.mts';

const writing = `A dashboard named "n8n probe ..." is created, changed, exported as CSV, and deleted.
The export stays in Vizdom's list of exports. Nothing else is changed, and nobody is invited.`;

function wantsToWrite(): boolean {
	const given = process.argv.slice(2);
	if (given.every((argument) => argument === '--write')) return given.length > 0;
	throw new Problem(
		'The only argument is --write. Set the address in VIZDOM_BASE_URL and the key in VIZDOM_API_KEY.',
		"An API key given as an argument can be read in the list of processes and in the shell's history:",
		'if that has happened, replace it in Vizdom.',
	);
}

function addressOfApi(): string {
	const address = (process.env.VIZDOM_BASE_URL || defaultBaseUrl).replace(/\/+$/, '');
	const { protocol, hostname } = URL.canParse(address) ? new URL(address) : {};
	const isLocal = protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+)$/.test(hostname ?? '');
	if (protocol === 'https:' || isLocal) return address;
	throw new Problem('VIZDOM_BASE_URL must begin with https://, or the key would go unencrypted.');
}

async function keyOfUser(): Promise<string> {
	const { VIZDOM_API_KEY: given } = process.env;
	if (!given && !process.stdin.isTTY) {
		throw new Problem('Set VIZDOM_API_KEY, or run this in a terminal, which asks for the key.');
	}
	const entered = given ?? (await password({ message: 'Vizdom API key' }));
	const key = isCancel(entered) ? '' : entered.trim();
	if (/^[\x21-\x7e]{8,}$/.test(key)) return key;
	throw new Problem('That is not an API key: it has at least 8 characters and no spaces.');
}

async function main(): Promise<number> {
	const write = wantsToWrite();
	const baseUrl = addressOfApi();
	console.log(
		`Vizdom API at ${baseUrl}, ${write ? `read and written\n${writing}` : 'only read'}\n`,
	);
	const key = await keyOfUser();
	const stop = new AbortController();
	process.once('SIGINT', () => stop.abort(new Problem('Stopped.')));
	const api = new Api(baseUrl, key, stop.signal);
	try {
		const findings = await probe(api, write);
		console.log(report(findings));
		return findings.some(({ verdict }) => verdict === 'differs' || verdict === 'other') ? 1 : 0;
	} catch (error) {
		throw error instanceof Problem ? error : new Error(api.masked(String(error)));
	}
}

try {
	process.exitCode = await main();
} catch (error) {
	console.error(error instanceof Problem ? error.message : printable(inspect(error)));
	process.exitCode = 2;
}
