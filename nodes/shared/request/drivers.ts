import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
	INodePropertyRouting,
	JsonObject,
} from 'n8n-workflow';
import type { StoppableRequest } from './exchange';
import { readList } from './paging';
import { checkedBody, filledPath, recordsWanted } from './parameters';
import { driveOnce, runOf } from './run';
import type { Run } from './run';
import { isRecord } from './said';
import { send } from './send';

type Driver = (
	item: IExecutePaginationFunctions,
	request: IHttpRequestOptions,
) => Promise<INodeExecutionData[]>;

type Routing = Pick<INodePropertyRouting, 'operations' | 'send'>;

/** One record: the object in `data`. */
export const oneRecord = routingTo(async (item, request) => {
	const { data } = await send<unknown>(item, request);
	if (isRecord(data)) return [{ json: data as IDataObject }];
	if (request.method !== 'GET') return [{ json: {} }];
	throw new NodeApiError(
		item.getNode(),
		{},
		{
			message: 'The server did not answer with a record',
			description: 'Check the Base URL in the Vizdom credential.',
		},
	);
});

/** n8n 2.40 fails with "Maximum call stack size exceeded" at some 120,000 items from one input item. */
const mostItems = 100_000;

/** A list, an item a record, as many as Return All and Limit say. */
export const manyRecords = routingTo(async (item, request) => {
	const wanted = recordsWanted(item);
	const records = await readList<IDataObject>(item, request, wanted, mostItems);
	return records.map((json) => ({ json }));
});

/** A deletion. */
export const deletion = routingTo(async (item, request) => {
	await send(item, request);
	return [{ json: { deleted: true } }];
});

/**
 * Makes a function of this package the driver of a declarative operation. n8n calls it once an
 * input item, in place of its own request, because `paginate` is on and `pagination` is a function.
 *
 * What comes out is paired to the input item. Under Continue On Fail a failure is an item too:
 * `error` says what happened, `details` what to do, in the shape that n8n routes to the error output.
 */
export function routingTo(driver: Driver): Routing {
	async function pagination(
		this: IExecutePaginationFunctions,
		{ options }: DeclarativeRestApiSettings.ResultOptions,
	): Promise<INodeExecutionData[]> {
		const run = runOf(this);
		const pairedItem = { item: this.getItemIndex() };
		try {
			const request = checkedRequest(this, options, run);
			if (!(await run.hasAllItems(this))) return [];
			const items = await driveOnce(this, async () => await driver(this, request));
			return items.map((item) => ({ ...item, pairedItem }));
		} catch (error) {
			// n8n reports the failure of the item that stopped the others, or that the user stopped it.
			if (run.signal.aborted || this.getExecutionCancelSignal()?.aborted) return [];
			const nodeError = asNodeError(this, error);
			if (isTool(this)) tellAll(nodeError);
			if (this.continueOnFail()) return [errorItem(this, nodeError, pairedItem)];
			run.fail();
			throw nodeError;
		}
	}
	return { send: { paginate: true }, operations: { pagination } };
}

function checkedRequest(
	item: IExecutePaginationFunctions,
	options: DeclarativeRestApiSettings.HttpRequestOptions,
	{ signal: stop }: Run,
): StoppableRequest {
	const { body, ...request } = options;
	const { method } = request;
	const url = filledPath(item, options.url ?? '');
	return {
		...(request as IHttpRequestOptions),
		url,
		stop,
		...((method === 'POST' || method === 'PATCH') && {
			body: checkedBody(item, method, (body ?? {}) as IDataObject),
		}),
	};
}

function asNodeError(
	item: IExecutePaginationFunctions,
	error: unknown,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	const { message, description } = error as Error & { description?: string };
	return new NodeOperationError(item.getNode(), message, {
		description,
		itemIndex: item.getItemIndex(),
	});
}

/** n8n adds this to the type of a node that an AI agent uses. */
function isTool(item: IExecutePaginationFunctions): boolean {
	return item.getNode().type.endsWith('Tool');
}

/** Of an error, n8n shows a model the message alone; what to do is what it needs most. */
function tellAll(error: NodeApiError | NodeOperationError): void {
	error.message = [error.message, error.description].filter(Boolean).join(' ');
}

/**
 * The item of a failure. n8n before 2.34.6 sends only those to the error output that have an
 * `error` beside their JSON, too. It is not enumerable, so that n8n's copy of the item does not have
 * it: of an item with an `error`, n8n shows the message alone, without the input's data.
 */
function errorItem(
	item: IExecutePaginationFunctions,
	error: NodeApiError | NodeOperationError,
	pairedItem: INodeExecutionData['pairedItem'],
): INodeExecutionData {
	const failed: INodeExecutionData = { json: errorJson(error), pairedItem };
	const { onError } = item.getNode();
	if (onError === 'continueErrorOutput') Object.defineProperty(failed, 'error', { value: error });
	return failed;
}

function errorJson(error: NodeApiError | NodeOperationError): IDataObject {
	const { message, description } = error;
	const httpCode = error instanceof NodeApiError ? error.httpCode : undefined;
	const code =
		error instanceof NodeApiError ? (error.errorResponse as JsonObject)?.code : undefined;
	return {
		error: message,
		details: {
			...(description && { description }),
			...(httpCode && { httpCode }),
			...(typeof code === 'string' && { code }),
		},
	};
}
