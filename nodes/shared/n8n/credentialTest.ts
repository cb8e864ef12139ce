import {
	type ICredentialsDecrypted,
	type ICredentialTestFunctions,
	type INodeCredentialTestResult,
	UserError,
} from 'n8n-workflow';
import { checkedBaseUrl } from '../vizdom/baseUrl';
import type { VizdomCredential } from '../vizdom/client';
import { isRecord } from '../vizdom/envelope';
import { limitParameter, paths } from '../vizdom/facts';
import { connectionProblem } from '../vizdom/words';

/**
 * The credential's test: reads one dashboard. It is a function, because n8n shows nothing but the
 * bare code (`ECONNREFUSED`) of a connection that fails in a declarative test
 * (n8n 2.40.7, services/credentials-tester.service.ts).
 */
export async function vizdomApiTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const { apiKey, baseUrl } = credential.data as unknown as VizdomCredential;
	const { helpers } = this;
	try {
		const { statusCode, body } = (await helpers.request({
			method: 'GET',
			uri: `${checkedBaseUrl(baseUrl)}${paths.dashboards}`,
			qs: { [limitParameter]: 1 },
			headers: { Authorization: `Bearer ${apiKey}` },
			json: true,
			simple: false,
			resolveWithFullResponse: true,
			followRedirect: false,
			timeout: 30_000, // ms
		})) as { statusCode: number; body: unknown };
		const isList = isRecord(body) && Array.isArray(body.data);
		if (statusCode === 200 && isList) return { status: 'OK', message: 'Connection successful!' };
		const advice = statusCode < 500 ? 'Check the Base URL.' : 'Try again later.';
		const otherProblem = `Vizdom answered with HTTP status ${statusCode}. ${advice}`;
		return { status: 'Error', message: problems[statusCode] ?? otherProblem };
	} catch (error) {
		return { status: 'Error', message: connectionMessage(error as Error, baseUrl) };
	}
}

/** By status. A 200 gets here only without a list of dashboards. */
const problems: Record<number, string> = {
	200: 'Something answered, but not the Vizdom API. Check the Base URL.',
	401: 'Vizdom does not accept this API key. Check it, or make a new one.',
	403: 'The API key is valid, but may not read dashboards.',
	404: 'Nothing is found at this address. Check the Base URL.',
	429: 'The API key is over its limit of requests a minute. Wait a minute and test again.',
};

function connectionMessage(error: Error, baseUrl: string): string {
	if (error instanceof UserError) return `${error.message}. ${error.description ?? ''}`.trim();
	return `No answer from ${baseUrl}: ${connectionProblem(error)}. Check the Base URL.`;
}
