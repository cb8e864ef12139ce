const maxBytes = 255; // of a file name, on most file systems

const slashes = /[\\/]/g;
const invisible = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu; // control and direction characters

/**
 * Makes a text a file name that is safe to save and send.
 * @param extension added unless the name has it; if undefined, the name keeps its own
 * @returns '' if no name is left
 */
export function asFileName(text: string, extension?: string): string {
	const clean = text.replace(invisible, '').replace(slashes, '-').trim();
	const [own = ''] = (extension ? /\.[^.]+$/ : /\.[a-z\d]{1,10}$/i).exec(clean) ?? [];
	const hasExtension = !extension || own.toLowerCase() === `.${extension}`;
	const ending = hasExtension ? own : `.${extension}`;
	const stem = (hasExtension ? clean.slice(0, clean.length - own.length) : clean).replace(
		/[.\s]+$/,
		'',
	);
	return stem && `${cut(stem, maxBytes - Buffer.byteLength(ending)).trimEnd()}${ending}`;
}

/** As many whole characters (graphemes) as fit into this many bytes of UTF-8. */
function cut(text: string, bytes: number): string {
	let size = 0;
	const characters = [...new Intl.Segmenter().segment(text)];
	const first = characters.find(({ segment }) => (size += Buffer.byteLength(segment)) > bytes);
	return text.slice(0, first?.index);
}
