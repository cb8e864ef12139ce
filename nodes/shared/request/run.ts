import type { IExecuteSingleFunctions } from 'n8n-workflow';

/**
 * One run of a node. n8n starts all its input items at once and, where one fails without Continue On
 * Fail, drops the results of all others. So those that still wait need not be sent.
 */
export class Run {
	/** Items that have brought their result */
	done = 0;

	private readonly failure = new AbortController();

	/** Aborted when an item has failed the run */
	get signal(): AbortSignal {
		return this.failure.signal;
	}

	fail(): void {
		this.failure.abort();
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
