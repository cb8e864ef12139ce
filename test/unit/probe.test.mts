import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { execa } from 'execa';
import getPort from 'get-port';
import { Problem } from '../n8n/problem.mts';
import type { Finding } from '../probe/check.mts';
import { startDeviating, type Body, type Deviations } from '../probe/deviatingServer.mts';
import { askForKey } from '../probe/key.mts';
import { probe, type Probe } from '../probe/probe.mts';
import { report } from '../probe/report.mts';
import { startSandbox, type Sandbox } from '../sandbox/server.mts';

const checkout = path.resolve(import.meta.dirname, '../..');

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ settings: { exportDurationMs: 0 } });
});
beforeEach(() => sandbox.reset());
afterAll(async () => await sandbox.close());

async function probed(options: Partial<Probe> = {}): Promise<Finding[]> {
	const { baseUrl, keys } = sandbox;
	const silent = { progress: () => {}, left: () => {} };
	return await probe({ baseUrl, key: keys.admin, write: false, ...silent, ...options });
}

async function probedBehind(deviations: Deviations): Promise<Finding[]> {
	const server = await startDeviating(sandbox, deviations);
	return await probed({ baseUrl: server.baseUrl }).finally(server.close);
}

function named(findings: Finding[], verdict: Finding['verdict'] = 'differs'): string[] {
	return findings.filter((finding) => finding.verdict === verdict).map(({ what }) => what);
}

/** Whether each place is a line that has the name. */
function pointsAtItsName({ where }: Finding): boolean {
	return where.split('; ').every((place) => {
		const [, file = '', line, name = ''] = /^(\S+):(\d+), ([\w.]+)/.exec(place) ?? [];
		const lines = readFileSync(path.join(checkout, file), 'utf8').split('\n');
		const text = lines[Number(line) - 1] ?? '';
		return new RegExp(`\\b${name.split('.').at(-1)}\\b`).test(text);
	});
}

const requestMethods = () => new Set(sandbox.requests.map(({ method }) => method));

test('finds nothing else than assumed in the honest sandbox', async () => {
	const findings = await probed({ write: true });
	expect(findings.filter(({ verdict }) => verdict !== 'as assumed')).toEqual([]);
	expect(findings).toHaveLength(32);
	expect(findings.filter((finding) => !pointsAtItsName(finding))).toEqual([]);
	expect(report(findings)).toMatch(/0 differs, 0 not to be seen, 32 as assumed/);
});

function otherError(body: Body, status: number): unknown {
	return body.error ? { title: 'Refused', status, detail: body.error.message } : body;
}

const five: Array<
	[what: string, seen: string, name: string, deviations: Deviations, maxPageSize?: number]
> = [
	[
		'Paging parameters',
		'per_page, page, which counts pages from 1',
		'limitParameter and offsetParameter; nodes/shared/vizdom/list.ts',
		{ paging: { size: 'per_page', place: 'page', from: 1 } },
	],
	['Largest page', '25 of 280 came where 100 were asked for', 'largestPage', {}, 25],
	[
		'Path of the data sources',
		'GET /datasources: 200, 12 of 12 records',
		'dataSources and dataSource',
		{ dataSources: '/datasources' },
	],
	[
		'Error bodies',
		'{"title": string, "status": number, "detail": string}',
		'saidBy',
		{ body: otherError },
	],
	[
		'Rate-limit headers',
		'x-ratelimit-limit: 600, x-ratelimit-remaining: 599',
		'learn',
		{ headers: { 'X-RateLimit-Limit': '600', 'X-RateLimit-Remaining': '599' } },
	],
];

test.each(five)(
	'names one deviation: %s',
	async (what, seen, name, deviations, maxPageSize = 100) => {
		sandbox.settings.maxPageSize = maxPageSize;
		const findings = await probedBehind(deviations);
		const found = findings.find((finding) => finding.what === what);
		expect(named(findings)).toEqual([what]);
		expect(found?.seen).toBe(seen);
		expect(found?.where).toContain(name);
		expect(found && pointsAtItsName(found)).toBe(true);
		expect(named(findings, 'not to be seen')).toEqual([]);
	},
);

test('names five deviations of one server, and none else, with the place to change', async () => {
	sandbox.settings.maxPageSize = 25;
	const all = Object.assign({}, ...five.map(([, , , deviations]) => deviations)) as Deviations;
	const findings = await probedBehind(all);
	expect(named(findings).sort()).toEqual(five.map(([what]) => what).sort());
	const text = report(findings);
	expect(text).toMatch(/5 differs, 0 not to be seen, 21 as assumed/);
	expect(text.match(/change \S+:\d+, .*/g)).toHaveLength(5);
});

test.each<[seen: string, paging: Deviations['paging']]>([
	['take, skip', { size: 'take', place: 'skip' }],
	['limit, page, which counts pages from 1', { size: 'limit', place: 'page', from: 1 }],
	['size, page, which counts pages from 0', { size: 'size', place: 'page', from: 0 }],
	['limit, offset, which counts pages from 1', { size: 'limit', place: 'offset', from: 1 }],
])('recognises paging by %s', async (seen, paging) => {
	const findings = await probedBehind({ paging });
	expect(findings.find(({ verdict }) => verdict === 'differs')).toMatchObject({ seen });
	expect(named(findings)).toEqual(['Paging parameters']);
});

test('says nothing about paging where the order of a list changes', async () => {
	let reads = 0;
	const body = ({ data, ...rest }: Body) => {
		const isReversed = Array.isArray(data) && ++reads > 4; // after the first of each
		return { data: isReversed ? data.reverse() : data, ...rest };
	};
	const findings = await probedBehind({ body });
	expect(named(findings)).toEqual(['Order of a list']);
	expect(named(findings, 'not to be seen')).toEqual(['Paging parameters', 'Largest page']);
});

test('names another envelope once', async () => {
	const body = ({ data, meta, ...rest }: Body) => {
		if (Array.isArray(data)) return { items: data, total: meta?.total };
		return data ?? rest;
	};
	const findings = await probedBehind({ body });
	expect(named(findings)).toEqual(['Envelope']);
	expect(findings.find(({ verdict }) => verdict === 'differs')?.seen).toBe(
		'{"items": [{…}, …], "total": number}',
	);
});

test('names fields, values and times that are others', async () => {
	const { status, ...user } = sandbox.store.users.all[0] ?? { status: '' };
	const record = { ...user, role: 'Admin', state: status, created_at: 1768467600 };
	const body = { data: [record], meta: { total: 1 } };
	sandbox.faults.push({ path: '^/v1/users$', body });
	const findings = await probed();
	const seen = findings.filter(({ verdict }) => verdict === 'differs').map((one) => one.seen);
	expect(named(findings)).toEqual(['Fields of a user', 'Role of a user', 'Times']);
	expect(seen).toEqual(['no status', 'Admin', 'such as created_at: 1768467600']);
});

test('says what an empty workspace does not show', async () => {
	const { store } = sandbox;
	store.resize('dashboards', 0);
	store.resize('dataSources', 0);
	store.resize('users', 1);
	store.exports.truncate(0);
	const findings = await probed();
	expect(named(findings)).toEqual([]);
	expect(named(findings, 'not to be seen')).toEqual(
		expect.arrayContaining(['Paging parameters', 'Largest page', 'One export', 'Download link']),
	);
});

test('takes a server error for no deviation', async () => {
	sandbox.faults.push({ path: '^/v1/users', status: 503 });
	const findings = await probed();
	expect(named(findings)).toEqual([]);
	expect(named(findings, 'not to be seen')).toContain('Path of the users');
});

test('only reads, a few dozen times', async () => {
	await probed();
	expect(requestMethods()).toEqual(new Set(['GET']));
	expect(sandbox.requests.length).toBeLessThan(50);
});

test('sends the key to the host of the API only', async () => {
	const other = await startSandbox();
	other.store.exports.truncate(0);
	sandbox.settings.downloadOrigin = other.origin;
	const findings = await probed().finally(async () => await other.close());
	expect(findings.find(({ what }) => what === 'Download link')?.seen).toMatch(/^absolute, on 127/);
	expect(other.requests).toHaveLength(1);
	expect(other.requests[0]?.headers).not.toHaveProperty('authorization');
});

describe('the key', () => {
	it('is not shown where the server repeats it', async () => {
		const key = sandbox.keys.admin;
		const headers = { 'X-RateLimit-Key': key };
		sandbox.faults.push(
			{ path: '^/v1/dashboards/', status: 404, headers, body: { [key]: key } },
			{ path: '^/v1/users', status: 302, headers: { Location: `/sign-in?key=${key}` }, body: '' },
		);
		const text = report(await probed());
		expect(text).toContain('"***": string');
		expect(text).toContain('x-ratelimit-key: ***');
		expect(text).toContain('key=***');
		expect(text).not.toContain(key);
	});

	it('is not shown in the refusal of it', async () => {
		const key = 'a-key-of-nobody';
		sandbox.faults.push({ status: 401, body: { error: { code: 'x', message: `Bad key ${key}` } } });
		await expect(probed({ key })).rejects.toThrow(
			new Problem('The server refuses the key (401): Bad key ***'),
		);
	});

	it('is not shown while it is typed', async () => {
		const input = new PassThrough();
		const output = new PassThrough();
		const asked = askForKey(input, output);
		input.write('typed-in-secret\n');
		expect(await asked).toBe('typed-in-secret');
		expect(String(output.read())).toBe('Vizdom API key (it is not shown): \n');
	});

	it.each(['\u0003', '\u0004'])('may be left out (%j)', async (press) => {
		const input = new PassThrough();
		const asked = askForKey(input, new PassThrough());
		input.write(press);
		await expect(asked).rejects.toThrow('No API key was entered.');
	});
});

describe('writing', () => {
	it('leaves no dashboard behind', async () => {
		const { dashboards, exports } = sandbox.store;
		const before = [dashboards.size, exports.size];
		expect(named(await probed({ write: true }))).toEqual([]);
		expect(requestMethods()).toEqual(new Set(['GET', 'POST', 'PATCH', 'DELETE']));
		expect([dashboards.size, exports.size - 1]).toEqual(before);
		expect(sandbox.requests.some((request) => /invite/.test(request.path))).toBe(false);
	});

	it('deletes the dashboard also where the probe cannot go on', async () => {
		const { size } = sandbox.store.dashboards;
		sandbox.faults.push({ method: 'POST', path: '^/v1/exports$', status: 429 });
		await expect(probed({ write: true })).rejects.toThrow(/429/);
		expect(sandbox.store.dashboards.size).toBe(size);
	});

	it('deletes the dashboard also where the user stops the probe', async () => {
		const { size } = sandbox.store.dashboards;
		const stop = new AbortController();
		const progress = (what: string) => {
			if (what === 'Start an export') stop.abort(new Problem('Stopped.'));
		};
		await expect(probed({ write: true, signal: stop.signal, progress })).rejects.toThrow(
			'Stopped.',
		);
		expect(sandbox.requests.some((request) => request.method === 'POST')).toBe(true);
		expect(sandbox.store.dashboards.size).toBe(size);
	});

	it.each([
		['cannot be deleted', { method: 'DELETE', status: 503 }],
		['may have been created', { method: 'POST', path: '/dashboards$', drop: 'after' as const }],
	])('names a dashboard that %s', async (_, fault) => {
		sandbox.faults.push(fault);
		const left: string[] = [];
		await probed({ write: true, left: (what) => left.push(what) });
		const name = sandbox.store.dashboards.all.at(-1)?.name;
		expect(name).toMatch(/^n8n probe /);
		expect(left).toEqual([expect.stringContaining(`"${name}"`)]);
	});

	it('has no say where the key may only read', async () => {
		const findings = await probed({ write: true, key: sandbox.keys.viewer });
		expect(named(findings)).toEqual([]);
		expect(named(findings, 'not to be seen')).toContain('Create a dashboard');
	});
});

describe('npm run probe', () => {
	const main = path.join(checkout, 'test/probe/main.mts');

	async function run(env: Record<string, string>, ...given: string[]) {
		const options = { env, all: true, reject: false, stdin: 'ignore', cwd: checkout } as const;
		return await execa('node', ['--import', 'tsx', main, ...given], options);
	}
	const key = () => ({ VIZDOM_API_KEY: sandbox.keys.admin });

	it('exits with 0 where nothing differs, with 1 where something does', async () => {
		const env = { ...key(), VIZDOM_BASE_URL: sandbox.baseUrl };
		const { all, exitCode } = await run(env);
		sandbox.settings.maxPageSize = 25;
		const deviating = await run(env);
		expect([exitCode, deviating.exitCode]).toEqual([0, 1]);
		expect(deviating.all).toMatch(/differs +Largest page/);
		expect(all + deviating.all).not.toContain(sandbox.keys.admin);
	}, 30_000);

	it.each<[what: string, env: () => Promise<object>, given: string[], says: RegExp]>([
		['a key as an argument', async () => ({}), ['secret-argument'], /given as an argument is not/],
		['no key', async () => ({ VIZDOM_API_KEY: '' }), [], /set VIZDOM_API_KEY/],
		[
			'an address that would show the key',
			async () => ({ VIZDOM_BASE_URL: 'http://vizdom.example/v1' }),
			[],
			/unencrypted\nCorrect it in VIZDOM_BASE_URL/,
		],
		[
			'a server that does not answer',
			async () => ({ VIZDOM_BASE_URL: `http://127.0.0.1:${await getPort()}/v1` }),
			[],
			/No answer from 127\.0\.0\.1:\d+: the connection was refused/,
		],
		[
			'another API',
			async () => ({ VIZDOM_BASE_URL: `${sandbox.baseUrl}/other` }),
			[],
			/No list answers .*\n +GET \/dashboards: 404/,
		],
	])(
		'exits with 2 for %s',
		async (_, env, given, says) => {
			const { all, exitCode } = await run({ ...key(), ...(await env()) }, ...given);
			expect(all).toMatch(says);
			expect(all).not.toMatch(/secret-argument|vizdom-sandbox|\n +at /);
			expect(exitCode).toBe(2);
		},
		30_000,
	);
});
