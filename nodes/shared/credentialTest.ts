import { UserError } from 'n8n-workflow';
import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { limitParameter, paths } from './api';
import { connectionProblem } from './request/errors';
import type { VizdomCredential } from './request/exchange';
import { checkedBaseUrl } from './request/origin';
import { isRecord } from './request/said';

/** In milliseconds */
const timeout = 30_000;

interface Answer {
	statusCode: number;
	body: unknown;
}

/**
 * The credential's test: reads one dashboard. It is a function, because n8n shows nothing but the
 * bare code (`ECONNREFUSED`) of a connection that fails in a declarative test.
 */
export async function vizdomApiTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const data = credential.data as unknown as VizdomCredential;
	try {
		const answer = await readOneDashboard(this.helpers, data);
		const problem = problemOf(answer);
		return problem
			? { status: 'Error', message: problem }
			: { status: 'OK', message: 'Connection successful!' };
	} catch (error) {
		return { status: 'Error', message: connectionMessage(error as Error, data) };
	}
}

async function readOneDashboard(
	helpers: ICredentialTestFunctions['helpers'],
	{ apiKey, baseUrl }: VizdomCredential,
): Promise<Answer> {
	return (await helpers.request({
		method: 'GET',
		uri: `${checkedBaseUrl(baseUrl)}${paths.dashboards}`,
		qs: { [limitParameter]: 1 },
		headers: { Authorization: `Bearer ${apiKey}` },
		json: true,
		simple: false,
		resolveWithFullResponse: true,
		followRedirect: false,
		timeout,
	})) as Answer;
}

function problemOf({ statusCode, body }: Answer): string | undefined {
	if (statusCode === 200 && isList(body)) return undefined;
	if (statusCode === 200) {
		return 'Something answered, but not the Vizdom API. Check the Base URL.';
	}
	if (statusCode === 401)
		return 'Vizdom does not accept this API key. Check it, or make a new one.';
	if (statusCode === 403) return 'The API key is valid, but may not read dashboards.';
	if (statusCode === 404) return 'Nothing is found at this address. Check the Base URL.';
	if (statusCode === 429) {
		return 'The API key is over its limit of requests a minute. Wait a minute and test again.';
	}
	const advice = statusCode < 500 ? 'Check the Base URL.' : 'Try again later.';
	return `Vizdom answered with HTTP status ${statusCode}. ${advice}`;
}

function isList(body: unknown): boolean {
	return isRecord(body) && Array.isArray(body.data);
}

function connectionMessage(error: Error, { baseUrl }: VizdomCredential): string {
	if (error instanceof UserError) return `${error.message}. ${error.description ?? ''}`.trim();
	return `No answer from ${baseUrl}: ${connectionProblem(error)}. Check the Base URL.`;
}
