import { Vizdom, type VizdomCredential } from '../vizdom/client';
import type { Labels } from '../vizdom/serverErrors';
import { type Context, executionSignal, type RequestSettings, transportOf } from './transport';

/** For a locator's search and the trigger, in ms; operations bring n8n's own, or the user's. */
const defaultTimeout = 60_000;

export interface Binding {
	/** Who asks: turns are shared out fairly between sources. Left out, it is one of its own. */
	source?: object;
	/** Ends waiting, not what is under way */
	abandoned?: AbortSignal;
	settings?: RequestSettings;
	labels?: Labels;
}

/**
 * Binds the client to what it is used for: an input item, a poll or a search.
 *
 * @throws {UserError} if the credential's Base URL cannot be used
 */
export async function vizdomFor(context: Context, binding: Binding = {}): Promise<Vizdom> {
	const credential = await context.getCredentials<VizdomCredential>('vizdomApi');
	const { id } = context.getNode().credentials?.vizdomApi ?? {};
	const { source = {}, abandoned, settings, labels = {} } = binding;
	return new Vizdom({
		transport: transportOf(context, settings),
		node: context.getNode(),
		credential: { ...credential, id: id ?? undefined },
		source,
		timeout: settings?.timeout ?? defaultTimeout,
		stopped: executionSignal(context),
		abandoned,
		labels,
	});
}
