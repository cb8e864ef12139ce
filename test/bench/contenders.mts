import axios, { type AxiosInstance } from 'axios';
import type { IDataObject } from 'n8n-workflow';
import type { Address } from './sandbox.mts';

export const labels = {
	ours: 'n8n-nodes-vizdom',
	plain: "n8n's declarative routing",
	plainByPage: "n8n's declarative routing",
	retrying: "n8n's declarative routing, Retry On Fail",
	axios: 'axios',
} as const;

export type ContenderName = keyof typeof labels;

/** One way to read from Vizdom. */
export interface Contender {
	/** All dashboards. */
	list(): Promise<IDataObject[]>;
	/** The dashboards with these IDs; with `error`, perhaps not all. */
	get(ids: string[]): Promise<{ records: IDataObject[]; error?: string }>;
}

interface Body<T> {
	data: T;
	meta: { total: number };
}

export function vizdomClient({ apiKey, baseUrl }: Address): AxiosInstance {
	const headers = { Authorization: `Bearer ${apiKey}` };
	return axios.create({ baseURL: baseUrl, headers, proxy: false });
}

/** What one would write without n8n: one page after another, and all single requests at once. */
export function axiosContender(address: Address): Contender {
	const client = vizdomClient(address);
	return {
		async list() {
			const records: IDataObject[] = [];
			for (let total = Infinity; records.length < total; ) {
				const params = { limit: 100, offset: records.length };
				const { data: page } = await client.get<Body<IDataObject[]>>('/dashboards', { params });
				records.push(...page.data);
				({ total } = page.meta);
			}
			return records;
		},
		async get(ids) {
			const read = async (id: string) =>
				(await client.get<Body<IDataObject>>(`/dashboards/${id}`)).data.data;
			return { records: await Promise.all(ids.map(read)) };
		},
	};
}
