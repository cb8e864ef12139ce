import { paths, recordPath } from '../../../nodes/shared/vizdom/facts.ts';
import { isRecord } from '../../../nodes/shared/vizdom/envelope.ts';
import { asAssumed, differs, notToBeSeen, type Check } from '../check.mts';
import { idOf, itemIn, pathOfItem, resources, totalIn } from '../known.mts';
import { api, inCode } from '../places.mts';
import { shapeOf } from '../schema.mts';
import type { Answer } from '../server.mts';

export const recordChecks: Check[] = resources.map((resource) => ({
	what: `One ${resource.name}`,
	assumed: `GET ${paths[resource.one].replace(/\{\w+\}/, '{id}')}`,
	where: inCode(api, resource.one),
	see: async ({ server, lists, singles }) => {
		const list = lists.get(resource);
		if (!list) return notToBeSeen('the list is not known');
		const id = list.items.map(idOf).find((one) => one !== undefined);
		if (id === undefined) return notToBeSeen(`there is no ${resource.name} with an id`);
		const path = recordPath(pathOfItem(resource, list), id);
		const answer = await server.get(path);
		const item = itemIn(answer.body);
		if (answer.status === 403) return notToBeSeen("403: this key's role may not read it");
		if (answer.status !== 200) return differs(`${answer.status} for an ID of the list`);
		if (!item || idOf(item) !== id)
			return differs(`200, but another record: ${shapeOf(answer.body)}`);
		singles.push(answer);
		const isElsewhere = list.path !== paths[resource.list];
		return asAssumed(`200 for ${path}${isElsewhere ? ", below the list's other path" : ''}`);
	},
}));

/** Documented, but everything relies on it. */
export const envelope: Check = {
	what: 'Envelope',
	assumed: '{"data": …, "meta": {"total": …}}, the total with lists',
	where: inCode('nodes/shared/vizdom/client.ts', 'isEnvelope'),
	see: ({ lists, singles }) => {
		const listed = [...lists.values()].map(({ answer }) => answer);
		const other = listed.find((answer) => !isListEnvelope(answer)) ?? singles.find(isNoEnvelope);
		if (other) return differs(shapeOf(other.body));
		return asAssumed(`${listed.length} lists, ${singles.length} records alone`);
	},
};

function isListEnvelope({ body }: Answer): boolean {
	return isRecord(body) && Array.isArray(body.data) && totalIn(body) !== undefined;
}

function isNoEnvelope({ body }: Answer): boolean {
	return !isRecord(body) || !isRecord(body.data);
}
