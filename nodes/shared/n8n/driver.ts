import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestMethods,
	INodeExecutionData,
	INodeProperties,
	INodePropertyRouting,
	JsonObject,
} from 'n8n-workflow';
import type { Vizdom } from '../vizdom/client';
import { VizdomError } from '../vizdom/errors';
import type { Labels } from '../vizdom/serverErrors';
import { type Binding, vizdomFor } from './client';
import { checkedBody, Parameters, withNested } from './parameters';
import { driveOnce, type Run, runOf } from './run';

type Item = IExecutePaginationFunctions;
type NodeError = NodeApiError | NodeOperationError;

/** What a driver works with. */
export interface Driven {
	/** Bound to the input item */
	vizdom: Vizdom;
	/** The operation's request: path filled in, body checked */
	request: { method: IHttpRequestMethods; path: string; body?: IDataObject };
	parameters: Parameters;
	/** For n8n's helpers */
	item: Item;
}

/** Carries out an operation for one input item. Throws a {@link VizdomError} or a UserError. */
export type Driver = (driven: Driven) => Promise<INodeExecutionData[]>;

/**
 * Makes a driver the one that carries out a declarative operation. n8n calls it once an input item, in
 * place of its own request, because `paginate` is on and `pagination` is a function
 * (n8n-core 2.40.3, execution-engine/routing-node.ts).
 *
 * What comes out is paired to the input item. Under Continue On Fail a failure is an item too:
 * `error` says what happened, `details` what to do, in the shape that n8n routes to the error output.
 *
 * @param fields of the operation
 */
export function routingTo(
	driver: Driver,
	fields: INodeProperties[],
): Pick<INodePropertyRouting, 'operations' | 'send'> {
	const labels = labelsOf(fields);
	async function pagination(
		this: Item,
		{ options }: DeclarativeRestApiSettings.ResultOptions,
	): Promise<INodeExecutionData[]> {
		const run = runOf(this);
		const pairedItem = { item: this.getItemIndex() };
		try {
			const prepared = prepare(this, options, fields);
			if (!(await run.hasAllItems(this))) return [];
			const items = await driveOnce(this, async () => {
				const vizdom = await vizdomFor(this, bindingOf(run, options, labels));
				return await driver({ ...prepared, vizdom });
			});
			return items.map((item) => ({ ...item, pairedItem }));
		} catch (error) {
			// n8n reports the failure of the item that stopped the others, or that the user stopped it.
			if (run.signal.aborted || this.getExecutionCancelSignal()?.aborted) return [];
			const nodeError = asNodeError(this, error as Error);
			if (isTool(this)) putAllIntoMessage(nodeError);
			if (this.continueOnFail()) return [errorItem(this, nodeError, pairedItem)];
			run.fail();
			throw nodeError;
		}
	}
	return { send: { paginate: true }, operations: { pagination } };
}

function prepare(
	item: Item,
	{ method = 'GET', url = '', body = {} }: DeclarativeRestApiSettings.HttpRequestOptions,
	fields: INodeProperties[],
): Omit<Driven, 'vizdom'> {
	const parameters = new Parameters(item);
	const path = parameters.filledPath(url, fields);
	const isChange = method === 'POST' || method === 'PATCH';
	const checked = isChange ? checkedBody(method, body as IDataObject, fields) : undefined;
	return { request: { method, path, body: checked }, parameters, item };
}

function bindingOf(
	run: Run,
	options: DeclarativeRestApiSettings.HttpRequestOptions,
	labels: Labels,
): Binding {
	const { timeout, proxy } = options;
	const skipSslCertificateValidation = options.skipSslCertificateValidation === true;
	const settings = { timeout, proxy, skipSslCertificateValidation };
	return { source: run, abandoned: run.signal, settings, labels };
}

/** The display names of fields, by the names that the API has for them: `dashboard_id` for `dashboardId`. */
function labelsOf(fields: INodeProperties[]): Labels {
	const snakeCase = (name: string) =>
		name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
	return Object.fromEntries(
		withNested(fields).map(({ name, displayName }) => [snakeCase(name), displayName]),
	);
}

function asNodeError(item: Item, error: Error & { description?: string }): NodeError {
	if (error instanceof VizdomError) return error;
	const { message, description } = error;
	const itemIndex = item.getItemIndex();
	return new NodeOperationError(item.getNode(), message, { description, itemIndex });
}

/** n8n adds this to the type of a node that an AI agent uses. */
function isTool(item: Item): boolean {
	return item.getNode().type.endsWith('Tool');
}

/** n8n shows a model nothing but an error's message; what to do is what it needs most. */
function putAllIntoMessage(error: NodeError): void {
	error.message = [error.message, error.description].filter(Boolean).join(' ');
}

/**
 * The item of a failure. Before 2.34.6, n8n routes an item to the error output only if it has an
 * `error` property (n8n-core, execution-engine/workflow-execute.ts, handleNodeErrorOutput). It is
 * non-enumerable so that n8n's copy drops it and the input data stays visible.
 */
function errorItem(
	item: Item,
	error: NodeError,
	pairedItem: INodeExecutionData['pairedItem'],
): INodeExecutionData {
	const failed: INodeExecutionData = { json: errorJson(error), pairedItem };
	const { onError } = item.getNode();
	if (onError === 'continueErrorOutput') Object.defineProperty(failed, 'error', { value: error });
	return failed;
}

function errorJson(error: NodeError): IDataObject {
	const { message, description } = error;
	const { httpCode, errorResponse } = error as Partial<NodeApiError>;
	const code = (errorResponse as JsonObject | undefined)?.code;
	return {
		error: message,
		details: {
			...(description && { description }),
			...(httpCode && { httpCode }),
			...(typeof code === 'string' && { code }),
		},
	};
}
