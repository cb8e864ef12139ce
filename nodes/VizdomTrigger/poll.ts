import { type IDataObject, type IPollFunctions, NodeApiError, UserError } from 'n8n-workflow';
import { Deadline } from '../shared/http/deadline';
import { settled } from '../shared/http/signals';
import { vizdomFor } from '../shared/n8n/client';
import { parameterError } from '../shared/n8n/checks';
import { Parameters } from '../shared/n8n/parameters';
import { checkedBaseUrl } from '../shared/vizdom/baseUrl';
import type { VizdomCredential } from '../shared/vizdom/client';
import { VizdomError } from '../shared/vizdom/errors';
import { shown } from '../shared/vizdom/redactor';
import { events, type VizdomEvent } from './events';
import { filterOf } from './filters';
import { Progress, type Sighting } from './progress';

const defaultBudget = 5 * 60_000; // for n8n before `getPollBudgetMs`, in ms

/** What n8n keeps for the node, between polls and across restarts. */
interface Kept extends IDataObject {
	source?: string; // what the progress is of; that of something else is dropped
	progress?: string;
}

/** Polls that are under way. n8n starts the next one if one takes longer than the interval. */
const underWay = new WeakSet<Kept>();

/**
 * One poll: the new events, each as an item, oldest first. The first poll only notes what there is.
 * @returns null if there is nothing new
 * @throws {NodeApiError} with its cause in n8n's terms (`failure`), for its back-off
 */
export async function poll(this: IPollFunctions) {
	const { value, error } = await settled(wantedEvents(this));
	if (error) throw withCause(this, error);
	return value.length === 0 ? null : [value.map((json) => ({ json }))];
}

async function wantedEvents(context: IPollFunctions): Promise<IDataObject[]> {
	const parameters = new Parameters(context);
	const event = chosenEvent(parameters);
	const isWanted = filterOf(parameters, event);
	if (context.getMode() === 'manual') return [await sample(context, event, isWanted)];
	const kept: Kept = context.getWorkflowStaticData('node');
	if (underWay.has(kept)) return [];
	underWay.add(kept);
	const news = await newEvents(context, event, kept).finally(() => underWay.delete(kept));
	return news.filter(isWanted);
}

/**
 * The whole list is read, because no order and no filter of it is documented. What was noted
 * changes only when all has gone well.
 */
async function newEvents(context: IPollFunctions, event: VizdomEvent, kept: Kept) {
	const source = await sourceOf(context);
	const known = kept.source === source ? Progress.from(kept.progress) : undefined;
	let records = await read(context, event);
	// What is missing at first would be new in the next poll.
	if (!known && records.length === 0) records = await read(context, event);
	const progress = known ?? new Progress();
	const news = progress.advance(records);
	Object.assign(kept, { source, progress: progress.save() });
	return known ? news.map(({ record }) => record) : [];
}

function chosenEvent(parameters: Parameters): VizdomEvent {
	const name = parameters.value('event', '') as string;
	const event = Object.hasOwn(events, name) ? events[name] : undefined;
	if (event) return event;
	const advice = `Use one of: ${Object.keys(events).join(', ')}.`;
	throw parameterError('Trigger On', `is '${shown(name)}'`, advice);
}

/** With another event, server or credential it is another list. A new key of a credential changes nothing. */
async function sourceOf(context: IPollFunctions): Promise<string> {
	const { baseUrl } = await context.getCredentials<VizdomCredential>('vizdomApi');
	const { id } = context.getNode().credentials?.vizdomApi ?? {};
	return [context.getNodeParameter('event'), id, checkedBaseUrl(baseUrl)].join(' ');
}

async function read(context: IPollFunctions, event: VizdomEvent) {
	const budget = (context as Partial<IPollFunctions>).getPollBudgetMs?.() ?? defaultBudget;
	const deadline = new Deadline(budget);
	const vizdom = (await vizdomFor(context)).until(deadline);
	const { value, error } = await settled(vizdom.list<IDataObject>(event.path));
	if (value) {
		return value.map((record) => {
			const sighting: Sighting = { ...event.see(record as never), id: String(record.id) };
			return { ...sighting, record };
		});
	}
	if (!deadline.isReached) throw error;
	throw vizdom.error(
		`The list could not be read within ${Math.round(budget / 1_000)} seconds`,
		'Requests had to wait, for the limit of requests a minute or for Vizdom. Nothing is lost: the next poll reads it again. If this happens often, choose a longer interval.',
		{ outcome: 'transient' },
	);
}

/** In the editor: the most recent event that there is. */
async function sample(
	context: IPollFunctions,
	event: VizdomEvent,
	isWanted: (record: IDataObject) => boolean,
): Promise<IDataObject> {
	const records = await read(context, event);
	const [latest] = records
		.filter(({ isEvent, isOriginal, record }) => isEvent && !isOriginal && isWanted(record))
		.sort((one, other) => other.time - one.time);
	if (latest) return latest.record;
	throw new UserError(`There is nothing to show for '${event.name}' yet`, {
		description:
			'No record in Vizdom matches so far. When the workflow is active, it starts with the first one that does.',
	});
}

/** If no request has failed, it is a setting that cannot be used. */
function withCause(context: IPollFunctions, error: Error & { description?: string }): NodeApiError {
	if (error instanceof VizdomError) return error;
	const { message, description } = error;
	const failure = { cause: 'configuration-invalid' as const };
	return new NodeApiError(context.getNode(), {}, { message, description, failure });
}
