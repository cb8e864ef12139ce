import { Child } from './child.mts';
import type { Answers, Job, Measured } from './client.mts';
import type { ContenderName } from './contenders.mts';
import type { BenchSandbox } from './sandbox.mts';

export const minuteMs = 60_000;

/** Where the limit is not what is measured. */
export const unlimited = 1_000_000;

const startTimeout = 60_000;
const jobTimeout = 180_000;

interface Limits {
	requestsPerMinute: number;
	windowMs: number;
}

/** A process of its own for contenders. */
export class Client {
	readonly #child = new Child<Job, Answers>('client.mts');

	static async start(
		sandbox: BenchSandbox,
		names: ContenderName[],
		limits: Limits = { requestsPerMinute: unlimited, windowMs: minuteMs },
	): Promise<Client> {
		const client = new Client();
		const { address } = sandbox;
		await client.#child.ask({ task: 'start', names, address, ...limits }, startTimeout);
		return client;
	}

	async list(records: number): Promise<Measured> {
		return only(await this.#child.ask({ task: 'list', records }, jobTimeout));
	}

	async get(items: number): Promise<Measured> {
		return only(await this.#child.ask({ task: 'get', items }, jobTimeout));
	}

	/** Medians, one for each contender. */
	async compare(items: number, rounds: number): Promise<number[]> {
		const answers = await this.#child.ask({ task: 'compare', items, rounds }, jobTimeout);
		return answers.map(({ milliseconds }) => milliseconds);
	}

	async end(): Promise<void> {
		await this.#child.end();
	}
}

function only([measured]: Answers): Measured {
	if (!measured) throw new Error('No answer');
	return measured;
}
