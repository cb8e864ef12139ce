import type { IDataObject } from 'n8n-workflow';
import { fileOf, runNode } from '../engine.mts';
import { locator } from '../support.mts';
import { expectClean, startTogether, textOf } from './cases.mts';
import { bytes, content, html, inTurn, json, refusal, startServer } from './faultyServer.mts';
import type { Reply } from './faultyServer.mts';

const file = 'a,b\n1,2\n';

interface Waiting {
	/** A sentence: the test's name */
	name: string;
	/** Replies to the reads of the export, in order; the last one repeats */
	reads: Reply[];
	operation?: 'create' | 'download';
	/** Reads of the export, and of its file */
	sent: [reads: number, files: number];
	/** The error's message and description; without it, the file comes out. */
	says?: RegExp;
	/** In seconds */
	timeout?: number;
}

function status(name: string, more: IDataObject = {}): Reply {
	const download_url = '/v1/exports/exp_1/file';
	const data = { id: 'exp_1', dashboard_id: 'dash_1', format: 'csv', status: name, download_url };
	return json(200, { data: { ...data, ...more } });
}

function repeatingTheKeyIn(field: string): Reply {
	return (response, socket) => {
		const text = `${response.req.headers.authorization}${'x'.repeat(1_000)}`;
		status('failed', { download_url: null, [field]: text })(response, socket);
	};
}

const headers = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

/** Compressed, and cut after two bytes. */
const compressedStart =
	'content-encoding: deflate\r\ntransfer-encoding: chunked\r\n\r\n2\r\n\x78\x01\r\n0\r\n\r\n';

const completed = status('completed');
const goesOn = /The export 'exp_1' was started: get its file later with the operation Download/;

const cases: Waiting[] = [
	...[
		['204', content(204, '')],
		['202 without a body', content(202, '')],
		["a proxy's page", html(200, '<h1>One moment</h1>')],
		['408', refusal(408, 'Too slow')],
		['425', refusal(425, 'Too early')],
		['520', refusal(520, 'Odd')],
		['529', refusal(529, 'Overloaded')],
		['404 at first', refusal(404, 'No such export')],
		['an answer that breaks off', bytes(`${headers}content-length: 99\r\n\r\n{"data"`, 'end')],
		['an answer that is compressed and cut short', bytes(headers + compressedStart, 'end')],
	].map(
		([what, reply]): Waiting => ({
			name: `Waiting goes on if a status read meets ${String(what)}`,
			reads: [reply as Reply, completed],
			sent: [2, 1],
		}),
	),
	{
		name: 'A completed export gets its link a moment later',
		reads: [status('completed', { download_url: null }), completed],
		sent: [2, 1],
	},
	{
		name: 'Download waits for the link, too',
		operation: 'download',
		reads: [status('completed', { download_url: null }), completed],
		sent: [2, 1],
	},
	...['create', 'download'].map(
		(operation): Waiting => ({
			name: `${operation}: states are known in any letter case`,
			operation: operation as Waiting['operation'],
			reads: [status('Processing'), status('COMPLETED', { format: 'CSV' })],
			sent: [2, 1],
		}),
	),
	...['The dashboard is empty', { message: 'The dashboard is empty' }].map(
		(error): Waiting => ({
			name: `Failed, in any letter case, because of ${JSON.stringify(error)}`,
			reads: [status('FAILED', { error })],
			sent: [1, 0],
			says: /^The export 'exp_1' failed: The dashboard is empty /,
		}),
	),
	...['cancelled', 'CANCELED', 'Aborted', 'terminated'].map(
		(word): Waiting => ({
			name: `A canceled export (${word}) ends the waiting`,
			reads: [status('queued'), status(word, { download_url: null })],
			sent: [2, 0],
			says: /^The export 'exp_1' was cancelled( \((CANCELED|Aborted|terminated)\))?: Vizdom gives no reason Export the dashboard again\.$/,
		}),
	),
	{
		name: 'Download says that an export was canceled, too',
		operation: 'download',
		reads: [status('cancelled', { download_url: null, error: 'By Ada' })],
		sent: [1, 0],
		says: /^The export 'exp_1' was cancelled: By Ada /,
	},
	{
		name: 'Waiting goes on in an unknown state',
		reads: [status('rendering', { download_url: null }), completed],
		sent: [2, 1],
	},
	{
		name: 'An export that stays in an unknown state is not said to continue',
		reads: [status('on_hold', { download_url: null })],
		timeout: 4,
		sent: [2, 0],
		says: /^The export 'exp_1' was not done within 4 seconds \('Timeout'\): it is "on_hold" Check its state in Vizdom\. Get the file later with the operation Download and the ID 'exp_1', or raise 'Timeout'\.$/,
	},
	{
		name: 'A state with the key in it is shown cut, without it',
		reads: [repeatingTheKeyIn('status')],
		timeout: 4,
		sent: [2, 0],
		says: /it is "Bearer \[API key\]x{10,300}…" Check/,
	},
	{
		name: 'A reason with the key in it is shown cut, without it',
		reads: [repeatingTheKeyIn('error')],
		sent: [1, 0],
		says: /^The export 'exp_1' failed: Bearer \[API key\]x{10,300}… Open the/,
	},
	{
		name: 'Failed without a reason',
		reads: [status('failed', { error: null })],
		sent: [1, 0],
		says: /^The export 'exp_1' failed: Vizdom gives no reason /,
	},
	{
		name: 'A server that asks for more time than is left gets no further request',
		reads: [refusal(429, 'Slow down', { 'retry-after': '120' })],
		timeout: 5,
		sent: [1, 0],
		says: /^The export 'exp_1' was not done within 5 seconds/,
	},
	{
		name: 'If the key is revoked meanwhile, the error names the export, which continues',
		reads: [status('queued'), refusal(401, 'Invalid key')],
		sent: [2, 0],
		says: new RegExp(`^Invalid key Check the API Key.* ${goesOn.source}`),
	},
	{
		name: 'Download ends at once if the first read gets only a page',
		operation: 'download',
		reads: [html(200, '<h1>Welcome</h1>')],
		sent: [1, 0],
		says: /^The server answered 200 OK, but not with Vizdom's JSON/,
	},
];

const results = startTogether(cases, async ({ reads, operation = 'create', timeout = 60 }) => {
	const next = inTurn(reads);
	const server = await startServer(({ method, path }) => {
		if (method === 'POST') return json(201, { data: { id: 'exp_1', status: 'queued' } });
		if (path.endsWith('/file')) return content(200, file, { 'content-type': 'text/csv' });
		return path.includes('/exports/') ? next() : json(200, { data: { name: 'Sales' } });
	});
	const parameters = { dashboardId: locator('dash_1'), exportId: locator('exp_1'), format: 'csv' };
	const outcome = await runNode({
		node: 'vizdomExport',
		parameters: { operation, ...parameters, options: { timeout } },
		credential: server.credential,
		onError: 'continueRegularOutput',
	}).finally(server.close);
	return { outcome, server };
});

test.each(cases)(
	'$name',
	async (waiting) => {
		const { outcome, server } = await results(waiting);
		const [item] = outcome.items;
		expect(outcome.items).toHaveLength(1);
		if (waiting.says) {
			expect(textOf(item?.json)).toMatch(waiting.says);
		} else {
			expect(item?.json.error).toBeUndefined();
			expect((await fileOf(item)).toString()).toBe(file);
		}
		const reads = server.requests.filter(({ path }) => path === '/v1/exports/exp_1');
		const files = server.requests.filter(({ path }) => path.endsWith('/file'));
		expect([reads.length, files.length]).toEqual(waiting.sent);
		const starts = server.requests.filter(({ method }) => method === 'POST');
		expect(starts).toHaveLength(waiting.operation === 'download' ? 0 : 1);
		expectClean(outcome, server);
	},
	60_000,
);
