import { PackageDirectoryLoader } from 'n8n-core';
import type { IDataObject } from 'n8n-workflow';
import { loader, runNode } from '../engine/engine.mts';
import type { Outcome } from '../engine/engine.mts';
import type { Contender, ContenderName, Gotten } from './contenders.mts';
import { plainNode } from './plainNode.mts';
import type { Address } from './sandbox.mts';

/** n8n's most. */
const retryOnFail = { retryOnFail: true, maxTries: 5, waitBetweenTries: 5_000 };

const id = '={{ $json.id }}';
const ids = { ours: { __rl: true, mode: 'id', value: id }, plain: id, retrying: id };

PackageDirectoryLoader.applyDeclarativeNodeOptionParameters(plainNode);
loader.nodeTypes[plainNode.description.name] = { type: plainNode, sourcePath: '' };

export function nodeContender(
	name: Exclude<ContenderName, 'axios'>,
	{ apiKey, baseUrl }: Address,
	requestsPerMinute: number,
): Contender {
	const settings = name === 'retrying' ? retryOnFail : {};
	const node = name === 'ours' ? 'vizdomDashboard' : plainNode.description.name;
	const credential = { apiKey, baseUrl, requestsPerMinute };
	return {
		async list() {
			const parameters = { operation: 'getAll', returnAll: true };
			const outcome = await runNode({ node, parameters, credential, settings });
			if (outcome.error) throw outcome.error;
			return recordsOf(outcome);
		},
		async get(wanted): Promise<Gotten> {
			const parameters = { operation: 'get', dashboardId: ids[name] };
			const input = wanted.map((itemId) => ({ json: { id: itemId } }));
			const outcome = await runNode({ node, parameters, credential, input, settings });
			return { records: recordsOf(outcome), error: outcome.error?.message };
		},
	};
}

function recordsOf({ items }: Outcome): IDataObject[] {
	return items.map(({ json }) => json);
}
