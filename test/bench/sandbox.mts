import axios, { type AxiosInstance } from 'axios';
import type { Export } from '../../nodes/shared/vizdom/vizdom-api.d.ts';
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

	async set(settings: Partial<SandboxSettings>): Promise<void> {
		await this.#control.patch('/', { settings });
	}

	/** The link of an export that is completed at once. */
	async exportLink(dashboard_id: string, format: string): Promise<string> {
		const { baseUrl, apiKey } = this.address;
		const headers = { Authorization: `Bearer ${apiKey}` };
		const body = { dashboard_id, format };
		const options = { headers, timeout, proxy: false } as const;
		const { data } = await axios.post<{ data: Export }>(`${baseUrl}/exports`, body, options);
		return String(data.data.download_url);
	}

	/** Since it was renewed. */
	async requests(): Promise<RecordedRequest[]> {
		return (await this.#control.get<RecordedRequest[]>('/requests')).data;
	}

	/** Since it was renewed. */
	async counts(): Promise<Counts> {
		const requests = await this.requests();
		const refused = requests.filter(({ status }) => status === 429).length;
		const sendingMs = (requests.at(-1)?.at ?? NaN) - (requests[0]?.at ?? NaN);
		return { requests: requests.length, refused, sendingMs };
	}
}
