import {
	type DeclarativeRestApiSettings,
	type IDataObject,
	type IExecutePaginationFunctions,
	type IHttpRequestMethods,
	type INodeExecutionData,
	type INodeProperties,
	type INodePropertyRouting,
	type NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';
import type { Vizdom } from '../vizdom/client';
import { maxShown, VizdomError } from '../vizdom/errors';
import { paths, recordPath } from '../vizdom/facts';
import { Redactor } from '../vizdom/redactor';
import type { Labels } from '../vizdom/serverErrors';
import { vizdomFor } from './client';
import { checkedBody, Parameters, withNested } from './parameters';
import { driveOnce, type Run, runOf } from './run';
import { userIdOf } from './users';

type Item = IExecutePaginationFunctions;
type NodeError = NodeApiError | NodeOperationError;

/** A driver's input. */
export interface Driven {
	vizdom: Vizdom; // bound to the input item
	/** The operation's request: path filled in, body checked */
	request: { method: IHttpRequestMethods; path: string; body?: IDataObject };
	parameters: Parameters;
	item: Item; // for n8n's helpers
	run: Run; // shared by the run's items
}

/** Carries out an operation for one input item. Throws a {@link VizdomError} or a UserError. */
export type Driver = (driven: Driven) => Promise<INodeExecutionData[]>;

/**
 * Lets a driver carry out a declarative operation. n8n calls it once per input item instead of
 * sending its own request, because `paginate` is on and `pagination` is a function (n8n-core
 * 2.40.3, execution-engine/routing-node.ts).
 *
 * The output is paired with the input item. With Continue On Fail, a failure is an item too:
 * `error` says what happened, `details` what to do, in the shape that n8n routes to the error
 * output.
 * @param fields of the operation
 */
export function routingTo(driver: Driver, fields: INodeProperties[]): INodePropertyRouting {
	const labels = labelsOf(fields);
	async function pagination(this: Item, { options }: DeclarativeRestApiSettings.ResultOptions) {
		const run = runOf(this);
		const pairedItem = { item: this.getItemIndex() };
		let redactor = new Redactor();
		try {
			const parameters = new Parameters(this);
			const { url, id, ...checked } = requestOf(options, parameters, fields);
			if (!(await run.hasAllItems(this))) return [];
			const items = await driveOnce(this, async () => {
				const vizdom = await vizdomFor(this, run, options, labels);
				redactor = vizdom.redactor;
				const request = { ...checked, path: await pathOf(url, id, vizdom, run) };
				return await driver({ vizdom, request, parameters, item: this, run });
			});
			return items.map((item) => ({ ...item, pairedItem }));
		} catch (error) {
			// n8n reports the failed item that stopped the others, or the user's stop.
			if (run.failure.signal.aborted || this.getExecutionCancelSignal()?.aborted) return [];
			const nodeError = asNodeError(this, error as Error, redactor);
			if (this.continueOnFail()) return [errorItem(this, nodeError)];
			run.failure.abort();
			throw nodeError;
		}
	}
	return { send: { paginate: true }, operations: { pagination } };
}

/** The request so far, with the record that its locator names. */
function requestOf(
	{ method = 'GET', url = '', body = {} }: DeclarativeRestApiSettings.HttpRequestOptions,
	parameters: Parameters,
	fields: INodeProperties[],
) {
	const locator = fields.find(({ name }) => url.includes(`{${name}}`));
	const id = locator && parameters.id(locator);
	if (method !== 'POST' && method !== 'PATCH') return { method, url, id };
	return { method, url, id, body: checkedBody(method, body as IDataObject, fields) };
}

async function pathOf(url: string, id: string | undefined, vizdom: Vizdom, run: Run) {
	if (id === undefined) return url;
	return recordPath(url, url === paths.user ? await userIdOf(id, vizdom, run) : id);
}

/** The display names of fields, by the API's names: `dashboard_id` for `dashboardId`. */
function labelsOf(fields: INodeProperties[]): Labels {
	const snakeCase = (name: string) =>
		name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
	return Object.fromEntries(
		withNested(fields).map(({ name, displayName }) => [snakeCase(name), displayName]),
	);
}

function asNodeError(
	item: Item,
	error: Error & { description?: string | null },
	redactor: Redactor,
): NodeError {
	const message = redactor.shown(error.message, maxShown);
	const description = error.description ? redactor.shown(error.description, maxShown) : undefined;
	const details = { description, itemIndex: item.getItemIndex() };
	const nodeError =
		error instanceof VizdomError
			? Object.assign(error, { description })
			: new NodeOperationError(item.getNode(), message, details);
	// An AI agent, which uses the node as another type, gets only the message.
	if (item.getNode().type.endsWith('Tool')) {
		nodeError.message = [nodeError.message, nodeError.description].filter(Boolean).join(' ');
	}
	return nodeError;
}

/**
 * The item of a failure. Before 2.34.6, n8n routes an item to the error output only if it has an
 * `error` property (n8n-core, execution-engine/workflow-execute.ts, handleNodeErrorOutput). It is
 * non-enumerable so that n8n's copy drops it and the input data stays visible.
 */
function errorItem(item: Item, error: NodeError): INodeExecutionData {
	const { message, description } = error;
	const { httpCode, errorResponse } = error as Partial<NodeApiError>;
	const { code } = errorResponse ?? {};
	const details = {
		...(description && { description }),
		...(httpCode && { httpCode }),
		...(typeof code === 'string' && { code }),
	};
	const pairedItem = { item: item.getItemIndex() };
	const failed = { json: { error: message, details }, pairedItem };
	const { onError } = item.getNode();
	if (onError === 'continueErrorOutput') Object.defineProperty(failed, 'error', { value: error });
	return failed;
}
