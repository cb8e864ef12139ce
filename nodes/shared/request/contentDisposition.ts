/**
 * The file name in a Content-Disposition header: `filename*` (RFC 8187) before `filename` (RFC 6266).
 *
 * @returns undefined where there is none
 */
export function fileNameIn(header: unknown): string | undefined {
	if (typeof header !== 'string') return undefined;
	const extended = /filename\*\s*=\s*UTF-8'[^']*'([^;]+)/i.exec(header)?.[1];
	const quoted = /filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(header)?.[1];
	const plain = /filename\s*=\s*([^;\s"]+)/i.exec(header)?.[1];
	return decoded(extended?.trim()) || quoted?.replace(/\\(.)/g, '$1') || plain;
}

function decoded(text = ''): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
