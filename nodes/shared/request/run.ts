import type { IExecuteSingleFunctions, INodeExecutionData } from 'n8n-workflow';
import { isRecord } from './said';
import { settled } from './stop';
import type { Settled } from './stop';

/**
 * One run of a node. n8n starts all its input items at once and, where one fails without Continue On
 * Fail, drops the results of all others. So those that still wait need not be sent.
 */
export class Run {
	private readonly failure = new AbortController();

	private arrived = 0;

	/** Aborted when an item has failed the run */
	get signal(): AbortSignal {
		return this.failure.signal;
	}

	/** Stops the items that still wait. */
	fail(): void {
		this.failure.abort();
	}

	/**
	 * Waits until n8n has started all items. It starts none of the rest where an expression of one
	 * cannot be evaluated: then it has failed the node already.
	 *
	 * @returns whether the node goes on
	 */
	async hasAllItems(item: IExecuteSingleFunctions): Promise<boolean> {
		this.arrived++;
		const items = item.getExecuteData().data?.main?.[0] ?? [];
		// As an AI tool, or where the items are batched, they do not come at once.
		const { parameters, executeOnce } = item.getNode();
		const { requestOptions } = parameters;
		const expected = executeOnce ? 1 : items.length;
		const isBatched = isRecord(requestOptions) && 'batching' in requestOptions;
		const comeAtOnce = !isBatched && items[item.getItemIndex()] === item.getInputData();
		await Promise.resolve();
		return item.continueOnFail() || !comeAtOnce || this.arrived === expected;
	}
}

const runs = new WeakMap<object, Run>();

/** The run that an item belongs to. Item 0 comes first, also when Retry On Fail runs the node again. */
export function runOf(item: IExecuteSingleFunctions): Run {
	const execution = item.getExecuteData();
	const known = item.getItemIndex() === 0 ? undefined : runs.get(execution);
	const run = known ?? new Run();
	runs.set(execution, run);
	return run;
}

const finalErrors = new WeakSet<Error>();

/** Marks the error of a change that may have been made: Retry On Fail must not make it twice. */
export function notAgain(error: Error): void {
	finalErrors.add(error);
}

/** What an item came to for good: its result, or an error marked by {@link notAgain}. */
const results = new WeakMap<object, Settled<INodeExecutionData[]>>();

/**
 * Drives an item, unless it came to its result when Retry On Fail ran the node before: n8n runs it
 * again for all items, also for those that succeeded. Each run has input items of its own.
 */
export async function driveOnce(
	item: IExecuteSingleFunctions,
	drive: () => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	const input = item.getInputData();
	const result = results.get(input) ?? (await settled(drive()));
	if (!result.error || finalErrors.has(result.error)) results.set(input, result);
	if (result.error) throw result.error;
	return result.value;
}
