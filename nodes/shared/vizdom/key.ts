const minLength = 3; // what is shorter is no secret
const partOfWords = 8; // what is shorter may be a part of other words

/** What may be pasted together with a key: the word Bearer, blanks, quotes, invisible characters. */
export const aroundKey = /^([\s\p{DI}"'`]|bearer:?\s)*|[\s\p{DI}"'`]+$/giu;

/** The key as it is sent. */
export function bareKey(apiKey: unknown): string {
	return String(apiKey ?? '').replace(aroundKey, '');
}

/**
 * The key must be in no text, also if a server repeats it: as it is stored, or as a header has it,
 * and as JSON, a web address or a page writes it.
 */
export function withoutKey(text: string, apiKey: unknown): string {
	const stored = String(apiKey ?? '');
	const sent = stored.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').trim();
	const forms = [stored, sent].filter((key) => key.length >= minLength).map(anyFormOf);
	return forms.length > 0 ? text.replace(new RegExp(forms.join('|'), 'g'), '[API key]') : text;
}

/** How many characters the key takes at most, however it is written. */
export function longestForm(apiKey: unknown): number {
	return 16 * String(apiKey ?? '').length;
}

function anyFormOf(key: string): string {
	const forms = Array.from(key, formsOf).join('');
	const isPart = key.length < partOfWords;
	return isPart ? `(?<![A-Za-z0-9])${forms}(?![A-Za-z0-9])` : forms;
}

/** A character as it is or escaped: in JSON (`\"`, `\u0022`), an address (`%22`), HTML (`&quot;`, `&#34;`). */
function formsOf(char: string): string {
	const code = char.codePointAt(0) ?? 0;
	const hex = anyCase(code.toString(16));
	const bytes = Buffer.from(char).toString('hex').match(/../g) ?? [];
	const named = htmlNames[char];
	const forms = [
		/\w/.test(char) ? char : `\\\\{0,7}\\${char}`,
		...(char === ' ' ? ['\\+'] : []),
		bytes.map((byte) => `%(?:25)*${anyCase(byte)}`).join(''),
		`\\\\{1,7}(?:u0*|x)${hex}`,
		`&(?:amp;)*(?:#0*${code}|#[xX]0*${hex}${named ? `|${named}` : ''});`,
	];
	return `(?:${forms.join('|')})`;
}

function anyCase(hex: string): string {
	return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

const htmlNames: Partial<Record<string, string>> = {
	'&': 'amp',
	'<': 'lt',
	'>': 'gt',
	'"': 'quot',
	"'": 'apos',
};
