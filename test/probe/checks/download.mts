import { recordPath } from '../../../nodes/shared/vizdom/facts.ts';
import { formatOf } from '../../../nodes/VizdomExport/format.ts';
import { asAssumed, differs, notToBeSeen, type Check, type Seen } from '../check.mts';
import { exportJobs, idOf, itemIn, pathOfItem, type Item, type Known } from '../known.mts';
import { inCode } from '../places.mts';
import type { Opened } from '../server.mts';

export const download: Check = {
	what: 'Download link',
	assumed: "absolute or relative; opens with the key on the API's host, without it elsewhere",
	where: inCode('nodes/shared/vizdom/files.ts', 'openDownload'),
	see: async (known) => {
		const item = await completedExport(known);
		if (!item) return notToBeSeen('there is no completed export');
		const link = String(item.download_url);
		const { baseUrl } = known.server;
		if (!URL.canParse(link, `${baseUrl}/`)) return differs('no web address');
		const url = new URL(link, `${baseUrl}/`);
		const host = url.origin === new URL(baseUrl).origin ? "on the API's host" : `on ${url.host}`;
		const kind = `${URL.canParse(link) ? 'absolute' : 'relative'}, ${host}`;
		return judged(kind, await known.server.open(url), item);
	},
};

/** Read alone: its link is fresh then. */
async function completedExport({ server, lists }: Known): Promise<Item | undefined> {
	const list = lists.get(exportJobs);
	const item = list?.items.findLast(hasLink);
	const id = item && idOf(item);
	if (!list || id === undefined) return undefined;
	const { body } = await server.get(recordPath(pathOfItem(exportJobs, list), id));
	return [itemIn(body), item].find((candidate) => candidate && hasLink(candidate));
}

function hasLink({ status, download_url }: Item): boolean {
	return status === 'completed' && typeof download_url === 'string';
}

function judged(kind: string, { status, headers, start }: Opened, { format }: Item): Seen {
	if (headers.location) return asAssumed(`${kind}; ${status}, leads on`);
	if (status === 403 || status === 410)
		return notToBeSeen(`${kind}; ${status}, it may have expired`);
	if (status !== 200) return differs(`${kind}; ${status}`);
	const known = formatOf(format);
	if (known && !known.begins(start))
		return differs(`${kind}; 200, but no file in ${String(format)}`);
	return asAssumed(`${kind}; 200, a file in ${String(format)}`);
}
