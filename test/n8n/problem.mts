import { printable } from './printable.mts';

/** A problem that the user can solve; only its message is shown. */
export class Problem extends Error {
	constructor(...lines: string[]) {
		super(printable(lines.join('\n')));
		this.name = 'Problem';
	}
}

/** The end of a program's output usually explains why it stopped. */
export function lastLines(output: string, count = 15): string {
	return output.trim().split('\n').slice(-count).join('\n');
}
