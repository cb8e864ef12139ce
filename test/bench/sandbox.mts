import axios, { type AxiosInstance } from 'axios';
import type { RecordedRequest, SandboxSettings } from '../sandbox/server.mts';
import { startServer } from './processes.mts';

export interface Address {
	origin: string;
	baseUrl: string;
	apiKey: string;
}

/** For benchmarks that do not measure the limit. */
export const unlimited = 1_000_000;

/** The sandbox's control endpoint. */
export class BenchSandbox {
	private readonly control: AxiosInstance;

	constructor(readonly address: Address) {
		this.control = axios.create({ baseURL: `${address.origin}/sandbox`, proxy: false });
	}

	static async start(): Promise<BenchSandbox> {
		return new BenchSandbox((await startServer('server.mts')) as Address);
	}

	/** Resets the sandbox, then applies these settings. */
	async renew(settings: Partial<SandboxSettings>, dashboards = 280): Promise<void> {
		await this.control.post('/reset');
		await this.control.patch('/', { settings, records: { dashboards } });
	}

	async set(settings: Partial<SandboxSettings>): Promise<void> {
		await this.control.patch('/', { settings });
	}

	/** All requests since the last `renew`. */
	async requests(): Promise<RecordedRequest[]> {
		return (await this.control.get<RecordedRequest[]>('/requests')).data;
	}

	/** All requests, those answered with 429, and the time from the first to the last. */
	async counts() {
		const requests = await this.requests();
		const refused = requests.filter(({ status }) => status === 429).length;
		const sendingMs = (requests.at(-1)?.at ?? NaN) - (requests[0]?.at ?? NaN);
		return { requests: requests.length, refused, sendingMs };
	}
}
