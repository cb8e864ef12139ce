import { largestPage, limitParameter, offsetParameter } from '../../../nodes/shared/vizdom/facts.ts';
import { asAssumed, differs, notToBeSeen, type Check, type Seen } from '../check.mts';
import { idOf, itemsIn, longestList, type Item, type Known, type List } from '../known.mts';
import { api, inCode } from '../places.mts';
import type { Answer } from '../server.mts';

export interface PagingParameters {
	/** Name of the parameter for the number of records */
	size: string;
	/** Name of the parameter for the place in the list */
	place: string;
	counts: 'records' | 'pages from 1' | 'pages from 0';
}

const sizes =
	'limit per_page page_size pageSize perPage size count take max_results $top page[size] page[limit]';
const places = 'offset skip start from page page_number pageNumber $skip page[number] page[offset]';

const noList = 'no list has two records';

export const stableOrder: Check = {
	what: 'Order of a list',
	assumed: 'the same, each time it is read',
	where: inCode('nodes/shared/vizdom/list.ts', 'read'),
	see: async (known) => {
		const list = longestList(known);
		if (!list || list.items.length < 2) return notToBeSeen(noList);
		const again = itemsIn((await known.server.get(list.path)).body) ?? [];
		known.isStable = isSame(again, list.items);
		if (known.isStable) return asAssumed(`${again.length} records, read twice`);
		return differs(`another one at the second GET ${list.path}`);
	},
};

export const pagingParameters: Check = {
	what: 'Paging parameters',
	assumed: `${limitParameter}, ${offsetParameter}`,
	where: inCode(api, 'limitParameter', 'offsetParameter'),
	see: async (known) => {
		const list = longestList(known);
		if (!list || list.items.length < 2) return notToBeSeen(noList);
		if (!known.isStable) return notToBeSeen('the order changes');
		const size = await sizeParameter(known, list);
		if (!size) return differs(`none of ${sizes.replaceAll(' ', ', ')} is heeded`);
		known.paging = { size, ...(await placeParameter(known, list, size)) };
		return judged(known.paging, list);
	},
};

/** As few as possible: the assumed parameter is tried first. */
async function sizeParameter(
	{ server }: Known,
	{ path, items }: List,
): Promise<string | undefined> {
	for (const size of assumedFirst(limitParameter, sizes)) {
		const { body } = await server.get(path, { query: { [size]: 1 } });
		if (isSame(itemsIn(body) ?? [], items.slice(0, 1))) return size;
	}
	return undefined;
}

async function placeParameter(
	{ server }: Known,
	{ path, items }: List,
	size: string,
): Promise<Omit<PagingParameters, 'size'> | undefined> {
	const length = Math.min(2, items.length - 1);
	const secondPage = items.slice(length, 2 * length);
	for (const place of assumedFirst(offsetParameter, places)) {
		const query = { [size]: length, [place]: 1 };
		const found = itemsIn((await server.get(path, { query })).body) ?? [];
		if (isSame(found, items.slice(1, 1 + length))) return { place, counts: 'records' };
		if (isSame(found, secondPage)) return { place, counts: 'pages from 0' };
		const second =
			itemsIn((await server.get(path, { query: { ...query, [place]: 2 } })).body) ?? [];
		if (isSame(second, secondPage)) return { place, counts: 'pages from 1' };
	}
	return undefined;
}

function assumedFirst(assumed: string, others: string): string[] {
	return [...new Set([assumed, ...others.split(' ')])];
}

function judged({ size, place, counts }: Partial<PagingParameters>, list: List): Seen {
	const seen = `${size}, ${place}`;
	if (size === limitParameter && place === offsetParameter && counts === 'records') {
		return asAssumed(seen);
	}
	const names = [
		...(size === limitParameter ? [] : ['limitParameter']),
		...(place === offsetParameter ? [] : ['offsetParameter']),
	];
	const name = names.length > 0 ? inCode(api, ...names) : '';
	if (counts === 'records') return differs(seen, name);
	const read = inCode('nodes/shared/vizdom/list.ts', 'readPage');
	const where = [name, read].filter(Boolean).join('; ');
	if (place) return differs(`${seen}, which counts ${counts}`, where);
	return differs(`${size}, and none of ${places.replaceAll(' ', ', ')}${cursorIn(list)}`, where);
}

/** A hint at paging by a cursor. */
function cursorIn({ answer }: List): string {
	const found = /"([\w.]*(next|cursor)[\w.]*)":/i.exec(JSON.stringify(answer.body))?.[1];
	return found ? `; the list has a field ${found}` : '';
}

export const pageSize: Check = {
	what: 'Largest page',
	assumed: `${largestPage} records`,
	where: inCode(api, 'largestPage'),
	see: async (known) => {
		const list = longestList(known);
		const { size } = known.paging;
		if (!list || !size) return notToBeSeen('no parameter for the size of a page is known');
		const asked = async (records: number) =>
			await known.server.get(list.path, { query: { [size]: records } });
		const answer = await asked(largestPage);
		if (answer.status === 200) return served(answer, list);
		for (const fewer of [50, 25, 20, 10]) {
			if ((await asked(fewer)).status !== 200) continue;
			return differs(`${answer.status} for ${largestPage} records, but ${fewer} may be asked for`);
		}
		return differs(`${answer.status} for ${largestPage} records`);
	},
};

function served({ body }: Answer, { total }: List): Seen {
	const { length } = itemsIn(body) ?? [];
	const seen = `${length} of ${total ?? 'an unknown number'} came`;
	if (length >= largestPage) return asAssumed(seen);
	if (total === undefined) return notToBeSeen(seen);
	if (length >= total) return notToBeSeen(`the longest list has ${total} records only`);
	return differs(`${seen} where ${largestPage} were asked for`);
}

function isSame(some: Item[], others: Item[]): boolean {
	const key = (item: Item) => idOf(item) ?? JSON.stringify(item);
	return (
		some.length === others.length && some.every((item, at) => key(item) === key(others[at] ?? {}))
	);
}
