import axios, { type AxiosInstance } from 'axios';
import type { RecordedRequest, SandboxSettings } from '../sandbox/server.mts';
import { Child } from './child.mts';

export interface Address {
	origin: string;
	baseUrl: string;
	apiKey: string;
}

export interface Counts {
	requests: number;
	/** Answered with 429 */
	refused: number;
	/** From the first request to the last */
	sendingMs: number;
}

const timeout = 60_000;

/** The sandbox in its own process, set and asked over its control endpoint. */
export class BenchSandbox {
	readonly #control: AxiosInstance;

	private constructor(readonly address: Address) {
		this.#control = axios.create({ baseURL: `${address.origin}/sandbox`, timeout, proxy: false });
	}

	static async start(): Promise<BenchSandbox> {
		const server = new Child<'start', Address>('server.mts');
		return new BenchSandbox(await server.ask('start', timeout));
	}

	/** As new, with these settings and dashboards. */
	async renew(settings: Partial<SandboxSettings>, dashboards?: number): Promise<void> {
		await this.#control.post('/reset');
		await this.#control.patch('/', { settings, ...(dashboards && { records: { dashboards } }) });
	}

	/** Since it was renewed. */
	async counts(): Promise<Counts> {
		const { data } = await this.#control.get<RecordedRequest[]>('/requests');
		const refused = data.filter(({ status }) => status === 429).length;
		const sendingMs = (data.at(-1)?.at ?? NaN) - (data[0]?.at ?? NaN);
		return { requests: data.length, refused, sendingMs };
	}
}
