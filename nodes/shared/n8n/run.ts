import type { IExecuteSingleFunctions, INodeExecutionData } from 'n8n-workflow';
import { type Settled, settled } from '../http/signals';
import type { Vizdom } from '../vizdom/client';
import { isRecord } from '../vizdom/envelope';
import { VizdomError } from '../vizdom/errors';
import type { Export } from '../vizdom/facts';

/**
 * One run of a node. n8n starts all its input items at once and, if one fails without Continue On
 * Fail, drops the results of all others (n8n-core 2.40.3, execution-engine/routing-node.ts). So
 * waiting items need not be sent.
 */
export class Run {
	/** Aborts when an item has failed the run: waiting items are not sent */
	readonly failure = new AbortController();
	private arrived = 0;
	private readonly lists = new Map<string, Promise<unknown[]>>();
	private readonly doing = new Map<string, Promise<Settled<unknown>>>();

	/**
	 * Waits until n8n has started all items. If it cannot evaluate an expression of one, it fails
	 * the node and starts none of the rest.
	 * @returns whether the node goes on
	 */
	async hasAllItems(item: IExecuteSingleFunctions): Promise<boolean> {
		this.arrived++;
		const items = item.getExecuteData().data?.main?.[0] ?? [];
		const { parameters, executeOnce } = item.getNode();
		const { requestOptions } = parameters;
		const expected = executeOnce ? 1 : items.length;
		// For an AI tool, or in batches, items do not start at once.
		const isBatched = isRecord(requestOptions) && 'batching' in requestOptions;
		const comeAtOnce = !isBatched && items[item.getItemIndex()] === item.getInputData();
		await Promise.resolve();
		return item.continueOnFail() || !comeAtOnce || this.arrived === expected;
	}

	/** A whole list, read once per run. */
	async list<T>(vizdom: Vizdom, path: string): Promise<T[]> {
		const list = (this.lists.get(path) as Promise<T[]> | undefined) ?? vizdom.list<T>(path);
		this.lists.set(path, list);
		return await list;
	}

	/**
	 * Does something once for several items. If it fails, the next item tries, unless it may have
	 * been done.
	 * @param key the same for all these items
	 */
	async once<T>(key: string, act: () => Promise<T>): Promise<{ value: T; isFirst: boolean }> {
		for (;;) {
			const doing = this.doing.get(key) as Promise<Settled<T>> | undefined;
			const { value, error } = await (doing ?? this.begin(key, act));
			if (!error) return { value, isFirst: !doing };
			if (!doing || isUnclear(error)) throw error;
		}
	}

	private async begin<T>(key: string, act: () => Promise<T>): Promise<Settled<T>> {
		const doing = settled(act()).then((result) => {
			if (result.error && !isUnclear(result.error)) this.doing.delete(key);
			return result;
		});
		this.doing.set(key, doing);
		return await doing;
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

/** What is known about an item from an earlier try, if Retry On Fail runs the node again. */
interface Memory {
	/** Its result, or the error of a change that may have been made */
	result?: Settled<INodeExecutionData[]>;
	started?: Export; // the export that was started for it
}

const memories = new WeakMap<object, Memory>();

/** Kept by input item, because each run of a node has its own. */
export function memoryOf(item: IExecuteSingleFunctions): Memory {
	const input = item.getInputData();
	const memory = memories.get(input) ?? {};
	memories.set(input, memory);
	return memory;
}

/**
 * Drives an item, unless an earlier try finished it: Retry On Fail runs the node again for all
 * items, even those that succeeded (n8n-core 2.40.3, execution-engine/workflow-execute.ts).
 */
export async function driveOnce(
	item: IExecuteSingleFunctions,
	drive: () => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	const memory = memoryOf(item);
	const result = memory.result ?? (await settled(drive()));
	const { value, error } = result;
	if (value || isUnclear(error)) memory.result = result;
	if (error) throw error;
	return value;
}

/** Whether a change may have been made, which must not be made twice. */
function isUnclear(error: Error): boolean {
	return error instanceof VizdomError && error.mayBeDone;
}
