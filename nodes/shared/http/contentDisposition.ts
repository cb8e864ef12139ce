/**
 * The file name in a Content-Disposition header: `filename*` (RFC 8187) before `filename` (RFC 6266).
 * @returns undefined if there is none
 */
export function fileNameIn(header: unknown): string | undefined {
	if (typeof header !== 'string') return undefined;
	const extended = /filename\*\s*=\s*UTF-8'[^']*'([^;]+)/i.exec(header)?.[1];
	const quoted = /filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(header)?.[1];
	const plain = /filename\s*=\s*([^;\s"]+)/i.exec(header)?.[1];
	return decoded(extended?.trim()) || asUtf8(quoted?.replace(/\\(.)/g, '$1') || plain);
}

/** Headers are read as Latin-1, but many servers write UTF-8: if it can be that, it is. */
function asUtf8(name: string | undefined): string | undefined {
	if (name === undefined || /[^\0-\xff]/.test(name)) return name;
	const text = Buffer.from(name, 'latin1').toString('utf8');
	return text.includes('\ufffd') ? name : text;
}

function decoded(text = ''): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
