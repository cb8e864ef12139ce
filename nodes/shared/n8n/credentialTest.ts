import {
	type ICredentialsDecrypted,
	type ICredentialTestFunctions,
	type IDataObject,
	type IN8nHttpFullResponse,
	type INode,
	type INodeCredentialTestResult,
	UserError,
} from 'n8n-workflow';
import { blockedAddress, isBadRequest, isPassingStatus, outcomeOfError } from '../http/outcome';
import type { Transport } from '../http/send';
import { settled, Signals } from '../http/signals';
import { checkedBaseUrl } from '../vizdom/baseUrl';
import { Vizdom, type VizdomCredential } from '../vizdom/client';
import { type Answer, answerIn, reportsError, shallow, textsIn } from '../vizdom/envelope';
import { maxShown } from '../vizdom/errors';
import { paths } from '../vizdom/facts';
import { bareKey } from '../vizdom/key';
import { Redactor } from '../vizdom/redactor';
import { serverErrorIn } from '../vizdom/serverErrors';
import { allowAddress, checkProxy, connectionProblem } from '../vizdom/words';
import { refuseCuriousProxy } from './proxy';

const timeout = 30_000; // ms

/**
 * The credential's test: reads one dashboard. If the response is not as assumed, it reads on, to
 * say whether the nodes understand this server. It is a function, because in a declarative test n8n
 * shows only the bare code (`ECONNREFUSED`) of a failed connection (n8n 2.40.7,
 * services/credentials-tester.service.ts).
 */
export async function vizdomApiTest(
	this: ICredentialTestFunctions,
	{ id, data }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const { baseUrl, apiKey, ...rest } = data as unknown as VizdomCredential;
	const credential: VizdomCredential = { ...rest, id, baseUrl, apiKey: bareKey(apiKey) };
	const transport = transportOf(this, credential);
	const signal = AbortSignal.timeout(timeout);
	try {
		const url = `${checkedBaseUrl(baseUrl)}${paths.dashboards}`;
		await refuseCuriousProxy(baseUrl, {}, {}, transport);
		const read = async (query?: IDataObject) =>
			await transport({ method: 'GET', url, query, withKey: true }, timeout, signal);
		const first = await read({ limit: 1 });
		if (isAsAssumed(first)) return success;
		// Without parameters, this is the only documented request.
		const response = isBadRequest(first.statusCode) ? await read() : first;
		if (Array.isArray(listIn(response)?.data)) {
			return await readOn(new Vizdom(boundTo(transport, credential, signal)));
		}
		const { statusCode } = response;
		const advice = isPassingStatus(statusCode) ? 'Try again later.' : 'Check the Base URL.';
		const verb = statusCode >= 500 ? 'failed' : 'answered';
		const otherProblem = `Vizdom ${verb} with HTTP status ${statusCode}. ${advice}`;
		const message = reportIn(response, credential) ?? problems[statusCode] ?? otherProblem;
		return { status: 'Error', message };
	} catch (error) {
		const message = connectionMessage(error as Error, baseUrl);
		return { status: 'Error', message: new Redactor(apiKey).shown(message, maxShown) };
	}
}

const success: INodeCredentialTestResult = { status: 'OK', message: 'Connection successful!' };

function listIn(response: IN8nHttpFullResponse): Answer<unknown> | undefined {
	return response.statusCode === 200 ? answerIn('GET', response) : undefined;
}

/** The error that a 2xx response reports. */
function reportIn(
	{ statusCode, body }: IN8nHttpFullResponse,
	{ apiKey }: VizdomCredential,
): string | undefined {
	if (statusCode >= 300 || !reportsError(body)) return undefined;
	const { message = body } = serverErrorIn(body);
	return `Vizdom answered with an error: ${new Redactor(apiKey).shown(message)}.`;
}

/** Whether the response has one record, as requested, and no other kind of paging. */
function isAsAssumed(response: IN8nHttpFullResponse): boolean {
	const { data, total = Infinity, about = {} } = listIn(response) ?? {};
	if (!Array.isArray(data)) return false;
	const isOtherKind = textsIn(about).some(([path]) => /page|cursor|after|link/i.test(path));
	return !isOtherKind && (data.length === 1 || data.length >= total);
}

async function readOn(vizdom: Vizdom): Promise<INodeCredentialTestResult> {
	const twoParts = async () => {
		const { next } = await vizdom.part(paths.dashboards);
		if (next !== undefined) await vizdom.part(paths.dashboards, next);
	};
	const { error } = await settled(twoParts());
	if (!error) return success;
	const { message, description } = error as Error & { description?: string };
	const found = `The API key works, but reading lists may fail. ${message}. ${description ?? ''}`;
	return { status: 'Error', message: found.trim() };
}

function boundTo(transport: Transport, credential: VizdomCredential, signal: AbortSignal) {
	const node = { name: 'Vizdom', type: 'vizdom' } as INode;
	return {
		transport,
		credential,
		node,
		source: {},
		timeout,
		signals: new Signals(signal),
		labels: {},
	};
}

/** Makes one attempt with the only request helper that a credential's test has. */
function transportOf(
	{ helpers }: ICredentialTestFunctions,
	{ apiKey }: VizdomCredential,
): Transport {
	return async ({ method, url, query, withKey }, limit) => {
		const response = (await helpers.request({
			method,
			uri: url,
			qs: query,
			...(withKey && { headers: { Authorization: `Bearer ${apiKey}` } }),
			json: true,
			simple: false,
			resolveWithFullResponse: true,
			followRedirect: false,
			timeout: limit,
		})) as IN8nHttpFullResponse;
		return { ...response, body: shallow(response.body) as typeof response.body };
	};
}

/** By status. A 200 is here only if the response has no list of dashboards. */
const problems: Record<number, string> = {
	200: 'This address is not the Vizdom API. Check the Base URL.',
	401: 'Vizdom does not accept this API key. Check it, or generate a new one.',
	403: 'The API key is valid, but has no permission to read dashboards.',
	407: `The proxy answered with HTTP status 407. ${checkProxy}`,
	404: 'Nothing was found at this address. Check the Base URL.',
	429: 'The API key is over its limit of requests a minute. Wait a minute and test again.',
};

function connectionMessage(error: Error, baseUrl: string): string {
	if (blockedAddress(error) !== undefined) {
		return `No answer from ${baseUrl}: ${connectionProblem(error)}. ${allowAddress}`;
	}
	if (error instanceof UserError) return `${error.message}. ${error.description ?? ''}`.trim();
	const { isFromProxy } = outcomeOfError('GET', error, baseUrl);
	if (isFromProxy) return `No answer from the proxy: ${connectionProblem(error)}. ${checkProxy}`;
	return `No answer from ${baseUrl}: ${connectionProblem(error)}. Check the Base URL.`;
}
