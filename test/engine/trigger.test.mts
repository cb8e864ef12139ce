import { jest } from '@jest/globals';
import { ActiveTrigger, declared } from './activeTrigger.mts';
import type { PollError } from './activeTrigger.mts';
import { testTrigger } from './engine.mts';
import type { TriggerName } from './engine.mts';
import { json, startServer } from './faults/faultyServer.mts';
import { locator, requestLines, useSandbox } from './support.mts';

const setup = useSandbox();

const hour = 3_600_000;

function activate(of: TriggerName, event: string, filters = {}): Promise<ActiveTrigger> {
	return ActiveTrigger.activate({
		of,
		parameters: { event, filters },
		credential: setup.credential(),
	});
}

function timestamp(milliseconds: number): string {
	return new Date(milliseconds).toISOString().replace(/\.\d+/, '');
}

/** Requests to the sandbox itself, as a person using Vizdom makes them. */
async function send(method: string, path: string, body?: object, key = setup.sandbox.keys.admin) {
	const answer = await fetch(setup.sandbox.baseUrl + path, {
		method,
		headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
		...(body && { body: JSON.stringify(body) }),
	});
	const text = await answer.text();
	if (!answer.ok) throw new Error(text);
	return (text ? JSON.parse(text) : {}) as { data: { id: string } };
}

async function failureOf(polling: Promise<unknown>): Promise<PollError> {
	return await polling.then(
		() => {
			throw new Error('It did not fail');
		},
		(error: PollError) => error,
	);
}

function ids(items: Array<{ json: object }>): unknown[] {
	return items.map(({ json }) => (json as { id?: unknown }).id);
}

describe('each event', () => {
	test("Dashboard Created: one item per dashboard, in the API's form", async () => {
		const trigger = await activate('Dashboard', 'created');
		expect(await trigger.poll()).toEqual([]);
		const first = await send('POST', '/dashboards', { name: 'One' });
		const second = await send('POST', '/dashboards', { name: 'Two' });
		expect(await trigger.poll()).toEqual([{ json: first.data }, { json: second.data }]);
		expect(await trigger.poll()).toEqual([]);
	});

	test('Dashboard Updated: twice in one second, too, but not for a new dashboard', async () => {
		const trigger = await activate('Dashboard', 'updated');
		const [old] = setup.sandbox.store.dashboards.all;
		const { data: made } = await send('POST', '/dashboards', { name: 'One' });
		expect(await trigger.poll()).toEqual([]);
		for (const name of ['Two', 'Three']) {
			await send('PATCH', `/dashboards/${made.id}`, { name });
			await send('PATCH', `/dashboards/${old?.id}`, { name });
			const items = await trigger.poll();
			expect(ids(items).sort()).toEqual([made.id, old?.id].sort());
			expect(items.map(({ json }) => json.name)).toEqual([name, name]);
			expect(await trigger.poll()).toEqual([]);
		}
	});

	test('Data Source Created', async () => {
		const trigger = await activate('DataSource', 'created');
		const body = { name: 'Sales', type: 'postgresql', config: { host: 'db' } };
		const { data } = await send('POST', '/data-sources', body);
		expect(await trigger.poll()).toEqual([{ json: data }]);
		expect(await trigger.poll()).toEqual([]);
	});

	test.each([
		['completed', 'failed', null],
		['failed', 'completed', 'The dashboard is empty'],
	])(
		'Export %s: if the export ended that way, and not otherwise',
		async (status, other, reason) => {
			const trigger = await activate('Export', status);
			const otherTrigger = await activate('Export', other);
			const [dashboard] = setup.sandbox.store.dashboards.all;
			Object.assign(setup.sandbox.settings, { exportDurationMs: hour, exportFailure: reason });
			const body = { dashboard_id: dashboard?.id, format: 'pdf' };
			const { data } = await send('POST', '/exports', body);
			expect([await trigger.poll(), await otherTrigger.poll()]).toEqual([[], []]);
			Object.assign(setup.sandbox.store.exports.find(data.id) ?? {}, { durationMs: 1 });
			expect((await trigger.poll()).map(({ json }) => json)).toMatchObject([
				{ id: data.id, status, ...(reason && { error: reason }) },
			]);
			expect([await trigger.poll(), await otherTrigger.poll()]).toEqual([[], []]);
		},
	);

	test('an export that was running at the activation, and long after it', async () => {
		const [dashboard] = setup.sandbox.store.dashboards.all;
		const createdAt = Date.now() - 2 * hour;
		const slow = setup.sandbox.store.exports.insert({
			id: 'exp_slow',
			dashboard: dashboard as never,
			format: 'pdf',
			createdAt,
			durationMs: 10 * hour,
			failure: null,
			linkLifetimeMs: hour,
		});
		const trigger = await activate('Export', 'completed');
		expect(await trigger.poll()).toEqual([]);
		slow.durationMs = hour;
		expect(ids(await trigger.poll())).toEqual(['exp_slow']);
		expect(await trigger.poll()).toEqual([]);
	});

	test('User Joined: when the invitation is accepted, not when the role changes', async () => {
		const { data: early } = await send('POST', '/users/invite', {
			email: 'early@example.com',
			role: 'viewer',
		});
		const trigger = await activate('User', 'joined');
		const { data: late } = await send('POST', '/users/invite', {
			email: 'late@example.com',
			role: 'viewer',
		});
		expect(await trigger.poll()).toEqual([]);
		setup.sandbox.store.acceptInvitation(early.id, 'Early');
		expect(ids(await trigger.poll())).toEqual([early.id]);
		setup.sandbox.store.acceptInvitation(late.id, 'Late');
		expect(ids(await trigger.poll())).toEqual([late.id]);
		await send('PATCH', `/users/${early.id}`, { role: 'editor' });
		expect(await trigger.poll()).toEqual([]);
	});
});

describe('events of changes and deletions', () => {
	test('Data Source Updated', async () => {
		const trigger = await activate('DataSource', 'updated');
		const [old] = setup.sandbox.store.dataSources.all;
		const { data } = await send('PATCH', `/data-sources/${old?.id}`, { name: 'Renamed' });
		expect(await trigger.poll()).toEqual([{ json: data }]);
		expect(await trigger.poll()).toEqual([]);
	});

	test('User Invited: not when the invitation is accepted, nor for another role', async () => {
		const trigger = await activate('User', 'invited');
		const body = { email: 'ada@example.com', role: 'viewer' };
		const { data } = await send('POST', '/users/invite', body);
		expect(await trigger.poll()).toEqual([{ json: data }]);
		setup.sandbox.store.acceptInvitation(data.id, 'Ada');
		await send('PATCH', `/users/${data.id}`, { role: 'editor' });
		expect(await trigger.poll()).toEqual([]);
	});

	test('User Role Changed: also back; not for another name or a new user', async () => {
		const { data } = await send('POST', '/users/invite', {
			email: 'ada@example.com',
			role: 'viewer',
		});
		const trigger = await activate('User', 'roleChanged');
		setup.sandbox.store.acceptInvitation(data.id, 'Ada');
		setup.sandbox.store.inviteUser('new@example.com', 'admin');
		expect(await trigger.poll()).toEqual([]);
		for (const role of ['editor', 'viewer', 'editor']) {
			await send('PATCH', `/users/${data.id}`, { role });
			expect((await trigger.poll()).map(({ json }) => [json.id, json.role])).toEqual([
				[data.id, role],
			]);
			expect(await trigger.poll()).toEqual([]);
		}
	});

	test.each([
		['Dashboard', 'deleted', 'dashboards', '/dashboards'],
		['DataSource', 'deleted', 'dataSources', '/data-sources'],
		['User', 'removed', 'users', '/users'],
	] as const)('%s %s: the record as last seen', async (of, event, kind, path) => {
		const trigger = await activate(of, event);
		const gone = setup.sandbox.store[kind].all[5];
		await send('DELETE', `${path}/${gone?.id}`);
		expect(await trigger.poll()).toEqual([]);
		expect(await trigger.poll()).toEqual([{ json: gone }]);
		expect(await trigger.poll()).toEqual([]);
	});

	test.each([0, 20])('a list with %i records in a single poll is no deletion', async (count) => {
		const { faults, store } = setup.sandbox;
		const trigger = await activate('User', 'removed');
		const data = store.users.all.slice(0, count);
		faults.push({ path: '/v1/users$', status: 200, body: { data, meta: { total: count } } });
		expect(await trigger.poll()).toEqual([]);
		faults.length = 0;
		expect(await trigger.poll()).toEqual([]);
		expect(await trigger.poll()).toEqual([]);
	});

	test('a stale response repeats nothing: completed, processing, completed', async () => {
		const { faults, store } = setup.sandbox;
		const trigger = await activate('Export', 'completed');
		const [dashboard] = store.dashboards.all;
		Object.assign(setup.sandbox.settings, { exportDurationMs: hour });
		const { data } = await send('POST', '/exports', { dashboard_id: dashboard?.id, format: 'pdf' });
		expect(await trigger.poll()).toEqual([]);
		Object.assign(store.exports.find(data.id) ?? {}, { durationMs: 1 });
		expect(ids(await trigger.poll())).toEqual([data.id]);
		faults.push({ path: '/v1/exports$', status: 200, body: { data: [data], meta: { total: 1 } } });
		expect(await trigger.poll()).toEqual([]);
		faults.length = 0;
		expect(await trigger.poll()).toEqual([]);
	});
});

describe('filters', () => {
	test('Dashboard Updated of one dashboard, by its web address', async () => {
		const [one, other] = setup.sandbox.store.dashboards.all;
		const address = `https://app.vizdom.ai/acme/dashboards/${one?.id}`;
		const trigger = await activate('Dashboard', 'updated', {
			dashboardId: locator(address, 'url'),
		});
		for (const dashboard of [one, other]) {
			await send('PATCH', `/dashboards/${dashboard?.id}`, { name: 'Changed' });
		}
		expect(ids(await trigger.poll())).toEqual([one?.id]);
	});

	test('Export Completed of a dashboard, in a format', async () => {
		const [one, other] = setup.sandbox.store.dashboards.all;
		const filters = { dashboardId: locator(one?.id), format: 'csv' };
		const trigger = await activate('Export', 'completed', filters);
		setup.sandbox.settings.exportDurationMs = 0;
		for (const dashboard_id of [one?.id, other?.id]) {
			for (const format of ['pdf', 'csv']) await send('POST', '/exports', { dashboard_id, format });
		}
		const items = await trigger.poll();
		expect(items.map(({ json }) => [json.dashboard_id, json.format])).toEqual([[one?.id, 'csv']]);
	});

	test('User Joined with a role', async () => {
		const trigger = await activate('User', 'joined', { role: 'admin' });
		for (const role of ['viewer', 'admin']) {
			const { data } = await send('POST', '/users/invite', { email: `${role}@example.com`, role });
			setup.sandbox.store.acceptInvitation(data.id, role);
		}
		expect((await trigger.poll()).map(({ json }) => json.email)).toEqual(['admin@example.com']);
	});

	test('User Removed with a role, with more users than can be kept whole', async () => {
		setup.sandbox.store.resize('users', 2_000);
		const { users } = setup.sandbox.store;
		const trigger = await activate('User', 'removed', { role: 'viewer' });
		const gone = users.all.filter(({ role }) => role === 'viewer').at(-1);
		users.remove(String(gone?.id));
		expect(await trigger.poll()).toEqual([]);
		expect(ids(await trigger.poll())).toEqual([gone?.id]);
	});

	test.each([
		[{ dashboardId: locator('') }, 'Export', 'failed', "'Dashboard' is empty"],
		[
			{ format: 'docx' },
			'Export',
			'failed',
			"'Format' must be one of csv, pdf, png, xlsx, but is 'docx'",
		],
		[
			{ role: 'king' },
			'User',
			'joined',
			"'Role' must be one of admin, editor, viewer, but is 'king'",
		],
		[{ role: '={{ undefined }}' }, 'User', 'joined', "'Role' is empty"],
	] as const)('%j is unusable: the activation says so', async (filters, of, event, message) => {
		const error = await failureOf(activate(of, event, filters));
		expect(error.message).toContain(message);
		expect(error.failure).toEqual(declared({ cause: 'configuration-invalid' }));
		expect(requestLines(setup.sandbox)).toEqual([]);
	});

	test('an event that does not exist', async () => {
		const error = await failureOf(activate('Dashboard', 'toString'));
		expect(error.message).toBe(
			"The parameter 'Trigger On' must be one of created, updated, deleted, but is 'toString'",
		);
	});
});

describe('nothing is lost, nothing comes twice', () => {
	test('the activation replays nothing, also of an empty list', async () => {
		setup.sandbox.store.resize('dashboards', 0);
		const trigger = await activate('Dashboard', 'created');
		const made = setup.sandbox.store.insertDashboard(0, { created_at: '2001-01-01T00:00:00Z' });
		expect(ids(await trigger.poll())).toEqual([made.id]);
		expect(await trigger.poll()).toEqual([]);
	});

	test('the activation does not mistake an empty response for an empty list', async () => {
		const { sandbox } = setup;
		sandbox.faults.push({ status: 200, body: { data: [], meta: { total: 0 } }, times: 1 });
		const trigger = await activate('Dashboard', 'created');
		expect(await trigger.poll()).toEqual([]);
		sandbox.faults.push({ status: 200, body: { data: [], meta: { total: 250 } } });
		const error = await failureOf(activate('Dashboard', 'created'));
		expect(error.message).toContain('the list has 250 records, but returns none');
	});

	test('records with equal times, and out of order', async () => {
		const trigger = await activate('Dashboard', 'created');
		const now = Date.now();
		const insert = (seconds: number, position = 0) =>
			setup.sandbox.store.insertDashboard(position, {
				created_at: timestamp(now + seconds * 1_000),
			}).id;
		const first = [insert(10), insert(10)];
		expect(ids(await trigger.poll()).sort()).toEqual(first.sort());
		const late = [insert(10, 100), insert(-200, 7)];
		expect(ids(await trigger.poll())).toEqual(late.reverse());
		expect(await trigger.poll()).toEqual([]);
	});

	test('a burst of 12,000 in one second, the rest of it in the next poll', async () => {
		setup.sandbox.settings.rateLimit = 100_000;
		const trigger = await activate('Dashboard', 'created');
		const created_at = timestamp(Date.now());
		for (let made = 0; made < 12_000; made++) {
			setup.sandbox.store.insertDashboard(undefined, { created_at });
		}
		const items = await trigger.poll();
		expect(new Set(ids(items)).size).toBe(12_000);
		expect(items).toHaveLength(12_000);
		const last = setup.sandbox.store.insertDashboard(3_000, { created_at });
		expect(ids(await trigger.poll())).toEqual([last.id]);
		expect(await trigger.restart()).toEqual([]);
	}, 60_000);

	test('a poll that fails halfway', async () => {
		const trigger = await activate('Dashboard', 'created');
		const made = setup.sandbox.store.insertDashboard();
		const before = trigger.kept;
		setup.sandbox.faults.push({ path: '/v1/dashboards', skip: 1, times: 1, status: 400 });
		const error = await failureOf(trigger.poll());
		expect(error.failure).toEqual(declared({ cause: 'configuration-invalid' }));
		expect(trigger.kept).toBe(before);
		expect(ids(await trigger.poll())).toEqual([made.id]);
		expect(await trigger.poll()).toEqual([]);
	});

	test('polls that overlap', async () => {
		const trigger = await activate('Dashboard', 'created');
		setup.sandbox.settings.latencyMs = 50;
		const made = setup.sandbox.store.insertDashboard();
		expect(ids(await trigger.poll(5))).toEqual([made.id]);
		expect(await trigger.poll()).toEqual([]);
	});

	test('a restart, with what n8n has saved', async () => {
		const trigger = await activate('User', 'joined');
		const { data } = await send('POST', '/users/invite', {
			email: 'a@example.com',
			role: 'viewer',
		});
		// It starts no execution, so n8n saves nothing.
		expect(await trigger.poll()).toEqual([]);
		setup.sandbox.store.acceptInvitation(data.id, 'A');
		expect(ids(await trigger.restart())).toEqual([data.id]);
		expect(await trigger.restart()).toEqual([]);
	});

	test("a clock that is wrong: this machine's, and Vizdom's", async () => {
		const trigger = await activate('Dashboard', 'created');
		const at = (milliseconds: number) =>
			setup.sandbox.store.insertDashboard(undefined, { created_at: timestamp(milliseconds) }).id;
		const clock = jest.spyOn(Date, 'now');
		for (const year of [2099, 2031, 2026, 2020]) {
			clock.mockReturnValue(Date.UTC(2060 - year / 2));
			const made = at(Date.UTC(year));
			expect(ids(await trigger.poll())).toEqual([made]);
			expect(await trigger.poll()).toEqual([]);
		}
		clock.mockRestore();
	});

	test('another event or credential starts over; a new key does not', async () => {
		const trigger = await activate('Dashboard', 'created');
		setup.sandbox.store.insertDashboard();
		const other = { of: 'DataSource', parameters: { event: 'created' } } as const;
		expect(await trigger.restart(other)).toEqual([]);
		const { data } = await send('POST', '/data-sources', { name: 'A', type: 'mysql', config: {} });
		expect(await trigger.restart({ credentialId: '2' })).toEqual([]);
		expect(await trigger.poll()).toEqual([]);
		const late = await send('POST', '/data-sources', { name: 'B', type: 'mysql', config: {} });
		expect(ids(await trigger.restart({ credential: setup.credential('viewer') }))).toEqual([
			late.data.id,
		]);
		expect(data.id).not.toBe(late.data.id);
	});
});

describe('in the editor', () => {
	test('a test shows the latest, and leaves the state unchanged', async () => {
		const made = setup.sandbox.store.insertDashboard(5, { created_at: timestamp(Date.now()) });
		const { items, error, staticData } = await testTrigger(
			'Dashboard',
			{ event: 'created' },
			setup.credential(),
		);
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json)).toEqual([made]);
		expect(JSON.stringify(staticData)).toBe('{}');
	});

	test('a test shows what matches the filters', async () => {
		const parameters = { event: 'joined', filters: { role: 'editor' } };
		const { items } = await testTrigger('User', parameters, setup.credential());
		expect(items).toHaveLength(1);
		expect(items[0]?.json).toMatchObject({ role: 'editor', status: 'active' });
	});

	test.each([
		['Dashboard', 'created'],
		['Dashboard', 'updated'],
		['DataSource', 'updated'],
		['Export', 'completed'],
		['User', 'invited'],
		['User', 'joined'],
		['User', 'roleChanged'],
	] as const)('%s %s has one to show', async (of, event) => {
		const { items } = await testTrigger(of, { event }, setup.credential());
		expect(items).toHaveLength(1);
	});

	test('a test says why a deletion cannot be shown', async () => {
		const { error } = await testTrigger('User', { event: 'removed' }, setup.credential());
		expect(error?.message).toBe("There is no test event for 'User Removed'");
		expect(error?.description).toContain('Vizdom no longer has such records');
	});

	test('a test with nothing to show says so', async () => {
		setup.sandbox.store.exports.truncate(0);
		const { error } = await testTrigger('Export', { event: 'failed' }, setup.credential());
		expect(error?.message).toBe("Nothing in Vizdom matches 'Export Failed' yet");
		expect(error?.description).toContain('published');
	});

	test('a test whose filters match nothing names them', async () => {
		const filters = { format: 'pdf', dashboardId: locator('dash_gone') };
		const parameters = { event: 'completed', filters };
		const { error } = await testTrigger('Export', parameters, setup.credential());
		expect(error?.message).toBe(
			"Nothing in Vizdom matches 'Export Completed' yet (filters: Dashboard, Format)",
		);
	});
});

describe('the state', () => {
	test.each(['garbage', '{}', 'null', '{"cursor":1,"seen":[7]}'])(
		'that cannot be read (%s) is replaced: nothing old comes',
		async (progress) => {
			const trigger = await activate('Dashboard', 'created');
			const kept = Object.entries(JSON.parse(trigger.kept) as Record<string, object>);
			const spoiled = kept.map(([node, data]) => [node, { ...data, progress }]);
			const items = await trigger.restart({}, JSON.stringify(Object.fromEntries(spoiled)));
			expect(items).toEqual([]);
			expect(await trigger.poll()).toEqual([]);
			const { data } = await send('POST', '/dashboards', { name: 'New' });
			expect(ids(await trigger.poll())).toEqual([data.id]);
		},
	);
});

test('a filter on a dashboard whose ID is a number', async () => {
	const records: object[] = [];
	const server = await startServer(() =>
		json(200, { data: records, meta: { total: records.length } }),
	);
	const trigger = await ActiveTrigger.activate({
		of: 'Export',
		parameters: { event: 'completed', filters: { dashboardId: locator('5') } },
		credential: server.credential,
	});
	const created_at = new Date().toISOString();
	records.push({ id: 1, dashboard_id: 5, format: 'csv', status: 'completed', created_at });
	records.push({ id: 2, dashboard_id: 6, format: 'csv', status: 'completed', created_at });
	const items = await trigger.poll();
	server.close();
	expect(ids(items)).toEqual([1]);
});

describe('a failed poll declares its cause', () => {
	const retryLater = { 'retry-after': '120' };

	test.each([
		[{ status: 401 }, { cause: 'credential-invalid' }],
		[{ status: 403 }, { cause: 'credential-invalid' }],
		[{ status: 404 }, { cause: 'configuration-invalid' }],
		[{ status: 529 }, { cause: 'temporarily-unavailable' }],
		[
			{ status: 429, headers: retryLater },
			{ cause: 'rate-limited', retryAfterMs: 120_000 },
		],
	])('%j', async (fault, failure) => await expectFailure(fault, failure));

	test.each([408, 425, 503, 524, 530])('%i passes', async (status) => {
		const failure = { cause: 'temporarily-unavailable', retryAfterMs: 120_000 };
		await expectFailure({ status, headers: retryLater }, failure);
	});

	async function expectFailure(
		fault: { status: number; headers?: Record<string, string> },
		failure: { cause: string; retryAfterMs?: number },
	) {
		const trigger = await activate('Dashboard', 'created');
		setup.sandbox.faults.push({ path: '/v1/dashboards', times: 9, ...fault });
		const error = await failureOf(trigger.poll());
		expect(error.httpCode).toBe(String(fault.status));
		expect(error.failure).toEqual(declared(failure));
	}

	test("a response that is not Vizdom's or an error, and an unusable Base URL", async () => {
		const trigger = await activate('Dashboard', 'created');
		setup.sandbox.faults.push({ times: 1, status: 200, body: '<html>Maintenance</html>' });
		const first = await failureOf(trigger.poll());
		expect(first.failure).toEqual(declared({ cause: 'temporarily-unavailable' }));
		const body = { data: [], error: { message: 'Maintenance' } };
		setup.sandbox.faults.push({ times: 1, status: 200, body });
		const second = await failureOf(trigger.poll());
		expect(second.message).toBe('Maintenance');
		expect(second.failure).toEqual(declared({ cause: 'temporarily-unavailable' }));
		const credential = { ...setup.credential(), baseUrl: 'http://vizdom.example/v1' };
		const error = await failureOf(trigger.restart({ credential }));
		expect(error.failure).toEqual(declared({ cause: 'configuration-invalid' }));
		expect(error.message).toContain('unencrypted');
	});
});
