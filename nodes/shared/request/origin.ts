import { UserError } from 'n8n-workflow';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The API's address, checked: the only origin that the key is sent to.
 *
 * @param baseUrl as the credential holds it, with or without a slash at its end
 * @returns the address without a slash at its end
 * @throws {UserError} where it is no web address, or where the key would cross a network unencrypted
 */
export function checkedBaseUrl(baseUrl: string): string {
	const trimmed = baseUrl.trim().replace(/\/+$/, '');
	if (!URL.canParse(trimmed)) {
		throw new UserError(`The Base URL '${trimmed}' is not a web address`, {
			description: 'Correct it in the Vizdom credential. It looks like https://api.vizdom.ai/v1',
		});
	}
	const { protocol, hostname } = new URL(trimmed);
	if (protocol === 'https:' || (protocol === 'http:' && loopback.test(hostname))) return trimmed;
	throw new UserError(`The Base URL '${trimmed}' would send the API key unencrypted`, {
		description:
			'Correct it in the Vizdom credential: it must begin with https://. Plain http is allowed for this machine only (localhost, 127.0.0.1).',
	});
}
