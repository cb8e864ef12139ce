import { jest } from '@jest/globals';
import fc from 'fast-check';
import type { IDataObject, IN8nHttpFullResponse, INode } from 'n8n-workflow';
import type { HttpRequest } from '../../../nodes/shared/http/send.ts';
import { Signals } from '../../../nodes/shared/http/signals.ts';
import type { TriggerEvents } from '../../../nodes/shared/n8n/trigger.ts';
import { Vizdom } from '../../../nodes/shared/vizdom/client.ts';
import { PagesRead } from '../../../nodes/shared/vizdom/pagesRead.ts';
import { watch, type Watched } from '../../../nodes/shared/vizdom/watch.ts';
import { events as dashboard } from '../../../nodes/VizdomDashboard/events.ts';
import { events as exports } from '../../../nodes/VizdomExport/events.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.UTC(2026, 0, 15, 12);

interface Row extends IDataObject {
	id: string;
	name: string;
	status: string;
	created_at: string;
	updated_at: string;
}

const orders = ['first', 'last', 'none', 'update'] as const;
type Order = (typeof orders)[number];

let servers = 0;

/** A list with new records at one end, or anywhere. */
class Server {
	rows: Row[] = [];

	requests: string[] = [];

	failAt = Infinity;

	/** The response instead of the list. */
	answers?: Row[];

	hasTotal = true;

	/** The response if a record is read alone. */
	statusOfOne = 200;

	private readonly past: Row[][] = [];

	private made = 0;

	private readonly origin = `https://server-${++servers}.example`;

	constructor(
		private readonly order: Order,
		private readonly pageSize = 100,
	) {}

	client(): Vizdom {
		return new Vizdom({
			transport: async (request) => this.answer(request) as IN8nHttpFullResponse,
			node: { name: 'Vizdom', type: 'vizdom' } as INode,
			credential: { apiKey: 'key', baseUrl: `${this.origin}/v1`, requestsPerMinute: 10_000_000 },
			source: {},
			timeout: 5_000,
			signals: new Signals(),
			labels: {},
		});
	}

	/** @param place among the others, if the list is in no order */
	make(at: number, place = this.made * 7): Row {
		const time = new Date(at).toISOString();
		const id = `id_${++this.made}`;
		const row = { id, name: id, status: 'queued', created_at: time, updated_at: time };
		if (this.order === 'first') this.rows.unshift(row);
		else if (this.order === 'none') this.insert(row, place);
		else this.rows.push(row);
		return row;
	}

	insert(row: Row, place: number): void {
		this.rows.splice(place % (this.rows.length + 1), 0, row);
	}

	change(row: Row, changes: Partial<Row>, at: number): void {
		const changed = { ...row, ...changes, updated_at: new Date(at).toISOString() };
		const place = this.rows.indexOf(row);
		this.rows.splice(place, 1);
		this.rows.splice(this.order === 'update' ? this.rows.length : place, 0, changed);
	}

	remember(): void {
		this.past.push([...this.rows]);
	}

	before(steps: number): Row[] {
		return this.past.at(-1 - (steps % 3)) ?? this.rows;
	}

	private answer({ url, query = {} }: HttpRequest): Partial<IN8nHttpFullResponse> {
		const headers = {};
		this.requests.push(`${new URL(url).pathname} ${JSON.stringify(query)}`);
		if (this.requests.length > this.failAt) return { statusCode: 403, headers, body: {} };
		const rows = this.answers ?? this.rows;
		const [, id] = /^\/v1\/[^/]+\/(.+)/.exec(new URL(url).pathname) ?? [];
		if (id === undefined) {
			const { offset = 0, limit = 50 } = query as { offset?: number; limit?: number };
			const data = rows.slice(offset, offset + Math.min(limit, this.pageSize));
			const meta = this.hasTotal ? { total: rows.length } : {};
			return { statusCode: 200, headers, body: { data, meta } };
		}
		const data = rows.find((row) => row.id === id);
		if (this.statusOfOne !== 200) return { statusCode: this.statusOfOne, headers, body: {} };
		if (data) return { statusCode: 200, headers, body: { data } };
		return { statusCode: 404, headers, body: { error: { message: `No ${id}` } } };
	}
}

/** A trigger that watches the server's list. */
class Watcher {
	saved?: string;

	readonly came: string[] = [];

	constructor(
		private readonly server: Server,
		private readonly watched: Watched,
		private readonly show: (record: IDataObject) => unknown = ({ id }) => id,
	) {}

	/** @returns how many requests it took */
	async poll(): Promise<number> {
		const { server } = this;
		server.requests = [];
		const { news, notes } = await watch(server.client(), this.watched, new PagesRead(), this.saved);
		this.saved = notes;
		this.came.push(...news.map((record) => String(this.show(record))));
		return server.requests.length;
	}
}

function eventOf(events: TriggerEvents, name: string): Watched {
	const event = events[name];
	if (!event) throw new Error(`There is no event ${name}`);
	return event;
}

const created = eventOf(dashboard, 'created');
const completed = eventOf(exports, 'completed');

let now = start;

beforeEach(() => {
	now = start;
	jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

describe.each(['first', 'last'] as const)('20,000 records, the newest %s', (order) => {
	let long: Server;

	beforeEach(() => {
		long = new Server(order);
		for (let made = 0; made < 20_000; made++) long.make(start - (20_000 - made) * minute);
	});

	async function watchedBy(watched: Watched): Promise<Watcher> {
		const watcher = new Watcher(long, watched);
		expect(await watcher.poll()).toBeGreaterThan(200);
		return watcher;
	}

	test('a quiet poll takes 2 requests, one with three new records at most 3', async () => {
		const watcher = await watchedBy(created);
		expect(await watcher.poll()).toBe(2);
		const made = [1, 2, 3].map((minutes) => long.make(start + minutes * minute).id);
		expect(await watcher.poll()).toBeLessThanOrEqual(3);
		expect(watcher.came).toEqual(made);
		expect(await watcher.poll()).toBe(2);
		expect(watcher.came).toEqual(made);
	});

	test('a pending record in the middle comes in the next poll', async () => {
		for (const row of long.rows) row.status = 'completed';
		const row = long.rows[10_000] as Row;
		row.status = 'processing';
		const watcher = await watchedBy(completed);
		expect(await watcher.poll()).toBe(3);
		row.status = 'completed';
		expect(await watcher.poll()).toBe(3);
		expect(watcher.came).toEqual([row.id]);
		expect(await watcher.poll()).toBe(2);
		expect(watcher.came).toEqual([row.id]);
	});

	test.each([403, 404, 405, 500])(
		'a pending record that answers %i if read alone comes in the next poll',
		async (status) => {
			const row = long.rows[10_000] as Row;
			for (const other of long.rows) if (other !== row) other.status = 'completed';
			const watcher = await watchedBy(completed);
			long.statusOfOne = status;
			row.status = 'completed';
			await watcher.poll();
			expect(watcher.came).toEqual([row.id]);
		},
	);

	test('many pending records that are deleted do not make a poll expensive', async () => {
		for (const row of long.rows) row.status = 'completed';
		for (const row of long.rows.slice(10_000, 10_200)) row.status = 'processing';
		const watcher = await watchedBy(completed);
		long.rows.splice(10_000, 200);
		expect(await watcher.poll()).toBeGreaterThan(190);
		expect(await watcher.poll()).toBe(2);
	});

	test.each([10_000, 5, 19_990])(
		'a record inserted at place %i comes in the same poll',
		async (place) => {
			const watcher = await watchedBy(created);
			const row = long.make(start + hour);
			long.rows.splice(long.rows.indexOf(row), 1);
			long.insert(row, place);
			await watcher.poll();
			expect(watcher.came).toEqual([row.id]);
			await watcher.poll();
			expect(watcher.came).toEqual([row.id]);
		},
	);

	test('the list is read whole after an hour, and if there is no total', async () => {
		const watcher = await watchedBy(created);
		now += hour;
		expect(await watcher.poll()).toBeGreaterThan(200);
		expect(await watcher.poll()).toBe(2);
		long.hasTotal = false;
		expect(await watcher.poll()).toBeGreaterThan(200);
	});

	test('a deletion comes two polls later; quiet polls take 2 requests', async () => {
		const watcher = await watchedBy(eventOf(dashboard, 'deleted'));
		const [row] = long.rows.splice(order === 'first' ? 77 : -77, 1);
		for (const expected of [[], [row?.id]]) {
			await watcher.poll();
			expect(watcher.came).toEqual(expected);
		}
		expect(await watcher.poll()).toBe(2);
		expect(watcher.came).toEqual([row?.id]);
	});
});

test('a list in order of change is read only at its end for changes, one in order of creation whole', async () => {
	for (const [order, isCheap] of [
		['update', true],
		['last', false],
	] as const) {
		const server = new Server(order);
		for (let made = 0; made < 1_000; made++) server.make(start - (1_000 - made) * hour);
		for (let index = 0; index < 10; index++) {
			const row = server.rows[index] as Row;
			server.change(row, { name: 'Before' }, start + index * minute);
		}
		const watcher = new Watcher(server, eventOf(dashboard, 'updated'));
		await watcher.poll();
		const row = server.rows[500] as Row;
		server.change(row, { name: 'After' }, start + hour);
		expect((await watcher.poll()) <= 3).toBe(isCheap);
		expect(watcher.came).toEqual([row.id]);
	}
});

test('the state is bounded', async () => {
	const server = new Server('last');
	for (let made = 0; made < 12_000; made++) server.make(start + made).status = 'unheard-of';
	const watcher = new Watcher(server, completed);
	await watcher.poll();
	expect(JSON.stringify(watcher.saved).length).toBeLessThan(200_000);
	(server.rows[0] as Row).status = 'completed';
	await watcher.poll();
	expect(watcher.came).toEqual([server.rows[0]?.id]);
});

const clock = fc.integer({ min: -200, max: 200 });
const step = fc.oneof(
	fc.record({ kind: fc.constant('make' as const), count: fc.integer({ min: 1, max: 30 }), clock }),
	fc.record({ kind: fc.constant('insert' as const), place: fc.nat(), clock }),
	fc.record({ kind: fc.constant('change' as const), place: fc.nat(), clock }),
	fc.record({ kind: fc.constant('complete' as const), place: fc.nat() }),
	fc.record({ kind: fc.constant('remove' as const), place: fc.nat() }),
	fc.record({ kind: fc.constant('poll' as const) }),
	fc.record({ kind: fc.constant('failed poll' as const), at: fc.nat(4) }),
	fc.record({ kind: fc.constant('stale poll' as const), steps: fc.nat(2) }),
	fc.record({ kind: fc.constant('glitch' as const), part: fc.constantFrom(0, 0.5) }),
	fc.record({ kind: fc.constant('hour' as const) }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const kinds = ['made', 'changed', 'done', 'gone'] as const;
type Kind = (typeof kinds)[number];

/** A changing list, and a trigger that watches it. */
class History {
	private readonly server: Server;

	private readonly watcher: Watcher;

	private readonly expected: Record<Kind, string[]> = { made: [], changed: [], done: [], gone: [] };

	private changes = 0;

	constructor(
		order: Order,
		private readonly kind: Kind,
	) {
		this.server = new Server(order);
		for (let made = 0; made < 205; made++) this.server.make(start - (205 - made) * hour);
		const watched = {
			made: created,
			changed: eventOf(dashboard, 'updated'),
			done: completed,
			gone: eventOf(dashboard, 'deleted'),
		};
		const field = kind === 'changed' ? 'name' : 'id';
		this.watcher = new Watcher(this.server, watched[kind], (record) => record[field]);
	}

	check(): void {
		expect([...this.watcher.came].sort()).toEqual(this.expected[this.kind].sort());
	}

	async poll(): Promise<void> {
		await this.watcher.poll();
		this.server.remember();
	}

	async take(happened: Step): Promise<void> {
		const { server, expected } = this;
		const at = now + ('clock' in happened ? happened.clock * 1_000 : 0);
		now += 2_000;
		switch (happened.kind) {
			case 'make':
				for (let count = 0; count < happened.count; count++) expected.made.push(server.make(at).id);
				return;
			case 'insert': {
				const row = server.make(at);
				server.rows.splice(server.rows.indexOf(row), 1);
				server.insert(row, happened.place);
				expected.made.push(row.id);
				return;
			}
			case 'poll':
				return await this.poll();
			case 'hour':
				now += hour;
				return;
			case 'failed poll':
				server.failAt = happened.at;
				await this.watcher.poll().catch(() => {});
				server.failAt = Infinity;
				return;
			case 'stale poll':
				return await this.pollWith(server.before(happened.steps));
			case 'glitch':
				return await this.pollWith(server.rows.slice(0, server.rows.length * happened.part));
			default:
				await this.happen(happened, at);
		}
	}

	/** Each must be seen; two changes between two polls are one. */
	private async happen(happened: { kind: string; place: number }, at: number): Promise<void> {
		const { server, expected } = this;
		await this.poll();
		const row = server.rows[happened.place % server.rows.length] as Row;
		if (happened.kind === 'remove') {
			server.rows.splice(server.rows.indexOf(row), 1);
			expected.gone.push(row.id);
		} else if (happened.kind === 'change') {
			const name = `change ${++this.changes}`;
			server.change(row, { name }, at);
			expected.changed.push(name);
		} else if (row.status !== 'completed') {
			server.change(row, { status: 'completed' }, Date.parse(row.updated_at));
			expected.done.push(row.id);
		}
		await this.poll();
	}

	private async pollWith(answers: Row[]): Promise<void> {
		await this.poll();
		this.server.answers = answers;
		await this.watcher.poll().catch(() => {});
		this.server.answers = undefined;
		await this.poll();
	}
}

test('whatever happens, each event comes exactly once, in whichever order the list is', async () => {
	const seed = Number(process.env.SEED ?? 20_261_126);
	const histories = fc.record({
		order: fc.constantFrom(...orders),
		kind: fc.constantFrom(...kinds),
		steps: fc.array(step, { minLength: 3, maxLength: 12 }),
	});
	await fc.assert(
		fc.asyncProperty(histories, async ({ order, kind, steps }) => {
			now = start;
			const history = new History(order, kind);
			await history.poll();
			for (const happened of steps) await history.take(happened);
			now += hour;
			for (let polls = 0; polls < 3; polls++) await history.poll();
			history.check();
		}),
		{ seed, numRuns: 1_000 },
	);
}, 120_000);
