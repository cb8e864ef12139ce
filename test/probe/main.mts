/**
 * `npm run probe`: compares the live API with what the package takes for granted.
 * `npm run probe -- --write` also creates, changes, exports and deletes a dashboard of its own.
 */
import { defaultBaseUrl } from '../../nodes/shared/vizdom/facts.ts';
import { checkedBaseUrl } from '../../nodes/shared/vizdom/baseUrl.ts';
import { Problem } from '../n8n/problem.mts';
import { askForKey, checkedKey } from './key.mts';
import { probe } from './probe.mts';
import { report } from './report.mts';

const writing = `With --write, a dashboard named "n8n probe ..." is created, changed, exported as CSV, and deleted.
The export stays in Vizdom's list of exports. Nothing else is changed, and nobody is invited.`;

const exitCodes = { differs: 1, problem: 2, stopped: 130 };

const stop = new AbortController();

function wantsToWrite(): boolean {
	const given = process.argv.slice(2);
	if (given.every((argument) => argument === '--write')) return given.length > 0;
	throw new Problem(
		'The only argument is --write. Set the address in VIZDOM_BASE_URL, and the key in VIZDOM_API_KEY,',
		'or enter it when asked. An API key given as an argument is not used: it can be read in the list',
		"of processes and in the shell's history. Where that has happened, replace it in Vizdom.",
	);
}

function addressOfApi(): string {
	try {
		return checkedBaseUrl(process.env.VIZDOM_BASE_URL || defaultBaseUrl);
	} catch (error) {
		throw new Problem((error as Error).message, 'Correct it in VIZDOM_BASE_URL.');
	}
}

async function keyOfUser(): Promise<string> {
	const { VIZDOM_API_KEY: given } = process.env;
	if (given) return checkedKey(given);
	if (process.stdin.isTTY) return checkedKey(await askForKey(process.stdin, process.stderr));
	throw new Problem(
		'There is no API key: set VIZDOM_API_KEY, or run this in a terminal, which asks.',
	);
}

function progress(what: string): void {
	process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${what}` : `${what}\n`);
}

function endProgress(): void {
	if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
}

function left(what: string): void {
	endProgress();
	console.error(what);
}

async function main(): Promise<void> {
	const write = wantsToWrite();
	const baseUrl = addressOfApi();
	console.log(`Vizdom API at ${baseUrl}, read${write ? ' and written' : ' only'}\n`);
	if (write) console.log(`${writing}\n`);
	const key = await keyOfUser();
	process.once('SIGINT', () => stop.abort(new Problem('Stopped.')));
	const findings = await probe({ baseUrl, key, write, signal: stop.signal, progress, left });
	endProgress();
	console.log(report(findings, process.stdout.columns));
	if (findings.some(({ verdict }) => verdict === 'differs')) process.exitCode = exitCodes.differs;
}

try {
	await main();
} catch (error) {
	endProgress();
	const reason = stop.signal.aborted ? (stop.signal.reason as unknown) : error;
	if (!(reason instanceof Problem)) throw reason;
	console.error(reason.message);
	process.exitCode = stop.signal.aborted ? exitCodes.stopped : exitCodes.problem;
}
