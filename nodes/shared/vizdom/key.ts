const minLength = 3; // anything shorter is no secret
const partOfWords = 8; // anything shorter may be a part of other words

/** Characters that may be pasted along with a key: the word Bearer, blanks, quotes, invisible ones. */
export const aroundKey = /^([\s\p{DI}"'`]|bearer:?\s)*|[\s\p{DI}"'`]+$/giu;

/** The key itself, as it is sent. */
export function bareKey(apiKey: unknown): string {
	return String(apiKey ?? '').replace(aroundKey, '');
}

/**
 * Replaces the key in a text, for example if a server repeats it: as stored or as sent in a header,
 * plain or escaped as in JSON, URLs and HTML.
 */
export function withoutKey(text: string, apiKey: unknown): string {
	const stored = String(apiKey ?? '');
	const sent = stored.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').trim();
	const forms = [stored, sent].filter((key) => key.length >= minLength).map(anyFormOf);
	return forms.length > 0 ? text.replace(new RegExp(forms.join('|'), 'g'), '[API key]') : text;
}

/** The most characters that the key takes in any form. */
export function longestForm(apiKey: unknown): number {
	return 16 * String(apiKey ?? '').length;
}

function anyFormOf(key: string): string {
	const forms = Array.from(key, formsOf).join('');
	const isPart = key.length < partOfWords;
	return isPart ? `(?<![A-Za-z0-9])${forms}(?![A-Za-z0-9])` : forms;
}

/** A character, plain or escaped: in JSON (`\"`, `\u0022`), a URL (`%22`), HTML (`&quot;`, `&#34;`). */
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
