import { anyOf, Signals } from '../http/signals';
import { Vizdom, type VizdomCredential } from '../vizdom/client';
import { bareKey } from '../vizdom/key';
import type { Labels } from '../vizdom/serverErrors';
import { refuseCuriousProxy } from './proxy';
import type { Run } from './run';
import { type Context, type RequestSettings, transportOf } from './transport';

/** For a locator's search and the trigger, in ms; operations use n8n's or the user's. */
const defaultTimeout = 60_000;

/**
 * Binds the client to an input item, a poll or a search.
 * @param run of the input item; if it fails, waiting ends
 * @throws {UserError} if the credential's Base URL is unusable, or a proxy would see the key
 */
export async function vizdomFor(
	context: Context,
	run?: Run,
	settings: RequestSettings = {},
	labels: Labels = {},
): Promise<Vizdom> {
	const { apiKey, ...credential } = await context.getCredentials<VizdomCredential>('vizdomApi');
	// Runs, polls and searches take turns.
	const source = run ?? {};
	const transport = transportOf(context, settings);
	await refuseCuriousProxy(credential.baseUrl, settings, source, transport);
	const node = context.getNode();
	const timeout = Number(settings.timeout ?? defaultTimeout);
	const isStoppable = 'getExecutionCancelSignal' in context;
	const stopped = isStoppable ? context.getExecutionCancelSignal() : undefined;
	return new Vizdom({
		transport,
		node,
		credential: {
			...credential,
			id: node.credentials?.vizdomApi?.id ?? undefined,
			apiKey: bareKey(apiKey),
		},
		source,
		timeout: timeout > 0 ? timeout : 0,
		signals: new Signals(stopped, anyOf(stopped), anyOf(stopped, run?.failure.signal)),
		labels,
	});
}
