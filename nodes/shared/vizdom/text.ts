/** A text without what nobody sees in it: zero-width characters, soft hyphens, blanks around it. */
export function visible(text: string): string {
	return text.replace(/\p{Default_Ignorable_Code_Point}/gu, '').trim();
}

/** A text as searches compare it: whatever its case, its Unicode form and the number of its blanks. */
export function folded(text: string): string {
	const blanksAsOne = visible(text.normalize('NFKC')).replace(/\s+/g, ' ');
	// Lower case first: a sharp s is 'SS' then, and a final sigma is like any other.
	return blanksAsOne.toLowerCase().toUpperCase().normalize('NFKC');
}

/** A number of seconds in words. */
export function seconds(count: number): string {
	return `${count} ${count === 1 ? 'second' : 'seconds'}`;
}

/** What percent escapes stand for; undefined if they stand for nothing. */
export function unescaped(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
