import { createInterface } from 'node:readline/promises';
import { Writable, type Readable } from 'node:stream';
import { Problem } from '../n8n/problem.mts';

/**
 * A key as it can be sent.
 *
 * @throws {Problem} where it cannot, without repeating it
 */
export function checkedKey(text: string): string {
	const key = text.trim();
	if (/^[\x21-\x7e]{8,}$/.test(key)) return key;
	throw new Problem('That is no API key: it has at least 8 characters, and no spaces.');
}

/** Asks at the terminal. What is typed is not shown. */
export async function askForKey(input: Readable, output: Writable): Promise<string> {
	output.write('Vizdom API key (it is not shown): ');
	const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
	const terminal = createInterface({ input, output: silent, terminal: true, historySize: 0 });
	const closed = new AbortController();
	terminal.once('close', () => closed.abort());
	terminal.once('SIGINT', () => terminal.close());
	try {
		return await terminal.question('', { signal: closed.signal });
	} catch {
		throw new Problem('No API key was entered.');
	} finally {
		terminal.close();
		output.write('\n');
	}
}
