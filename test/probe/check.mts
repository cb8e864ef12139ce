import { settled } from '../../nodes/shared/http/signals.ts';
import type { VizdomError } from '../../nodes/shared/vizdom/errors.ts';
import { isRecord } from '../../nodes/shared/vizdom/envelope.ts';
import { paths, recordPath } from '../../nodes/shared/vizdom/facts.ts';
import { type Api, lineOf, type Sent } from './api.mts';
import type { Source } from './contract.mts';

/** `other`: not as assumed, but the nodes know it too. */
export type Verdict = 'agrees' | 'other' | 'differs' | 'unknown';

export interface Seen {
	verdict: Verdict;
	seen: string;
}

export const agrees = (seen: string): Seen => ({ verdict: 'agrees', seen });
export const other = (seen: string): Seen => ({ verdict: 'other', seen });
export const differs = (seen: string): Seen => ({ verdict: 'differs', seen });

/**
 * How a request of the client failed. Under tsx, its classes exist twice, so `instanceof` does not
 * work.
 */
export type Failure = Error &
	Partial<Pick<VizdomError, 'description' | 'mayBeDone' | 'outcome' | 'status'>>;

/** Why something cannot be checked. */
export class Unknown extends Error {}

/** One assumption of the package. */
export interface Check {
	what: string;
	source: Source;
	expected: string;
	where: string; // the file with the assumption, and names in it
	others?: string; // the same for the known alternatives
	see(known: Known): Promise<Seen> | Seen;
}

export type Item = Record<string, unknown>;

export interface Resource {
	name: string;
	list: keyof typeof paths;
	one: keyof typeof paths;
	schema: string; // in the contract
}

export const dashboards: Resource = {
	...{ name: 'dashboard', list: 'dashboards', one: 'dashboard', schema: 'Dashboard' },
};
export const exportJobs: Resource = {
	...{ name: 'export', list: 'exports', one: 'export', schema: 'Export' },
};
export const resources: Resource[] = [
	dashboards,
	{ name: 'data source', list: 'dataSources', one: 'dataSource', schema: 'DataSource' },
	{ name: 'user', list: 'users', one: 'user', schema: 'User' },
	exportJobs,
];

/** The findings so far, for later checks. */
export class Known {
	readonly records = new Map<Resource, Item[]>();
	listError?: Error; // for a list whose path is known
	private before = 0;

	constructor(readonly api: Api) {}

	/** The requests of the current check. */
	get sent(): Sent[] {
		return this.api.sent.slice(this.before);
	}

	of(resource: Resource): Item[] {
		return this.records.get(resource) ?? [];
	}

	add(resource: Resource, ...items: Array<Item | undefined>): void {
		this.records.set(resource, [...this.of(resource), ...items.filter(isRecord)]);
	}

	async read(resource: Resource, id: unknown): Promise<Item> {
		const { data } = await this.api.vizdom.get<Item>(recordPath(paths[resource.one], String(id)));
		this.add(resource, data);
		return data ?? {};
	}

	/** The list that reveals most about paging. */
	get longest(): { path: string; items: Item[] } {
		const [[resource, items] = [dashboards, []]] = [...this.records].sort(
			([, one], [, two]) => two.length - one.length,
		);
		return { path: paths[resource.list], items };
	}

	/** @throws {Error} if the server cannot be used, or the user stops the probe */
	async see({ see }: Check): Promise<Seen> {
		this.before = this.api.sent.length;
		const { value, error } = await settled((async () => await see(this))());
		if (this.api.keyRefusal) throw this.api.keyRefusal;
		return value ?? this.failed(error);
	}

	/** What a failure says about an assumption: nothing if the server could not answer. */
	private failed(error: Failure): Seen {
		const { message, description, status, outcome = 'refused' } = error;
		if (error instanceof Unknown) return { verdict: 'unknown', seen: message };
		if (!description) throw error;
		if (status === 403) return { verdict: 'unknown', seen: "403: this key's role may not" };
		const isAnswered = status ? status < 500 && status !== 429 : outcome === 'refused';
		if (!isAnswered) return { verdict: 'unknown', seen: message };
		const lines = this.sent.map(lineOf).join(', ');
		const texts = [message, description, lines && `Sent: ${lines}`].filter(Boolean);
		return differs(texts.map((text) => String(text).replace(/\.$/, '')).join('. '));
	}
}

/** The records of a list, even in another envelope. */
export function itemsIn(body: unknown): Item[] | undefined {
	const values = isRecord(body) ? [body.data, ...Object.values(body)] : [body];
	return values.find(Array.isArray)?.filter(isRecord);
}

export function fieldsOf(body: unknown): string {
	return isRecord(body) ? `{${Object.keys(body).join(', ')}}` : typeof body;
}

/**
 * A check of an operation.
 * @param expected such as `GET /users/{id}: 200` @param act returns whether the result is as
 * expected
 */
export function operation(
	what: string,
	expected: string,
	place: Pick<Check, 'where' | 'others'> & Partial<Check>,
	act: (known: Known) => Promise<boolean>,
): Check {
	const isRead = expected.startsWith('GET');
	const see = async (known: Known): Promise<Seen> => {
		const isRight = await act(known);
		const sent = known.sent
			.filter(({ method }) => (method === 'GET') === isRead)
			.sort((one, two) => Number(one.statusCode < 300) - Number(two.statusCode < 300))
			.at(-1);
		const ids = [...known.records.values()].flat().map(({ id }) => encodeURIComponent(String(id)));
		const parts = sent?.path.split('/').map((part) => (ids.includes(part) ? '{id}' : part)) ?? [];
		const seen = sent ? lineOf({ ...sent, path: parts.join('/'), query: '' }) : '';
		if (!isRight) return differs(`${seen}, but not what was asked for: ${fieldsOf(sent?.body)}`);
		return seen === expected ? agrees(seen) : other(seen);
	};
	return { what, source: 'assumed', expected, ...place, see };
}

export const facts = 'nodes/shared/vizdom/facts.ts';
export const contract = 'test/sandbox/vizdom.openapi.yaml';
