import axios from 'axios';
import type { IDataObject } from 'n8n-workflow';
import type { Address } from './sandbox.mts';

export const labels = {
	ours: 'n8n-nodes-vizdom',
	plain: "n8n's declarative routing",
	retrying: "n8n's declarative routing, Retry On Fail",
	axios: 'axios',
} as const;

export type ContenderName = keyof typeof labels;

export interface Gotten {
	records: IDataObject[];
	/** Why not all, where it failed */
	error?: string;
}

/** One way to read from Vizdom. */
export interface Contender {
	/** All dashboards. */
	list(): Promise<IDataObject[]>;
	/** The dashboards with these ids. */
	get(ids: string[]): Promise<Gotten>;
}

export async function contender(
	name: ContenderName,
	address: Address,
	requestsPerMinute: number,
): Promise<Contender> {
	if (name === 'axios') return new AxiosContender(address);
	// Only where it is needed, for the sake of the memory.
	const { nodeContender } = await import('./nodeContender.mts');
	return nodeContender(name, address, requestsPerMinute);
}

/** What one would write without n8n: one page after the other, and all single requests at once. */
class AxiosContender implements Contender {
	readonly #address: Address;

	constructor(address: Address) {
		this.#address = address;
	}

	async list(): Promise<IDataObject[]> {
		const records: IDataObject[] = [];
		for (let total = Infinity; records.length < total; ) {
			const params = { limit: 100, offset: records.length };
			const page = await this.#read<IDataObject[]>('/dashboards', params);
			records.push(...page.data);
			total = page.meta?.total ?? 0;
		}
		return records;
	}

	async get(ids: string[]): Promise<Gotten> {
		const read = async (id: string) =>
			(await this.#read<IDataObject>(`/dashboards/${encodeURIComponent(id)}`)).data;
		return { records: await Promise.all(ids.map(read)) };
	}

	async #read<T>(path: string, params?: object): Promise<{ data: T; meta?: { total: number } }> {
		const { baseUrl, apiKey } = this.#address;
		const headers = { Authorization: `Bearer ${apiKey}` };
		const options = { headers, params, timeout: 60_000, proxy: false } as const;
		return (await axios.get<{ data: T; meta?: { total: number } }>(baseUrl + path, options)).data;
	}
}
