import { UserError } from 'n8n-workflow';
import { defaultBaseUrl } from '../api';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The API's address, checked: the only origin that the key is sent to.
 *
 * @param baseUrl as the credential holds it, with or without a slash at its end
 * @returns the address without a slash at its end
 * @throws {UserError} where it is no web address, or where the key would cross a network unencrypted
 */
export function checkedBaseUrl(baseUrl: unknown): string {
	const trimmed = typeof baseUrl === 'string' ? baseUrl.trim().replace(/\/+$/, '') : '';
	const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
	if (!url || url.username || url.password || /[?#]/.test(trimmed)) {
		// Not shown where it may hold a password.
		const shown = trimmed.includes('@') ? '' : ` '${trimmed}'`;
		throw new UserError(`The Base URL${shown} is not a web address that the API can have`, {
			description: `Correct it in the Vizdom credential: it looks like ${defaultBaseUrl}, without a user name, '?' or '#'.`,
		});
	}
	if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname))) {
		return trimmed;
	}
	throw new UserError(`The Base URL '${trimmed}' would send the API key unencrypted`, {
		description:
			'Correct it in the Vizdom credential: it must begin with https://. Plain http is allowed for this machine only (localhost, 127.0.0.1).',
	});
}
