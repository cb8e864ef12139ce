import { UserError } from 'n8n-workflow';
import { errorCode, unreachedPlace } from '../http/outcome';
import type { Transport } from '../http/send';
import { settled } from '../http/signals';
import { checkedBaseUrl, isLoopbackHttp } from '../vizdom/baseUrl';
import type { RequestSettings } from './transport';

const closedPort = 1; // of tcpmux, which no machine offers
const answerWithin = 20_000; // ms: longer than a busy n8n takes to notice a refused connection

/**
 * Refuses a proxy that would see the key: it can read plain http and, if certificates are not
 * checked, pose as Vizdom.
 * @param source the caller; the environment is checked once for each
 * @throws {UserError} if there is such a proxy
 */
export async function refuseCuriousProxy(
	baseUrl: unknown,
	{ proxy, skipSslCertificateValidation }: RequestSettings,
	source: object,
	transport: Transport,
): Promise<void> {
	const url = new URL(checkedBaseUrl(baseUrl));
	const isPlain = isLoopbackHttp(url);
	if (proxy && isPlain) {
		const description = `Remove 'Proxy' from the node's Request Options: '${url.origin}', the Base URL in the Vizdom credential, is on this machine.`;
		throw new UserError("The proxy in 'Proxy' would get the API key unencrypted", { description });
	}
	if (proxy && skipSslCertificateValidation === true) {
		const description = "Remove one of the two from the node's Request Options.";
		throw new UserError("With 'Ignore SSL Issues', the proxy in 'Proxy' could read the API key", {
			description,
		});
	}
	if (isPlain && (await goesThroughProxy(url, source, transport))) {
		const description = `Add ${url.hostname} to NO_PROXY in n8n's environment: '${url.origin}', the Base URL in the Vizdom credential, is on this machine.`;
		throw new UserError("The proxy in n8n's environment would get the API key unencrypted", {
			description,
		});
	}
}

const findings = new WeakMap<object, Promise<boolean>>();

/**
 * Whether n8n uses its environment's proxy for a host on this machine. A node can neither see the
 * environment nor turn that proxy off (n8n-core 1.122, request-helpers/axios-utils.ts;
 * @n8n/backend-network of n8n 2.40, http/axios/utils.ts). But without a proxy, a request to a port
 * where nothing listens is refused by that port.
 */
async function goesThroughProxy({ hostname }: URL, source: object, transport: Transport) {
	const knock = async () => {
		const url = `http://${hostname}:${closedPort}/`;
		const signal = AbortSignal.timeout(answerWithin);
		const request = transport({ method: 'GET', url, withKey: false }, answerWithin, signal);
		const { error } = await settled(request);
		if (!error) return true;
		// Without a code, n8n itself refuses the address (SSRF protection), proxy or not.
		const place = unreachedPlace(error);
		return place === undefined ? errorCode(error) !== '' : !place.endsWith(`:${closedPort}`);
	};
	const finding = findings.get(source) ?? knock();
	findings.set(source, finding);
	return await finding;
}
