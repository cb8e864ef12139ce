import { UserError } from 'n8n-workflow';
import { defaultBaseUrl } from './facts';
import { shown } from './redactor';

/**
 * Checks the Base URL, whose origin is the only one that the key is sent to.
 * @returns the URL without a trailing slash
 * @throws {UserError} if it is not a web address, or the key would cross a network unencrypted
 */
export function checkedBaseUrl(baseUrl: unknown): string {
	const trimmed = withoutSlashes(typeof baseUrl === 'string' ? baseUrl.trim() : '');
	const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
	if (!url || url.username || url.password || /[?#]/.test(trimmed)) {
		// Not shown if it may hold a password.
		const quoted = trimmed.includes('@') ? '' : ` '${shown(trimmed)}'`;
		throw new UserError(`The Base URL${quoted} is not a valid API address`, {
			description: `Correct it in the Vizdom credential: it should look like ${defaultBaseUrl}, without a user name, '?' or '#'.`,
		});
	}
	if (url.protocol === 'https:' || isLoopbackHttp(url)) return trimmed;
	throw new UserError(`The Base URL '${shown(trimmed)}' would send the API key unencrypted`, {
		description:
			'Correct it in the Vizdom credential: it must begin with https://. Plain http is allowed for this machine only (localhost, 127.0.0.1).',
	});
}

/** Plain http to this machine crosses no network. */
export function isLoopbackHttp({ protocol, hostname }: URL): boolean {
	return protocol === 'http:' && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

function withoutSlashes(text: string): string {
	let end = text.length;
	while (text[end - 1] === '/') end--;
	return text.slice(0, end);
}
