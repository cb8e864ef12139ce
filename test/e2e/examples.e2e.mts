import axios from 'axios';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Dashboard, User } from '../../nodes/shared/vizdom/vizdom-api.d.ts';
import {
	example,
	exampleNames,
	exampleText,
	provision,
	sandboxCredential,
	viewerCredential,
} from '../n8n/examples.mts';
import type { N8n, Workflow } from '../n8n/instance.mts';
import { pack } from '../n8n/package-under-test.mts';
import { startStandIns, type StandIns } from '../n8n/standIns/standIns.mts';
import type { Sandbox } from '../sandbox/server.mts';
import { openBrowser, signIn } from './support/browser.mts';
import { temporaryFolder, useCleanUp } from './support/cleanUp.mts';
import { Editor } from './support/editor.mts';
import { fileOfLastExport, openN8n, openSandbox } from './support/n8n.mts';
import { Session } from './support/session.mts';
import { useSteps } from './support/steps.mts';
import { waitFor } from './support/wait.mts';

const cleanUp = useCleanUp();

/** From the first request of a poll to its workflow's message. */
const PASSED_ON_WITHIN_MS = 2_000;

const NOTE = 'n8n-nodes-base.stickyNote';

let standIns: StandIns;
let sandbox: Sandbox;
let n8n: N8n;
let session: Session;
let page: Page | undefined;
const step = useSteps('examples', () => ({ page, logFile: n8n?.logFile }));

beforeAll(async () => {
	standIns = await startStandIns(await temporaryFolder(cleanUp));
	cleanUp(async () => await standIns.close());
	sandbox = await openSandbox(cleanUp);
	n8n = await openN8n(cleanUp, standIns.env);
	await n8n.installPackage(await pack(n8n.folder));
	await provision(n8n, [
		sandboxCredential(sandbox),
		viewerCredential(sandbox),
		...standIns.credentials,
	]);
	await n8n.start();
	session = await Session.signIn(n8n);
});

beforeEach(() => {
	sandbox.reset();
	standIns.messages.length = 0;
	standIns.mails.length = 0;
});

async function run(name: string): Promise<string> {
	return await step(`run ${name}`, async () => await session.run(example(name).id));
}

/** The API of the sandbox, without n8n. */
function api() {
	const headers = { Authorization: `Bearer ${sandbox.keys.admin}` };
	return axios.create({ baseURL: sandbox.baseUrl, headers, proxy: false });
}

function dashboard(): Dashboard {
	const found = sandbox.store.dashboards.find('dash_abc123');
	if (!found) throw new Error('The dashboard of the examples is gone.');
	return found;
}

function emails(): string[] {
	return sandbox.store.users.all.map(({ email }: User) => email);
}

function changes(): string[] {
	const changing = sandbox.requests.filter(({ method }) => method !== 'GET');
	return changing.map(({ method, status }) => `${method} ${status}`).sort();
}

it('all examples are in n8n, once', async () => {
	const names = exampleNames().map((name) => example(name).name);
	expect((await session.workflowNames()).sort()).toEqual(names.sort());
});

describe('pasted onto an empty canvas', () => {
	let canvas: Page;
	beforeAll(async () => {
		const context = await signIn(await openBrowser(cleanUp), n8n);
		await context.grantPermissions(['clipboard-read', 'clipboard-write']);
		page = canvas = await context.newPage();
	});
	afterAll(async () => {
		page = undefined;
		await canvas.context().close();
	});

	test.each(exampleNames())('%s is complete', async (name) => {
		const nodes = example(name).nodes.filter(({ type }) => type !== NOTE);
		const onCanvas = canvas.getByTestId('canvas-node');
		await step('copy and paste it', async () => {
			await canvas.goto('/workflow/new');
			await canvas.getByTestId('canvas-add-button').waitFor();
			await canvas.evaluate(`navigator.clipboard.writeText(${JSON.stringify(exampleText(name))})`);
			await canvas.keyboard.press('ControlOrMeta+V');
		});
		await step('see its nodes', async () => await onCanvas.nth(nodes.length - 1).waitFor());
		await step('close what n8n says about its credentials', async () => {
			await canvas.getByRole('alert').locator('.el-notification__closeBtn').click();
			await canvas.getByRole('alert').waitFor({ state: 'hidden' });
		});
		await step('see it whole', async () => await new Editor(canvas).fitIn(), name);
		const placed = (await onCanvas.all()).map(
			async (one) => await one.getAttribute('data-node-name'),
		);
		expect((await Promise.all(placed)).sort()).toEqual(nodes.map((node) => node.name).sort());
	});
});

it('export-a-dashboard exports the first dashboard', async () => {
	expect(await run('export-a-dashboard')).toBe('success');
	const first = sandbox.store.dashboards.all[0];
	expect(sandbox.store.exports.all.at(-1)).toMatchObject({ dashboard: first, format: 'pdf' });
	const downloads = sandbox.requests.filter(({ path }) => path.endsWith('/file'));
	expect(downloads.map(({ status }) => status)).toEqual([200]);
});

it('invite-people invites each person once', async () => {
	const before = emails();
	expect(await run('invite-people')).toBe('success');
	const invited = ['ada@example.com', 'grace@example.com', 'linus@example.com'];
	expect(emails().slice(before.length).sort()).toEqual(invited);
	expect(await run('invite-people')).toBe('success');
	expect(changes()).toEqual(['POST 201', 'POST 201', 'POST 201']);
});

describe('weekly-report', () => {
	it('sends the same PDF to Slack and by e-mail', async () => {
		expect(await run('weekly-report')).toBe('success');
		await expectReport();
	});

	it('does so on its schedule, here every five seconds', async () => {
		const often = { rule: { interval: [{ field: 'seconds', secondsInterval: 5 }] } };
		const weekly = example('weekly-report');
		const nodes = weekly.nodes.map((node) =>
			node.type === 'n8n-nodes-base.scheduleTrigger' ? { ...node, parameters: often } : node,
		);
		await n8n.importWorkflows([{ ...weekly, id: 'weeklyReportOften', nodes }]);
		await session.publish('weeklyReportOften');
		await step('wait for its schedule', async () => {
			await waitFor('The report', () => standIns.mails.length > 0, 20);
		});
		await session.unpublish('weeklyReportOften');
		await expectReport();
	});

	it('sends a link by e-mail if the file is too big', async () => {
		sandbox.settings.exportFileBytes = 19_000_000;
		expect(await run('weekly-report')).toBe('success');
		expect(standIns.messages[0]?.files).toHaveLength(1);
		expect(standIns.mails).toMatchObject([
			{ text: expect.stringMatching(/19 MB.*\/dashboards\/dash_abc123/), attachments: [] },
		]);
	});

	async function expectReport(): Promise<void> {
		const content = await fileOfLastExport(sandbox);
		const name = 'Q4 Revenue Overview.pdf';
		expect(content.subarray(0, 5).toString()).toBe('%PDF-');
		expect(standIns.messages).toEqual([
			{ channel: 'reports', text: expect.stringContaining('report'), files: [expect.anything()] },
		]);
		expect(standIns.messages[0]?.files[0]).toMatchObject({ name });
		expect(standIns.messages[0]?.files[0]?.content.equals(content)).toBe(true);
		expect(standIns.mails).toMatchObject([
			{ to: ['team@example.com'], subject: `Weekly report: ${name}`, attachments: [{ name }] },
		]);
		expect(standIns.mails[0]?.attachments[0]?.content.equals(content)).toBe(true);
	}
});

test('weekly-figures sends a CSV that has rows, and says if there are none', async () => {
	expect(await run('weekly-figures')).toBe('success');
	const content = await fileOfLastExport(sandbox);
	const name = 'Q4 Revenue Overview.csv';
	expect(standIns.mails).toMatchObject([{ attachments: [{ name }] }]);
	expect(standIns.mails[0]?.attachments[0]?.content.equals(content)).toBe(true);

	sandbox.settings.exportFileBytes = content.indexOf('\n') + 1;
	expect(await run('weekly-figures')).toBe('success');
	expect(standIns.mails[1]).toMatchObject({
		subject: `Weekly figures: none in ${name}`,
		attachments: [],
	});
});

describe('export-when-changed', () => {
	const sent = () => standIns.messages.map(({ files }) => files[0]?.name);
	/** The same workflow, table included, with a channel that Slack does not know. */
	const refused: Workflow = { ...example('export-when-changed'), id: 'refusedBySlack' };
	refused.nodes = refused.nodes.map((node) => {
		if (node.type !== 'n8n-nodes-base.slack') return node;
		return { ...node, parameters: { ...node.parameters, options: { channelId: 'C0NOBODY' } } };
	});

	it('sends nothing until the dashboard has changed', async () => {
		const name = 'Q4 Revenue Overview.csv';
		expect(await run('export-when-changed')).toBe('success');
		expect(sent()).toEqual([name]);
		expect(standIns.messages[0]?.files[0]?.content.equals(await fileOfLastExport(sandbox))).toBe(
			true,
		);
		expect(await run('export-when-changed')).toBe('success');
		expect(sent()).toEqual([name]);

		const original = { ...dashboard() };
		await api().patch(`/dashboards/${original.id}`, { name: 'Q4 Revenue, final' });
		expect(await run('export-when-changed')).toBe('success');
		expect(await run('export-when-changed')).toBe('success');
		expect(sent()).toEqual([name, 'Q4 Revenue, final.csv']);

		Object.assign(dashboard(), original);
		expect(await run('export-when-changed')).toBe('success');
		expect(sent()).toEqual([name, 'Q4 Revenue, final.csv', name]);
	});

	it('sends with the next run what Slack refused', async () => {
		await n8n.importWorkflows([refused]);
		dashboard().name = 'Refused';
		expect(await session.run(refused.id)).toBe('error');
		expect(sent()).toEqual([]);
		expect(await run('export-when-changed')).toBe('success');
		expect(sent()).toEqual(['Refused.csv']);
	});
});

describe('onboard-and-offboard', () => {
	const joined = { 'nova.lind@example.com': 'editor', 'Sam.Okoye@example.com': 'viewer' };
	const left = ['henrik.dahl@example.com', 'lucas.moreau@example.com'];

	it('invites new people, removes those who leave, and changes nothing the second time', async () => {
		const before = emails();
		expect(before).toEqual(expect.arrayContaining([...left, 'priya.sharma@example.com']));
		expect(await run('onboard-and-offboard')).toBe('success');
		const stayed = before.filter((one) => !left.includes(one));
		expect(emails().slice(0, -2)).toEqual(stayed);
		const invited = sandbox.store.users.all.slice(-2).map(({ email, role }) => [email, role]);
		expect(Object.fromEntries(invited)).toEqual(joined);
		expect(changes()).toEqual(['DELETE 204', 'DELETE 204', 'POST 201', 'POST 201']);

		sandbox.requests.length = 0;
		expect(await run('onboard-and-offboard')).toBe('success');
		expect(changes()).toEqual([]);
	});

	it('continues if one is refused, and tries again with the next run', async () => {
		sandbox.faults.push(
			{ method: 'POST', path: '/users/invite', status: 422, times: 1 },
			{ method: 'DELETE', path: '/users/', status: 403, times: 1 },
		);
		expect(await run('onboard-and-offboard')).toBe('success');
		expect(changes()).toEqual(['DELETE 204', 'DELETE 403', 'POST 201', 'POST 422']);
		sandbox.requests.length = 0;
		expect(await run('onboard-and-offboard')).toBe('success');
		expect(changes()).toEqual(['DELETE 204', 'POST 201']);
		expect(emails()).toEqual(expect.arrayContaining(Object.keys(joined)));
		expect(emails().filter((one) => left.includes(one))).toEqual([]);
	});
});

describe('the examples that wait for Vizdom', () => {
	/** How often each of the two lists was read. */
	const reads = () =>
		['/v1/dashboards', '/v1/exports'].map(
			(list) =>
				sandbox.requests.filter(({ method, path }) => method === 'GET' && path === list).length,
		);

	it('report each new dashboard and each failed export once', async () => {
		await session.publish(example('new-dashboard-to-slack').id);
		await session.publish(example('export-failed-to-email').id);
		await step('wait for the first poll', async () => {
			await waitFor('The first poll', () => reads().every((count) => count > 0), 30);
		});
		await sleep(PASSED_ON_WITHIN_MS);

		const reason = 'The warehouse did not answer in time.';
		await api().post('/dashboards', { name: 'P&L "2027"', description: '' });
		sandbox.settings.exportFailure = reason;
		sandbox.settings.exportDurationMs = 0;
		await api().post('/exports', { dashboard_id: dashboard().id, format: 'xlsx' });
		sandbox.settings.exportFailure = null;
		await api().post('/exports', { dashboard_id: dashboard().id, format: 'pdf' });

		const arrived = () => standIns.messages.length > 0 && standIns.mails.length > 0;
		await step('wait for the message and the e-mail', async () => {
			await waitFor('Message and e-mail', arrived, 75);
		});
		const before = reads();
		const again = () => reads().every((count, index) => count > (before[index] ?? 0));
		await step('wait for another poll', async () => await waitFor('Another poll', again, 75));
		await sleep(PASSED_ON_WITHIN_MS);

		const text = 'New dashboard in Vizdom: P&L "2027"';
		expect(standIns.messages).toEqual([{ channel: 'reports', text, files: [] }]);
		expect(standIns.mails).toMatchObject([
			{
				to: ['team@example.com'],
				subject: 'Vizdom: the XLSX export of Q4 Revenue Overview failed',
				text: expect.stringContaining(reason),
				attachments: [],
			},
		]);
	});
});
