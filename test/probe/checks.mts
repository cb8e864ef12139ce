import { settled } from '../../nodes/shared/http/signals.ts';
import { answerIn, isRecord, textsIn } from '../../nodes/shared/vizdom/envelope.ts';
import { assumedPaging, type Export, paths, recordPath } from '../../nodes/shared/vizdom/facts.ts';
import { type Paging, queryOf } from '../../nodes/shared/vizdom/paging.ts';
import { fileLinkIn, instantOf, stateOf } from '../../nodes/shared/vizdom/values.ts';
import { Beginning } from '../../nodes/VizdomExport/beginning.ts';
import { formatOf } from '../../nodes/VizdomExport/format.ts';
import { agrees, contract, dashboards, differs, exportJobs, facts, fieldsOf } from './check.mts';
import { itemsIn, operation, other, resources, Unknown } from './check.mts';
import type { Check, Failure, Item, Known } from './check.mts';
import { problemsOf, sourceOfList, sourceOfSchema } from './contract.mts';

export const listChecks = resources.map((resource): Check => {
	const { name, list, one } = resource;
	const path = paths[list];
	const where = `${facts}: ${list}, ${one}`;
	const place = { source: sourceOfList(path), where, others: `${facts}: otherListPaths` };
	return operation(`Path of the ${name}s`, `GET ${path}: 200`, place, async (known) => {
		const twoPages = 2 * assumedPaging.largest;
		const { value, error } = await settled(known.api.vizdom.list<Item>(path, twoPages));
		const items = value ?? known.sent.map(({ body }) => itemsIn(body)).find(Boolean);
		if (!items) throw error as Error;
		known.listError ??= error;
		known.add(resource, ...items);
		return true;
	});
});

function inWords({ by, position, size = 'no parameter for the size', firstPage }: Paging): string {
	if (by === 'nothing') return 'no parameters';
	if (by === 'page') return `${size}, ${position} (pages from ${firstPage ?? 1})`;
	return by === 'cursor'
		? `${size}, ${position || 'the next link'} (a cursor)`
		: `${size}, ${position}`;
}

const paging: Check = {
	what: 'Paging parameters',
	source: 'assumed',
	expected: inWords(assumedPaging),
	where: `${facts}: assumedPaging`,
	others: `${facts}: otherPaging, cursorParameters`,
	see: async ({ api, listError, longest: { path, items } }) => {
		if (listError) throw listError;
		const { paging } = api;
		const { current } = paging;
		const isAssumed = inWords(current) === inWords(assumedPaging);
		if (!isAssumed) return other(inWords(current));
		if (paging.isProved(current)) return agrees(inWords(current));
		if (items.length < 3) throw new Unknown('no list has three records');
		const { data = [] } = await api.vizdom.get<Item[]>(
			path,
			queryOf(current, { offset: 1, limit: 2 }),
		);
		const isRight = data.length === 2 && data.every(({ id }, index) => id === items[index + 1]?.id);
		if (isRight) return agrees(inWords(current));
		throw new Unknown('not as assumed, but no list has a second page to learn from');
	},
};

const pageSize: Check = {
	what: 'Largest page',
	source: 'assumed',
	expected: `${assumedPaging.largest} records`,
	where: `${facts}: assumedPaging`,
	others: `${facts}: smallerPages`,
	see: async ({ api, longest: { path } }) => {
		const { current } = api.paging;
		const query = queryOf(current, { offset: 0, limit: current.largest });
		const { data: { length } = [], total = 0 } = await api.vizdom.get<Item[]>(path, query);
		const seen = `${length} of ${total} came`;
		if (length >= assumedPaging.largest) return agrees(seen);
		if (total <= length) throw new Unknown(seen);
		return other(seen);
	},
};

const unknownParameters: Check = {
	what: 'Unknown parameters',
	source: 'assumed',
	expected: 'ignored, or refused with 400 or 422',
	where: contract,
	see: async ({ api, longest: { path } }) => {
		const { error } = await settled(api.vizdom.get(path, { n8n_probe: 1 }));
		if (!error) return agrees('ignored');
		const { status } = error as Failure;
		if (status === 400 || status === 422) return agrees(`refused (${status})`);
		throw error;
	},
};

const recordChecks = resources.map((resource): Check => {
	const { name, list, one } = resource;
	const place = { where: `${facts}: ${list}, ${one}` };
	return operation(`One ${name}`, `GET ${paths[list]}/{id}: 200`, place, async (known) => {
		const [item] = known.of(resource);
		if (item?.id === undefined) throw new Unknown(`no ${name} is known`);
		return (await known.read(resource, item.id)).id === item.id;
	});
});

const envelope: Check = {
	what: 'Envelope',
	source: 'documented',
	expected: '{data, meta: {total}}, a single record {data}',
	where: `nodes/shared/vizdom/envelope.ts; ${contract}`,
	see: ({ api: { sent } }) => {
		const answers = sent.filter(
			({ method, statusCode, body }) =>
				statusCode < 300 && method !== 'DELETE' && (body as unknown) !== '',
		);
		const bare = answers.find(({ body }) => !isRecord(body) || !('data' in body));
		if (bare) return differs(fieldsOf(bare.body));
		const lists = answers.filter(({ body }) => Array.isArray((body as Item).data));
		// Other checks cover the records themselves.
		const problems = lists.flatMap(({ body }) => [
			...problemsOf('DashboardList', { ...(body as Item), data: [] }).values(),
		]);
		const about = lists.flatMap(({ body }) => textsIn({ ...(body as Item), data: [] }));
		const fields = [...new Set(about.map(([path]) => path))].join(', ');
		const seen = `beside the records: ${fields || 'nothing'}`;
		if (problems.length === 0) return agrees(seen);
		const isRead = lists.every((answer) => answerIn('GET', answer)?.total !== undefined);
		return (isRead ? other : differs)(`${[...new Set(problems)].join(', ')}; ${seen}`);
	},
};

function stateIn({ status, state }: Item): unknown {
	return status ?? state;
}

/** The client treats an unknown state as running, or as completed if there is a file. */
function isKnownState(status: unknown): boolean {
	const word = { status } as Partial<Export>;
	return stateOf(word) === stateOf({ ...word, download_url: 'https://vizdom.example' });
}

const states: Check = {
	what: "Words for an export's states",
	source: 'assumed',
	expected: 'queued, processing, completed, failed',
	where: `${facts}: exportStates`,
	others: `${facts}: exportStates`,
	see: (known) => {
		const found = [...new Set(known.of(exportJobs).map(stateIn))];
		if (found.length === 0) throw new Unknown('no export is known');
		const strange = found.filter((status) => !isKnownState(status));
		if (strange.length > 0) return differs(strange.join(', '));
		const isAssumed = found.every((status) => states.expected.split(', ').includes(String(status)));
		return (isAssumed ? agrees : other)(found.join(', '));
	},
};

/** Fields that the nodes accept in other notations, too. */
const readFields: Array<[name: RegExp, isRead: (value: unknown) => boolean]> = [
	[/^(.+_)?id$/, (value) => typeof value === 'number'],
	[/_at$/, (value) => instantOf(value) > 0],
	[/^status$/, isKnownState],
	[/^download_url$/, () => true], // the next check is about it
];

const fieldChecks = resources.map((resource): Check => {
	const { name, schema } = resource;
	const see = (known: Known) => {
		const items = known.of(resource);
		if (items.length === 0) throw new Unknown(`no ${name} is known`);
		const problems = items.flatMap((item) =>
			[...problemsOf(schema, item)].map(([field, text]) => {
				const isRead = readFields.some(([name, isRead]) => name.test(field) && isRead(item[field]));
				return { field, text, isRead };
			}),
		);
		if (problems.length === 0) return agrees(`${items.length} records`);
		const texts = new Map(problems.map(({ field, text }) => [field, text])).values();
		const seen = [...texts].slice(0, 5).join(', ');
		return problems.every(({ isRead }) => isRead) ? other(seen) : differs(seen);
	};
	const where = `${contract}: ${schema}`;
	const [source, expected] = [sourceOfSchema(schema), `${schema} in the contract`];
	return { what: `Fields of the ${name}s`, source, expected, where, see };
});

const refusals: Check = {
	what: 'Statuses of refusals',
	source: 'documented',
	expected: '404 for an unknown ID, 401 for a wrong key',
	where: 'nodes/shared/vizdom/errors.ts',
	see: async (known) => {
		const { api } = known;
		const id = String(known.of(dashboards)[0]?.id ?? 'dash_abc123');
		const unknownId = id.replace(/[a-z0-9]{1,6}$/i, (end) => '0'.repeat(end.length));
		const requests = [
			api.vizdom.get(recordPath(paths.dashboard, unknownId)),
			api.client(undefined, 'not-a-key').get(paths.dashboards),
		];
		const errors = await Promise.all(requests.map(async (one) => (await settled(one)).error));
		const strange = errors.find((error) => error && !(Number((error as Failure).status) < 500));
		if (strange) throw strange;
		const seen = errors.map((error) => (error as Failure | undefined)?.status ?? 200).join(' and ');
		return seen === '404 and 401' ? agrees(seen) : differs(seen);
	},
};

const errorBodies: Check = {
	what: 'Error bodies',
	source: 'documented',
	expected: '{error: {code, message}}',
	where: `nodes/shared/vizdom/serverErrors.ts; ${contract}: Error`,
	see: ({ api: { sent } }) => {
		const errors = sent.filter(({ statusCode }) => statusCode >= 400 && statusCode < 500);
		const problems = errors.flatMap(({ statusCode, body }) =>
			[...problemsOf('Error', body).values()].map(
				(text) => `${statusCode}: ${text} in ${fieldsOf(body)}`,
			),
		);
		if (problems.length > 0) return differs([...new Set(problems)].join(', '));
		return agrees(`${errors.length} refusals`);
	},
};

const file: Check = {
	what: 'Where the file is',
	source: 'assumed',
	expected: 'download_url, a web address or a path',
	where: `${facts}: fileFields, filePaths`,
	others: `${facts}: fileFields, filePaths`,
	see: async (known) => {
		const { vizdom } = known.api;
		const isCompleted = (item: Item) => item.id !== undefined && stateOf(item) === 'completed';
		const listed = known.of(exportJobs).findLast(isCompleted);
		if (!listed) throw new Unknown('there is no completed export');
		// Read again for a fresh link.
		const completed = await known.read(exportJobs, listed.id);
		const link = fileLinkIn(completed);
		const opening = link ? vizdom.open(link) : vizdom.openBelow(String(listed.id));
		const { value: opened, error } = await settled<Awaited<typeof opening>>(opening);
		const { status } = (error ?? {}) as Failure;
		if (status === 403 || status === 410) throw new Unknown(`${status}: it may have expired`);
		if (error) throw error;
		const sent = known.sent.map(({ method, path }) => `${method} ${path}`);
		if (!opened)
			return differs(`no field of ${fieldsOf(completed)} has it, nor ${sent.join(', ')}`);
		const [bytes = Buffer.alloc(0)] = await opened.body.take(1).toArray();
		const start = new Beginning({ bytes, isAll: false }, opened.headers['content-type']);
		const isFile = formatOf(completed.format)?.begins(start) ?? true;
		const field = textsIn(completed).find(([, text]) => text === link)?.[0];
		const seen = field ? `${field}, ${sent.at(-1)}` : `no field, but ${sent.at(-1)}`;
		if (!isFile) return differs(`${seen}: not a ${String(completed.format)} file`);
		return (field === 'download_url' ? agrees : other)(seen);
	},
};

const rateHeaders: Check = {
	what: 'Rate-limit headers',
	source: 'assumed',
	expected: 'none but Retry-After',
	where: 'nodes/shared/http/turns.ts',
	see: ({ api: { sent } }) => {
		const headers = new Map(sent.flatMap((answer) => Object.entries(answer.headers)));
		const found = [...headers].filter(([name]) => /^(x-)?rate-?limit/i.test(name));
		const seen = found.map(([name, value]) => `${name}: ${String(value)}`).join(', ');
		return seen ? differs(seen) : agrees('none');
	},
};

/** In order: later checks use earlier findings. */
export const readingChecks = [paging, pageSize, unknownParameters, ...recordChecks];

/** After the writing checks, because they also examine those responses. */
export const closingChecks = [
	envelope,
	states,
	...fieldChecks,
	refusals,
	errorBodies,
	file,
	rateHeaders,
];
