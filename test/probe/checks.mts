import {
	largestPage,
	limitParameter,
	offsetParameter,
	paths,
} from '../../nodes/shared/vizdom/facts.ts';
import { problemsOf, sourceOfList, sourceOfSchema } from './contract.mts';
import {
	agrees,
	dashboards,
	differs,
	exportJobs,
	fieldsOf,
	isRecord,
	itemIn,
	itemsIn,
	places,
	resources,
	unknown,
	type Check,
	type Item,
} from './known.mts';

export const pathChecks = resources.map((resource): Check => {
	const { plural, list, one, elsewhere } = resource;
	return {
		what: `Path of the ${plural}`,
		source: sourceOfList(paths[list]),
		expected: `GET ${paths[list]}`,
		where: `${places.api}: ${list}, ${one}; ${places.contract}`,
		see: async ({ server, lists }) => {
			const statuses: string[] = [];
			for (const path of [paths[list], ...elsewhere]) {
				const answer = await server.get(path);
				const items = answer.status === 200 ? itemsIn(answer.body) : undefined;
				if (items) {
					const meta = isRecord(answer.body) && isRecord(answer.body.meta) ? answer.body.meta : {};
					const total = Number(meta.total ?? items.length);
					lists.set(resource, { path, answer, items, total });
					const seen = `GET ${path}: ${items.length} of ${total}`;
					return path === paths[list] ? agrees(seen) : differs(seen);
				}
				statuses.push(`GET ${path}: ${answer.status}`);
				if (answer.status === 403) return unknown("403: this key's role may not read them");
			}
			return differs(statuses.join(', '));
		},
	};
});

function isSame(some: Item[], others: Item[]): boolean {
	return some.length === others.length && some.every(({ id }, index) => id === others[index]?.id);
}

const sizeNames =
	'limit per_page page_size pageSize perPage size count take max_results page[size]';
const placeNames = 'offset skip start from page page_number pageNumber page[number] page[offset]';

function assumedFirst(assumed: string, others: string): string[] {
	return [...new Set([assumed, ...others.split(' ')])];
}

const paging: Check = {
	what: 'Paging parameters',
	source: 'assumed',
	expected: `${limitParameter}, ${offsetParameter}, in a stable order`,
	where: `${places.api}: limitParameter, offsetParameter; ${places.paging}`,
	see: async (known) => {
		const { path, items } = known.longest ?? { path: '', items: [] };
		if (items.length < 4 || items.some(({ id }) => id === undefined)) {
			return unknown('no list has four records with an ID');
		}
		const read = async (query: Record<string, number> = {}) =>
			itemsIn((await known.server.get(path, { query })).body) ?? [];
		if (!isSame(await read(), items)) return differs(`the order of ${path} changes`);
		for (const size of assumedFirst(limitParameter, sizeNames)) {
			if (!isSame(await read({ [size]: 1 }), items.slice(0, 1))) continue;
			known.size = size;
			for (const place of assumedFirst(offsetParameter, placeNames)) {
				const page = async (number: number) => await read({ [size]: 2, [place]: number });
				const first = await page(1);
				const isOffset = isSame(first, items.slice(1, 3));
				if (isOffset && size === limitParameter && place === offsetParameter) {
					return agrees(`${size}, ${place}`);
				}
				if (isOffset) return differs(`${size}, ${place}`);
				const second = items.slice(2, 4);
				if (isSame(first, second)) return differs(`${size}, ${place} (pages from 0)`);
				if (isSame(await page(2), second)) return differs(`${size}, ${place} (pages from 1)`);
			}
			const { body } = known.longest?.answer ?? {};
			const cursor = /"([\w.]*(next|cursor)[\w.]*)":/i.exec(JSON.stringify(body))?.[1];
			return differs(
				`${size}; no known parameter for the offset${cursor ? `, but ${cursor}` : ''}`,
			);
		}
		return differs('no known parameter limits the number of records');
	},
};

const pageSize: Check = {
	what: 'Largest page',
	source: 'assumed',
	expected: `${largestPage} records`,
	where: `${places.api}: largestPage`,
	see: async ({ server, longest, size }) => {
		if (!longest || !size) return unknown('the parameter for the number of records is unknown');
		const { status, body } = await server.get(longest.path, { query: { [size]: largestPage } });
		const { length } = itemsIn(body) ?? [];
		const seen = `${status}, ${length} of ${longest.total} came`;
		if (status !== 200) return differs(seen);
		if (length >= largestPage) return agrees(seen);
		return longest.total > length ? differs(seen) : unknown(seen);
	},
};

const recordChecks = resources.map((resource): Check => {
	const { name, one } = resource;
	return {
		what: `One ${name}`,
		source: 'assumed',
		expected: `GET ${paths[one].replace(/\{\w+\}/, '{id}')}`,
		where: `${places.api}: ${one}; ${places.contract}`,
		see: async (known) => {
			const [item] = known.lists.get(resource)?.items ?? [];
			if (item?.id === undefined) return unknown(`no ${name} is known`);
			const path = known.recordPath(resource, String(item.id));
			const answer = await known.server.get(path);
			if (answer.status === 403) return unknown("403: this key's role may not read it");
			if (answer.status !== 200) return differs(`GET ${path}: ${answer.status}`);
			known.records.push(answer);
			const isIt = itemIn(answer.body).id === item.id;
			return isIt
				? agrees(`GET ${path}: 200`)
				: differs(`another record: ${fieldsOf(answer.body)}`);
		},
	};
});

const envelope: Check = {
	what: 'Envelope',
	source: 'documented',
	expected: '{data, meta: {total}}, a single record {data}',
	where: `${places.envelope}; ${places.contract}`,
	see: ({ lists, records }) => {
		const bodies = [...lists.values()].map(({ answer }) => answer.body);
		const other = bodies.find((body) => {
			// The records themselves are for other checks.
			const isList = isRecord(body) && Array.isArray(body.data);
			return problemsOf('DashboardList', isList ? { ...body, data: [] } : body).size > 0;
		});
		const bare = records.map(({ body }) => body).find((body) => itemIn(body) === body);
		const differing = other ?? bare;
		return differing ? differs(fieldsOf(differing)) : agrees(`${bodies.length} lists`);
	},
};

const mostShown = 5;

const fieldChecks = resources.map(
	(resource): Check => ({
		what: `Fields of the ${resource.plural}`,
		source: sourceOfSchema(resource.schema),
		expected: `${resource.schema} in the contract`,
		where: `${places.contract}: ${resource.schema}`,
		see: ({ lists }) => {
			const items = lists.get(resource)?.items ?? [];
			if (items.length === 0) return unknown(`no ${resource.name} is known`);
			const byField = new Map(items.flatMap((item) => [...problemsOf(resource.schema, item)]));
			const problems = [...byField.values()].slice(0, mostShown).join(', ');
			return problems ? differs(problems) : agrees(`${items.length} records`);
		},
	}),
);

const refusals: Check = {
	what: 'Statuses of refusals',
	source: 'documented',
	expected: '404 for an unknown ID, 401 for a wrong key',
	where: places.errors,
	see: async (known) => {
		const id = String(known.lists.get(dashboards)?.items[0]?.id ?? 'dash_abc123');
		const other = id.replace(/[a-z0-9]{1,6}$/i, (end) => '0'.repeat(end.length));
		const notFound = await known.server.get(known.recordPath(dashboards, other));
		const wrongKey = await known.server.get(paths.dashboards, { key: 'not-a-key' });
		known.refusals.push(notFound, wrongKey);
		const seen = `${notFound.status} and ${wrongKey.status}`;
		return seen === '404 and 401' ? agrees(seen) : differs(seen);
	},
};

const errorBodies: Check = {
	what: 'Error bodies',
	source: 'documented',
	expected: '{error: {code, message}}',
	where: `${places.errorBodies}; ${places.contract}: Error`,
	see: (known) => {
		const errors = known.refusals.filter(({ status }) => status >= 400);
		const problems = errors.flatMap(({ status, body }) =>
			[...problemsOf('Error', body).values()].map(
				(text) => `${status}: ${text} in ${fieldsOf(body)}`,
			),
		);
		if (problems.length > 0) return differs([...new Set(problems)].join(', '));
		return errors.length > 0 ? agrees(`${errors.length} refusals`) : unknown('nothing was refused');
	},
};

/** Beginnings of files, as Latin-1 text. */
const beginnings: Record<string, RegExp> = {
	csv: /^[^<{]/,
	pdf: /^\s*%PDF-/,
	png: /^\x89PNG/,
	xlsx: /^PK/,
};

const download: Check = {
	what: 'Download link',
	source: 'assumed',
	expected: "absolute or relative; opens with the key on the API's host, without it elsewhere",
	where: places.download,
	see: async (known) => {
		const listed = known.lists.get(exportJobs)?.items.findLast((item) => item.download_url);
		if (!listed) return unknown('there is no completed export');
		// Read again: its link is fresh then.
		const answer = await known.server.get(known.recordPath(exportJobs, String(listed.id)));
		const { download_url, format } = itemIn(answer.body);
		const { baseUrl } = known.server;
		const link = String(download_url ?? listed.download_url);
		if (!URL.canParse(link, `${baseUrl}/`)) return differs('not a web address');
		const url = new URL(link, `${baseUrl}/`);
		const { status, location, start } = await known.server.open(url);
		const seen = `${URL.canParse(link) ? 'absolute' : 'relative'}, on ${url.host}; ${status}`;
		if (location !== undefined) return agrees(`${seen}, which redirects`);
		if (status === 403 || status === 410) return unknown(`${seen}, it may have expired`);
		const isFile = beginnings[String(format).toLowerCase()]?.test(start) ?? true;
		if (status === 200 && !isFile) return differs(`${seen}, but not a ${String(format)} file`);
		return status === 200 ? agrees(seen) : differs(seen);
	},
};

const rateHeaders: Check = {
	what: 'Rate-limit headers',
	source: 'assumed',
	expected: 'none but Retry-After',
	where: places.rate,
	see: ({ server }) => {
		const found = [...server.headers].filter(([name]) => /^(x-)?rate-?limit/i.test(name));
		const seen = found.map(([name, value]) => `${name}: ${String(value)}`).join(', ');
		return seen ? differs(seen) : agrees('none');
	},
};

/** In this order: what one finds out helps the next. */
export const readingChecks = [paging, pageSize, ...recordChecks];

/** After those that write: they look at what those got, too. */
export const closingChecks = [
	envelope,
	...fieldChecks,
	refusals,
	errorBodies,
	download,
	rateHeaders,
];
