const mostBytes = 255; // of a name, on most file systems

const slashes = /[\\/]/g;
const invisible = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu; // control and direction characters

/**
 * A text as the name of a file, safe to be saved and sent.
 * @param extension that the name gets unless it has it; left out, the name keeps its own
 * @returns '' if there is nothing of a name in it
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
	return stem && `${cut(stem, mostBytes - Buffer.byteLength(ending)).trimEnd()}${ending}`;
}

/** As many whole characters, as a reader sees them, as these bytes of UTF-8 hold. */
function cut(text: string, bytes: number): string {
	let size = 0;
	const characters = [...new Intl.Segmenter().segment(text)];
	const first = characters.find(({ segment }) => (size += Buffer.byteLength(segment)) > bytes);
	return text.slice(0, first?.index);
}
