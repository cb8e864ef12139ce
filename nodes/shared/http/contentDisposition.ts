/**
 * The file name in a Content-Disposition header: `filename*` (RFC 8187) before `filename` (RFC 6266),
 * which may also be percent-encoded or an encoded word (RFC 2047), as some servers write it.
 * @returns undefined if there is none
 */
export function fileNameIn(header: unknown): string | undefined {
	const parameters = parametersIn(String(header ?? ''));
	const extended = extendedValue(parameters.get('filename*'));
	if (extended) return extended;
	const name = asUtf8(parameters.get('filename') ?? '');
	return decodedWords(name) ?? percentDecoded(name) ?? (name || undefined);
}

/** The parameters by lower-case name. Text within quotes is skipped. */
function parametersIn(header: string): Map<string, string> {
	const parameters = new Map<string, string>();
	const parts = /(?<![^\s;])([^\s;=]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))|"(?:[^"\\]|\\.)*"/g;
	for (const [, name, quoted, plain = ''] of header.matchAll(parts)) {
		if (name === undefined || parameters.has(name.toLowerCase())) continue;
		// Windows paths have single backslashes, which escape nothing.
		const value = quoted?.replace(/\\(["\\])/g, '$1') ?? plain.trim();
		parameters.set(name.toLowerCase(), value);
	}
	return parameters;
}

/** `UTF-8'en'Q4%20Revenue.pdf` */
function extendedValue(value = ''): string | undefined {
	const [, charset = '', encoded = ''] = /^([^']*)'[^']*'(.*)$/s.exec(value) ?? [];
	const isValid = /^([^%]|%[\da-f]{2})+$/i.test(encoded);
	return isValid ? decoded(bytesOf(encoded, /%([\da-f]{2})/gi), charset) : undefined;
}

/** Encoded words, separated by blank space only: `=?UTF-8?Q?Q4_Revenue.pdf?=` */
function decodedWords(name: string): string | undefined {
	const words = /=\?([^?*]+)(?:\*[^?]*)?\?([bq])\?([^?]*)\?=/gi;
	if (!words.test(name)) return undefined;
	const decodedWord = (word: string, charset: string, encoding: string, text: string) => {
		const bytes = /b/i.test(encoding)
			? Buffer.from(text, 'base64')
			: bytesOf(text.replaceAll('_', ' '), /=([\da-f]{2})/gi);
		return decoded(bytes, charset) ?? word;
	};
	return name.replace(/\?=\s+=\?/g, '?==?').replace(words, decodedWord);
}

function percentDecoded(name: string): string | undefined {
	return /%[\da-f]{2}/i.test(name) ? decoded(bytesOf(name, /%([\da-f]{2})/gi), 'utf-8') : undefined;
}

/** Node.js reads headers as Latin-1, but many servers write UTF-8: whatever is valid UTF-8 is taken as such. */
function asUtf8(name: string): string {
	const isLatin1 = !/[^\0-\xff]/.test(name);
	return (isLatin1 && decoded(Buffer.from(name, 'latin1'), 'utf-8')) || name;
}

/** The bytes of a text with hexadecimal escapes. */
function bytesOf(text: string, escapes: RegExp): Buffer {
	const parts = text.split(escapes);
	return Buffer.concat(parts.map((part, index) => Buffer.from(part, index % 2 ? 'hex' : 'utf8')));
}

/** @returns undefined if they are not valid in that character set */
function decoded(bytes: Uint8Array, charset: string): string | undefined {
	try {
		return new TextDecoder(charset, { fatal: true }).decode(bytes);
	} catch {
		return undefined;
	}
}
