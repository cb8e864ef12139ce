import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteSingleFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { paths } from '../shared/api';
import type { Export } from '../shared/api';
import { signalOf } from '../shared/request/exchange';
import { pause } from '../shared/request/stop';
import { send } from '../shared/request/send';

const firstPause = 1_000;
const pauseGrowth = 1.5;
const longestPause = 15_000;

/** When the operation has to be done, in milliseconds of the monotonic clock. */
export function deadlineOf(item: IExecuteSingleFunctions): number {
	const seconds = Number(item.getNodeParameter('options.timeout', 300));
	if (seconds > 0) return performance.now() + seconds * 1_000;
	throw new NodeOperationError(item.getNode(), "The parameter 'Timeout' is not a number above 0", {
		description: 'Enter how many seconds to wait for the export, such as 300.',
		itemIndex: item.getItemIndex(),
	});
}

/**
 * Waits until an export is completed.
 *
 * @param request the request of the operation, for its transport settings
 * @param deadline from {@link deadlineOf}
 * @throws {NodeOperationError} with Vizdom's reason where the export failed, and with its ID where
 * the deadline is reached: it goes on in Vizdom and can be downloaded later
 */
export async function finishedExport(
	item: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	id: string,
	deadline: number,
): Promise<Export> {
	const url = paths.export.replace('{exportId}', encodeURIComponent(id));
	for (let wait = firstPause; ; wait = Math.min(wait * pauseGrowth, longestPause)) {
		const { data } = await send<Export>(item, { ...request, method: 'GET', url, body: undefined });
		if (data.status === 'completed') return data;
		if (data.status === 'failed') throw failed(item, data);
		const left = deadline - performance.now();
		if (left <= 0) throw tooLate(item, data);
		await pause(Math.min(wait, left), signalOf(item, request));
	}
}

function failed(item: IExecuteSingleFunctions, { id, error }: Export): NodeOperationError {
	return new NodeOperationError(
		item.getNode(),
		`The export failed: ${error ?? 'no reason given'}`,
		{
			description: `Vizdom could not make the file of export '${id}'. Open the dashboard in Vizdom to see whether it loads there.`,
			itemIndex: item.getItemIndex(),
		},
	);
}

function tooLate(item: IExecuteSingleFunctions, { id, status }: Export): NodeOperationError {
	return new NodeOperationError(
		item.getNode(),
		`The export '${id}' is still ${status} after the time that 'Timeout' allows`,
		{
			description: `It goes on in Vizdom. Get the file later with the operation Download and this ID, or raise 'Timeout'.`,
			itemIndex: item.getItemIndex(),
		},
	);
}
