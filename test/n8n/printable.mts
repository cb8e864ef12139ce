import { stripVTControlCharacters } from 'node:util';

/**
 * Makes outside text safe for a terminal: nothing in it moves the cursor, changes colors or hides
 * text.
 */
export function printable(text: string): string {
	return stripVTControlCharacters(text).replace(/(?![\n\t])[\p{Cc}\p{Cf}]/gu, '');
}

/** The same in one line, so that it cannot pose as several. */
export function printableLine(text: string): string {
	return printable(text.replace(/\s+/g, ' '));
}
