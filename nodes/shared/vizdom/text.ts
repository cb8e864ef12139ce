/** Removes invisible characters, such as zero-width spaces and soft hyphens, and surrounding blanks. */
export function visible(text: string): string {
	return text.replace(/\p{Default_Ignorable_Code_Point}/gu, '').trim();
}

/** Folds case, Unicode form and blanks for searches. */
export function folded(text: string): string {
	const blanksAsOne = visible(text.normalize('NFKC')).replace(/\s+/g, ' ');
	// Both cases, so that a sharp s equals 'ss', and a final sigma any other sigma.
	return blanksAsOne.toLowerCase().toUpperCase().normalize('NFKC');
}

/** A number of seconds in words. */
export function seconds(count: number): string {
	return `${count} ${count === 1 ? 'second' : 'seconds'}`;
}

/** Decodes percent escapes; undefined if they are invalid. */
export function unescaped(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
