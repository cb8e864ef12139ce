import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import axios, { type AxiosResponse } from 'axios';
import { locator } from '../engine/support.mts';
import type { N8n, Worker } from '../n8n/instance.mts';
import type { Sandbox } from '../sandbox/server.mts';
import { useCleanUp } from './support/cleanUp.mts';
import { fileOfLastExport, openN8nWithVizdom } from './support/n8n.mts';
import { startQueue } from './support/queue.mts';
import { Session } from './support/session.mts';
import { useSteps } from './support/steps.mts';
import { waitFor } from './support/wait.mts';
import { manualTrigger, node, vizdomNode, workflow } from './support/workflow.mts';

const executions = 20;
const itemsEach = 100;

const cleanUp = useCleanUp();
const step = useSteps('queue', () => ({ logFile: n8n?.logFile }));
let n8n: N8n;
let sandbox: Sandbox;
let session: Session;
let workers: Worker[];

/**
 * How soon n8n notices a lost worker, in milliseconds; the defaults are 30 and 60 seconds. A
 * running worker reports every ten.
 */
const noticing = { QUEUE_WORKER_STALLED_INTERVAL: '5000', QUEUE_WORKER_LOCK_DURATION: '25000' };

beforeAll(async () => {
	const queue = await startQueue(cleanUp);
	({ n8n, sandbox } = await openN8nWithVizdom(cleanUp, { ...queue, ...noticing }));
	const list = vizdomNode('List', 'vizdomDashboard', { operation: 'getAll', limit: itemsEach });
	const get = vizdomNode('Get', 'vizdomDashboard', {
		operation: 'get',
		dashboardId: locator('={{ $json.id }}'),
	});
	const hook = node('Hook', 'n8n-nodes-base.webhook', 2, {
		path: 'export',
		responseMode: 'responseNode',
	});
	const answer = node('Answer', 'n8n-nodes-base.respondToWebhook', 1.1, { respondWith: 'binary' });
	const exporting = vizdomNode('Export', 'vizdomExport', {
		dashboardId: locator('dash_abc123'),
		format: 'pdf',
	});
	await n8n.importWorkflows([
		workflow('many', [manualTrigger(), list, get], ['Start', 'List', 'Get']),
		workflow('slow', [manualTrigger(), exporting], ['Start', 'Export']),
		workflow(
			'export',
			[{ ...hook, webhookId: 'export' }, exporting, answer],
			['Hook', 'Export', 'Answer'],
		),
	]);
	await n8n.start();
	workers = [await n8n.startWorker('worker-1'), await n8n.startWorker('worker-2')];
	for (const worker of workers) cleanUp(async () => await worker.stop());
	session = await Session.signIn(n8n);
});

test('2,000 items, spread over two workers on one key: none fails, none is sent twice', async () => {
	await step('run the workflow 20 times at once', async () => {
		const runs = Array.from({ length: executions }, async () => await session.run('many'));
		const statuses = await Promise.all(runs);
		expect(statuses).toEqual(statuses.map(() => 'success'));
	});
	const gets = sandbox.requests.filter(({ path }) => path.startsWith('/v1/dashboards/'));
	const answered = gets.filter(({ status }) => status === 200);
	expect(answered).toHaveLength(executions * itemsEach);
	const shares = await Promise.all(workers.map(executionsOf));
	expect(shares.reduce((sum, share) => sum + share)).toBe(executions);
	expect(Math.min(...shares)).toBeGreaterThan(0);
});

test("an export's file arrives from the binary store of queue mode", async () => {
	await step('activate the workflow', async () => await session.publish('export'));
	const received = await step('call it', callUntilRegistered);
	expect(received.subarray(0, 5).toString()).toBe('%PDF-');
	expect(sha256(received)).toBe(sha256(await fileOfLastExport(sandbox)));
});

test('a worker killed during an export: no other worker starts it again', async () => {
	const before = starts();
	sandbox.settings.exportDurationMs = 60_000;
	const execution = await session.begin('slow');
	await step('start the export', async () => {
		await waitFor('the start', () => starts() === before + 1, 20);
	});
	await step('kill its worker', async () => {
		const logs = await Promise.all(workers.map(logOf));
		const busy = logs.findIndex((log) => log.includes(`started execution ${execution} `));
		await workers[busy]?.kill();
	});
	const ended = await step('wait until n8n notices', async () => await session.end(execution));
	expect(['crashed', 'error']).toContain(ended);
	await sleep(Number(noticing.QUEUE_WORKER_LOCK_DURATION));
	expect(starts()).toBe(before + 1);
});

function starts(): number {
	return sandbox.requests.filter(({ method }) => method === 'POST').length;
}

/** In queue mode, a workflow becomes active a moment after its activation. */
async function callUntilRegistered(): Promise<Buffer> {
	let answer: AxiosResponse<ArrayBuffer> | undefined;
	const call = async () => {
		const url = `${n8n.origin}/webhook/export`;
		const options = { responseType: 'arraybuffer', proxy: false, validateStatus: null } as const;
		answer = await axios.get<ArrayBuffer>(url, options);
		return answer.status !== 404;
	};
	await waitFor('the webhook', call, 20);
	expect(answer?.status).toBe(200);
	return Buffer.from(answer?.data ?? new ArrayBuffer());
}

async function logOf({ logFile }: Worker): Promise<string> {
	return await readFile(logFile, 'utf8');
}

async function executionsOf(worker: Worker): Promise<number> {
	const log = await logOf(worker);
	return log.match(/Worker started execution/g)?.length ?? 0;
}

function sha256(file: Buffer): string {
	return createHash('sha256').update(file).digest('hex');
}
