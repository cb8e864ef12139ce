/** Something that went wrong in a way the reader can act on: its message is all that is shown. */
export class Problem extends Error {
	constructor(...lines: string[]) {
		super(lines.join('\n'));
		this.name = 'Problem';
	}
}

/** Work was given up because the program is being stopped. */
export class Interrupted extends Error {
	constructor() {
		super('Interrupted');
		this.name = 'Interrupted';
	}
}

/** The end of a program's output: what explains best why it stopped. */
export function lastLines(output: string, count = 15): string {
	return output.trim().split('\n').slice(-count).join('\n');
}
