import { locator } from '../../engine/support.mts';
import type { N8n } from '../../n8n/instance.mts';
import type { Environment } from '../../n8n/processes.mts';
import { seedUser } from '../../sandbox/seed.mts';
import type { Sandbox } from '../../sandbox/server.mts';
import { useCleanUp } from './cleanUp.mts';
import { openN8nWithVizdom } from './n8n.mts';
import { Session } from './session.mts';
import { useSteps } from './steps.mts';
import { waitFor } from './wait.mts';
import { link, node, vizdomNode, workflow } from './workflow.mts';

let n8n: N8n;
let sandbox: Sandbox;
let session: Session;

/** n8n polls at most once a minute. */
const secondsToNextPoll = 75;

const plain: Environment = {};

/** n8n's durable scheduler, which builds a new workflow for each poll (n8n 2.40.7). */
export const durableScheduler = {
	N8N_SCHEDULER_ENABLED: 'true',
	N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true',
	N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'true',
};

/** The cases of a file, with n8n in this environment. */
export function testTrigger(file: string, env: Environment = plain): void {
	const cleanUp = useCleanUp();
	const step = useSteps(file, () => ({ logFile: n8n?.logFile }));

	beforeAll(async () => {
		({ n8n, sandbox } = await openN8nWithVizdom(cleanUp, env));
		const trigger = vizdomNode('New dashboard', 'vizdomDashboardTrigger', {
			event: 'created',
			pollTimes: { item: [{ mode: 'everyMinute' }] },
		});
		// The sandbox shows what the trigger emitted: each dashboard gets a new name.
		const rename = vizdomNode('Rename', 'vizdomDashboard', {
			operation: 'update',
			dashboardId: locator('={{ $json.id }}'),
			updateFields: { name: '={{ $json.name }}, seen' },
		});
		const nothing = node('Done', 'n8n-nodes-base.noOp', 1, {});
		// In n8n 2.40.7, all polls of a workflow share one isolate for expressions, which n8n releases
		// when the first poll ends.
		const pollTimes = { item: [{ mode: 'custom', cronExpression: '30 * * * * *' }] };
		const triggers = [
			vizdomNode('Dashboards', 'vizdomDashboardTrigger', { event: 'created', pollTimes }),
			vizdomNode('Users', 'vizdomUserTrigger', { event: 'joined', pollTimes }),
		];
		await n8n.importWorkflows([
			workflow('watch', [trigger, rename, nothing], ['New dashboard', 'Rename', 'Done']),
			workflow('both', [...triggers, nothing], ['Dashboards', 'Done'], {
				Users: link('Done', 'main'),
			}),
		]);
		await n8n.start();
		session = await Session.signIn(n8n);
	});

	test('a dashboard starts an active workflow once, even across a restart of n8n', async () => {
		await step('activate the workflow', activate);
		make('First');
		sandbox.store.acceptInvitation(seedUser(35).id, 'New Member');
		await step('wait for the poll', async () => await untilPassedOn('First'));
		make('Just before the restart');
		await step('stop n8n', async () => await n8n.stop());
		make('While n8n was stopped');
		await step('start n8n again', async () => {
			await n8n.start();
			session = await Session.signIn(n8n);
		});
		await step('wait for what happened meanwhile', async () => {
			await untilPassedOn('While n8n was stopped');
		});
		make('Last');
		await step('wait for the next poll', async () => await untilPassedOn('Last'));

		const made = ['First', 'Just before the restart', 'While n8n was stopped', 'Last'];
		expect(names().slice(-4)).toEqual(made.map((name) => `${name}, seen`));
		expect(changes()).toBe(4);
		expect(await session.ends('watch')).toEqual(['success', 'success', 'success']);
	});

	// The durable scheduler builds a new workflow for each poll: nothing is shared.
	if (env === plain) {
		test('two triggers of a workflow can poll at the same moment', async () => {
			await step('wait for both', async () => {
				const started = async () => (await session.executions('both')).length >= 2;
				await waitFor('an execution by each trigger', started, secondsToNextPoll);
			});
			expect(await session.ends('both')).not.toContain('error');
		});
	}

	test('n8n killed: emitted events do not come again', async () => {
		await step('kill n8n', async () => await n8n.kill());
		make('While n8n was dead');
		await step('start n8n again', async () => {
			await n8n.start();
			session = await Session.signIn(n8n);
		});
		await step('wait for the poll', async () => await untilPassedOn('While n8n was dead'));
		expect(changes()).toBe(5);
	});
}

/** n8n polls a moment after the activation. */
async function activate(): Promise<void> {
	await session.publish('both');
	await session.publish('watch');
	const polled = () => sandbox.requests.filter(({ path }) => path === '/v1/dashboards').length > 5;
	await waitFor('the first poll', polled, 20);
	expect(await session.executions('watch')).toEqual([]);
}

function make(name: string): void {
	sandbox.store.insertDashboard(undefined, { name });
}

function names(): string[] {
	return sandbox.store.dashboards.all.map(({ name }) => name);
}

function changes(): number {
	return sandbox.requests.filter(({ method }) => method === 'PATCH').length;
}

async function untilPassedOn(name: string): Promise<void> {
	const seen = () => names().includes(`${name}, seen`);
	await waitFor(`the workflow with "${name}"`, seen, secondsToNextPoll);
}
