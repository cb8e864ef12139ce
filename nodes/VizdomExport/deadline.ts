import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteSingleFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { anyOf } from '../shared/request/stop';

/** The one deadline of an export: for starting it, waiting for it and downloading its file. */
export class Deadline {
	/** Aborted when the deadline is reached */
	readonly signal: AbortSignal;

	private readonly at: number;

	private constructor(private readonly seconds: number) {
		this.at = performance.now() + seconds * 1_000;
		this.signal = AbortSignal.timeout(Math.ceil(seconds * 1_000));
	}

	/** @throws {NodeOperationError} where Timeout is no number above 0, or more than a timer can wait (24 days) */
	static of(item: IExecuteSingleFunctions): Deadline {
		const seconds = Number(item.getNodeParameter('options.timeout', 300));
		if (seconds > 0 && seconds < 2 ** 31 / 1_000) return new Deadline(seconds);
		throw new NodeOperationError(
			item.getNode(),
			"The parameter 'Timeout' is not a number of seconds above 0",
			{
				description: 'Enter how many seconds to wait for the export, such as 300.',
				itemIndex: item.getItemIndex(),
			},
		);
	}

	/** Milliseconds that are left */
	get left(): number {
		return Math.max(0, this.at - performance.now());
	}

	get isReached(): boolean {
		return this.left === 0 || this.signal.aborted;
	}

	/** The request, waiting no longer than the deadline for its turn or its answer. */
	limit(request: IHttpRequestOptions): IHttpRequestOptions {
		const { timeout = Infinity, abortSignal } = request;
		return {
			...request,
			timeout: Math.max(1, Math.min(timeout, Math.ceil(this.left))),
			abortSignal: anyOf(abortSignal as AbortSignal | undefined, this.signal),
		};
	}

	/** What the user reads where it is reached. */
	error(
		item: IExecuteSingleFunctions,
		known?: { id: string; status?: string | null },
	): NodeOperationError {
		const within = `within the ${this.seconds} seconds of 'Timeout'`;
		const [message, description] = known
			? [
					`The export '${known.id}' was not done ${within}: it is ${known.status ?? 'not ready'}`,
					`It goes on in Vizdom. Get its file later with the operation Download and the ID '${known.id}', or raise 'Timeout'.`,
				]
			: [
					`The export was not started ${within}`,
					"Requests had to wait, for the limit of requests a minute or for Vizdom. Raise 'Timeout', or export fewer dashboards at a time.",
				];
		return new NodeOperationError(item.getNode(), message, {
			description,
			itemIndex: item.getItemIndex(),
		});
	}
}
