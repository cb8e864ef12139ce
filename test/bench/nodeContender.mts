import { resolve } from 'node:path';
import { CustomDirectoryLoader } from 'n8n-core';
import { loader, runNode } from '../engine/engine.mts';
import { locator } from '../engine/support.mts';
import type { Contender, ContenderName } from './contenders.mts';
import type { Address } from './sandbox.mts';

/** n8n's maximum. */
const retryOnFail = { retryOnFail: true, maxTries: 5, waitBetweenTries: 5_000 };

const plainNodes = new CustomDirectoryLoader(resolve(import.meta.dirname, 'custom'));
await plainNodes.loadAll();
Object.assign(loader.nodeTypes, plainNodes.nodeTypes);

export function nodeContender(
	name: Exclude<ContenderName, 'axios'>,
	{ apiKey, baseUrl }: Address,
	requestsPerMinute: number,
): Contender {
	const base = {
		node: name === 'ours' ? 'vizdomDashboard' : 'plainVizdom',
		credential: { apiKey, baseUrl, requestsPerMinute },
		settings: name === 'retrying' ? retryOnFail : {},
	};
	const id = '={{ $json.id }}';
	const dashboardId = name === 'ours' ? locator(id) : id;
	return {
		async list() {
			const operation = name === 'plainByPage' ? 'getAllByPage' : 'getAll';
			const parameters = { operation, returnAll: true };
			const { items, error } = await runNode({ ...base, parameters });
			if (error) throw error;
			return items.map(({ json }) => json);
		},
		async get(ids) {
			const parameters = { operation: 'get', dashboardId };
			const input = ids.map((itemId) => ({ json: { id: itemId } }));
			const { items, error } = await runNode({ ...base, parameters, input });
			return { records: items.map(({ json }) => json), error: error?.message };
		},
	};
}
