import { paths } from '../../../nodes/shared/vizdom/facts.ts';
import { asAssumed, differs, notToBeSeen, type Check, type Seen } from '../check.mts';
import { itemsIn, resources, totalIn, type Known, type Resource } from '../known.mts';
import { api, inCode } from '../places.mts';
import { shapeOf } from '../schema.mts';
import type { Answer } from '../server.mts';

export const pathChecks: Check[] = resources.map((resource) => ({
	what: `Path of the ${resource.plural}`,
	assumed: `GET ${paths[resource.list]}`,
	where: inCode(api, ...pathsBelow(paths[resource.list])),
	see: async (known) => {
		const path = paths[resource.list];
		const answer = await known.server.get(path);
		if (isList(known, resource, path, answer)) return asAssumed(count(answer));
		if (answer.status === 403) return notToBeSeen("403: this key's role may not read them");
		return await elsewhere(known, resource, answer);
	},
}));

function pathsBelow(path: string): string[] {
	return Object.entries(paths)
		.filter(([, other]) => other === path || other.startsWith(`${path}/`))
		.map(([name]) => name);
}

function isList({ lists }: Known, resource: Resource, path: string, answer: Answer): boolean {
	const items = answer.status === 200 ? itemsIn(answer.body) : undefined;
	if (items) lists.set(resource, { path, answer, items, total: totalIn(answer.body) });
	return items !== undefined;
}

function count({ body }: Answer): string {
	const items = itemsIn(body)?.length ?? 0;
	return `200, ${items} of ${totalIn(body) ?? 'an unknown number of'} records`;
}

async function elsewhere(known: Known, resource: Resource, answer: Answer): Promise<Seen> {
	for (const path of resource.otherPaths) {
		const other = await known.server.get(path);
		if (isList(known, resource, path, other)) return differs(`GET ${path}: ${count(other)}`);
	}
	return differs(`${inWords(answer)}; nor is it at ${resource.otherPaths.join(', ')}`);
}

function inWords({ status, headers, body }: Answer): string {
	if (headers.location) return `${status}, which leads to ${headers.location}`;
	return status === 200 ? `200, but no list: ${shapeOf(body)}` : String(status);
}
