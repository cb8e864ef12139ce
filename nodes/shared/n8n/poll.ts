import { type IDataObject, type IPollFunctions, NodeApiError, UserError } from 'n8n-workflow';
import { Deadline } from '../http/deadline';
import { settled } from '../http/signals';
import { checkedBaseUrl } from '../vizdom/baseUrl';
import type { Vizdom, VizdomCredential } from '../vizdom/client';
import { VizdomError } from '../vizdom/errors';
import { PagesRead } from '../vizdom/pagesRead';
import { seconds } from '../vizdom/text';
import { watch } from '../vizdom/watch';
import { notOneOf, parameterError } from './checks';
import { vizdomFor } from './client';
import { chosenOf, filterOf } from './filters';
import { Parameters } from './parameters';
import { budgetOf, type Kept, PollMemory } from './pollMemory';
import type { TriggerEvent, TriggerEvents } from './trigger';

/** Polls in progress: n8n starts the next one even if one takes longer than the interval. */
const underWay = new WeakSet<Kept>();

/**
 * One poll: the new events as items, oldest first. The first poll only notes what exists.
 * @returns null if there is nothing new
 * @throws {NodeApiError} with its cause in n8n's terms (`failure`), for n8n's back-off
 */
export function pollFor(events: TriggerEvents) {
	return async function poll(this: IPollFunctions) {
		const { value, error } = await settled(wantedEvents(this, events));
		if (error) throw withCause(this, error);
		return value.length === 0 ? null : [value.map((json) => ({ json }))];
	};
}

async function wantedEvents(context: IPollFunctions, events: TriggerEvents) {
	const parameters = new Parameters(context);
	const event = chosenEvent(parameters, events);
	const isWanted = filterOf(parameters, event.filters ?? []) ?? (() => true);
	if (context.getMode() === 'manual') return [await sample(context, event, parameters, isWanted)];
	const kept: Kept = context.getWorkflowStaticData('node');
	if (underWay.has(kept)) return [];
	underWay.add(kept);
	return await newEvents(context, event, kept, isWanted).finally(() => underWay.delete(kept));
}

/** The notes change only if everything succeeds. */
async function newEvents(
	context: IPollFunctions,
	event: TriggerEvent,
	kept: Kept,
	isWanted: (record: IDataObject) => boolean,
): Promise<IDataObject[]> {
	const memory = new PollMemory(context, kept, await sourceOf(context));
	const pages = memory.pages ?? new PagesRead();
	const poll = async (vizdom: Vizdom) => await watch(vizdom, event, pages, memory.notes);
	const { news, notes } = await withinBudget(context, poll, () => {
		memory.pages = pages;
		return pages.size;
	});
	const wanted = news.filter(isWanted);
	memory.note(notes, wanted.length > 0);
	return wanted;
}

function chosenEvent(parameters: Parameters, events: TriggerEvents): TriggerEvent {
	const name = parameters.value('event', '') as string;
	const event = Object.hasOwn(events, name) ? events[name] : undefined;
	if (event) return event;
	const problem = notOneOf(Object.keys(events), name);
	throw parameterError('Trigger On', problem, 'Choose one from the list.');
}

/** Another event, server or credential means another list. A new key in a credential does not. */
async function sourceOf(context: IPollFunctions): Promise<string> {
	const { baseUrl } = await context.getCredentials<VizdomCredential>('vizdomApi');
	const { type, credentials } = context.getNode();
	const { id } = credentials?.vizdomApi ?? {};
	return [type, context.getNodeParameter('event'), id, checkedBaseUrl(baseUrl)].join(' ');
}

/** @param countRead records read until then */
async function withinBudget<T>(
	context: IPollFunctions,
	read: (vizdom: Vizdom) => Promise<T>,
	countRead = () => 0,
): Promise<T> {
	const budget = budgetOf(context);
	const deadline = new Deadline(budget);
	const vizdom = (await vizdomFor(context)).until(deadline);
	const { value, error } = await settled(read(vizdom));
	if (!error) return value;
	if (!deadline.isReached) throw error;
	const count = countRead();
	const far = count > 0 ? `, only ${count} records of it` : '';
	throw vizdom.error(
		`The list could not be read within ${seconds(Math.round(budget / 1_000))}${far}`,
		'Nothing is lost: the next poll continues from there. Requests had to wait for the rate limit or for Vizdom. If this happens often, choose a longer interval.',
		{ outcome: 'transient' },
	);
}

/** In the editor: the most recent event. */
async function sample(
	context: IPollFunctions,
	{ name, path, observe, filters = [] }: TriggerEvent,
	parameters: Parameters,
	isWanted: (record: IDataObject) => boolean,
): Promise<IDataObject> {
	if (!observe) {
		throw new UserError(`There is no test event for '${name}'`, {
			description:
				'Vizdom no longer has such records. Once the workflow is published, the next event starts it, with the record as it was last seen.',
		});
	}
	const records = await withinBudget(
		context,
		async (vizdom) => await vizdom.list<IDataObject>(path),
	);
	const [latest] = records
		.filter(isWanted)
		.map((record) => ({ record, ...observe(record) }))
		.filter(({ state }) => state === 'happened')
		.sort((one, other) => rankOf(one) - rankOf(other) || other.time - one.time);
	if (latest) return latest.record;
	const used = chosenOf(parameters, filters).map(({ parameter }) => parameter.displayName);
	const nothing = `Nothing in Vizdom matches '${name}' yet`;
	if (used.length === 0) {
		const description = 'Once the workflow is published, the first match starts it.';
		throw new UserError(nothing, { description });
	}
	throw new UserError(`${nothing} (filters: ${used.join(', ')})`, {
		description:
			'Check the filters. If they are right, publish the workflow: the first match starts it.',
	});
}

/** Records that never changed come last. */
function rankOf({ isOriginal = false }: { isOriginal?: boolean }): number {
	return Number(isOriginal);
}

/** If no request has failed, a setting is unusable. */
function withCause(context: IPollFunctions, error: Error & { description?: string }): NodeApiError {
	if (error instanceof VizdomError) return error;
	const { message, description } = error;
	const failure = { cause: 'configuration-invalid' as const };
	return new NodeApiError(context.getNode(), {}, { message, description, failure });
}
