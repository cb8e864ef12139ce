import { ActiveTrigger } from './activeTrigger.mts';
import type { PollError } from './activeTrigger.mts';
import type { TriggerName } from './engine.mts';
import { json, startServer } from './faults/faultyServer.mts';
import { useSandbox } from './support.mts';

const setup = useSandbox();

/** Polled by n8n's durable scheduler, which saves a trigger's state only with an execution. */
async function activate(of: TriggerName, event: string, scheduledWithin = 36_000) {
	const settings = { of, parameters: { event }, scheduledWithin };
	return await ActiveTrigger.activate({ ...settings, credential: setup.credential() });
}

function ids(items: Array<{ json: object }>): unknown[] {
	return items.map(({ json: record }) => (record as { id?: unknown }).id);
}

test('each event comes once, also after quiet polls and a restart', async () => {
	const { store } = setup.sandbox;
	const trigger = await activate('Dashboard', 'created');
	for (let round = 0; round < 3; round++) {
		expect(await trigger.poll()).toEqual([]);
		const made = store.insertDashboard();
		expect(ids(await trigger.poll())).toEqual([made.id]);
		expect(await trigger.poll()).toEqual([]);
		const late = store.insertDashboard();
		expect(ids(await trigger.restart())).toEqual([late.id]);
	}
});

test("the activation's notes are remembered even if n8n does not save them", async () => {
	const { store } = setup.sandbox;
	const trigger = await ActiveTrigger.activate({
		of: 'Dashboard',
		parameters: { event: 'created' },
		credential: setup.credential(),
	});
	trigger.use({ scheduledWithin: 36_000 });
	trigger.forget();
	const made = store.insertDashboard();
	expect(ids(await trigger.poll())).toEqual([made.id]);
	expect(await trigger.poll()).toEqual([]);
});

test('a deletion comes, although the first poll without the record saves nothing', async () => {
	const { store } = setup.sandbox;
	const trigger = await activate('Dashboard', 'deleted');
	const gone = store.dashboards.all[7];
	store.dashboards.remove(String(gone?.id));
	expect(await trigger.poll()).toEqual([]);
	expect(await trigger.poll()).toEqual([{ json: gone }]);
	expect(await trigger.poll()).toEqual([]);
});

test('after a change of the Base URL, the trigger starts over once, not with each poll', async () => {
	const { store } = setup.sandbox;
	const trigger = await activate('Dashboard', 'created');
	const { baseUrl, ...key } = setup.credential();
	trigger.use({
		credential: { ...key, baseUrl: String(baseUrl).replace('127.0.0.1', 'localhost') },
	});
	expect(await trigger.poll()).toEqual([]);
	const made = store.insertDashboard();
	expect(ids(await trigger.poll())).toEqual([made.id]);
	expect(await trigger.poll()).toEqual([]);
});

test('filtered records are not requested again, and nothing else is lost', async () => {
	const { store } = setup.sandbox;
	const trigger = await ActiveTrigger.activate({
		of: 'User',
		parameters: { event: 'invited', filters: { role: 'admin' } },
		credential: setup.credential(),
		scheduledWithin: 36_000,
	});
	store.inviteUser('viewer@example.com', 'viewer');
	expect(await trigger.poll()).toEqual([]);
	const admin = store.inviteUser('admin@example.com', 'admin');
	expect(ids(await trigger.poll())).toEqual([admin.id]);
	expect(await trigger.poll()).toEqual([]);
});

test('a list too long for one poll continues in the next, and the error says so', async () => {
	const { sandbox } = setup;
	const trigger = await activate('Dashboard', 'created');
	sandbox.store.resize('dashboards', 6_000);
	const made = sandbox.store.insertDashboard();
	sandbox.settings.latencyMs = 100;
	trigger.use({ scheduledWithin: 400 });
	const failures: PollError[] = [];
	let items: unknown[] = [];
	while (items.length === 0 && failures.length < 10) {
		items = await trigger.poll().catch((error: PollError) => {
			failures.push(error);
			return [];
		});
	}
	expect(items).toHaveLength(5_721);
	expect(ids(items as Array<{ json: object }>)).toContain(made.id);
	const messages = failures.map(({ message }) => message);
	const howFar = /not be read within 0 seconds, only \d+ records of it/;
	expect(messages).toContainEqual(expect.stringMatching(howFar));
	expect(failures[0]?.description).toContain('the next poll continues from there');
	sandbox.settings.latencyMs = 0;
	expect(await trigger.poll()).toEqual([]);
});

test('the state is at most 200 KB, however many exports are in an unknown state', async () => {
	const records = Array.from({ length: 12_000 }, (_, index) => ({
		id: `exp_${'x'.repeat(50)}${index}`,
		status: 'unheard-of',
		created_at: new Date(Date.now() - index * 1_000).toISOString(),
	}));
	const server = await startServer(({ path }) => {
		const query = new URL(path, 'http://localhost').searchParams;
		const [offset, limit] = [Number(query.get('offset')), Number(query.get('limit'))];
		const data = records.slice(offset, offset + limit);
		return json(200, { data, meta: { total: records.length } });
	});
	const trigger = await ActiveTrigger.activate({
		of: 'Export',
		parameters: { event: 'completed' },
		credential: server.credential,
	});
	expect(trigger.kept.length).toBeLessThan(200_000);
	Object.assign(records[7_777] ?? {}, { status: 'completed' });
	expect(ids(await trigger.poll())).toEqual([records[7_777]?.id]);
	server.close();
});

test.each(['created', 'deleted'])(
	'events come (%s), although n8n has never saved anything',
	async (event) => {
		const { store } = setup.sandbox;
		const trigger = await activate('Dashboard', event);
		trigger.forget();
		expect(await trigger.poll()).toEqual([]);
		expect(await trigger.poll()).toEqual([]);
		const made = event === 'created' ? store.insertDashboard() : store.dashboards.all[7];
		if (event === 'deleted') store.dashboards.remove(String(made?.id));
		const items = [await trigger.poll(), await trigger.poll(), await trigger.poll()].flat();
		expect(ids(items)).toEqual([made?.id]);
	},
);

test('nothing is replayed if n8n has lost what it saved', async () => {
	const { store } = setup.sandbox;
	const trigger = await ActiveTrigger.activate({
		of: 'Dashboard',
		parameters: { event: 'created' },
		credential: setup.credential(),
	});
	trigger.use({ scheduledWithin: 36_000 });
	for (let round = 0; round < 2; round++) {
		const made = store.insertDashboard();
		expect(ids(await trigger.poll())).toEqual([made.id]);
	}
	trigger.forget();
	expect(await trigger.poll()).toEqual([]);
});
