/**
 * The file name in a Content-Disposition header: `filename*` (RFC 8187) before `filename` (RFC 6266).
 *
 * @returns undefined where there is none
 */
export function fileNameIn(header: unknown): string | undefined {
	if (typeof header !== 'string') return undefined;
	const extended = /filename\*\s*=\s*UTF-8'[^']*'([^;]+)/i.exec(header)?.[1];
	if (extended !== undefined) return decoded(extended.trim());
	const quoted = /filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(header)?.[1];
	if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1') || undefined;
	return /filename\s*=\s*([^;\s]+)/i.exec(header)?.[1];
}

function decoded(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
