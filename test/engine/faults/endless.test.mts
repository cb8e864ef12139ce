import type { IDataObject } from 'n8n-workflow';
import { runNode } from '../engine.mts';
import type { Outcome } from '../engine.mts';
import { locator } from '../support.mts';
import { endOf, expectClean, longestRun, startTogether, textOf } from './cases.mts';
import { bytes, content, html, inTurn, json, startServer } from './faultyServer.mts';
import type { FaultyServer, Reply } from './faultyServer.mts';

/**
 * Endless responses: either without the silence that a timeout would notice, or headers and then
 * nothing.
 */
interface Endless {
	/** A sentence: the test's name */
	name: string;
	node?: string;
	parameters: IDataObject;
	/** Replies to the reads of an export, its start, the reads of a dashboard and of the file */
	replies: { read?: Reply; start?: Reply; dashboard?: Reply; file?: Reply };
	/** The error's message and description; without it, the file comes out. */
	says?: RegExp;
}

const completed = {
	id: 'exp_1',
	dashboard_id: 'dash_1',
	format: 'csv',
	status: 'completed',
	download_url: '/v1/exports/exp_1/file',
};

const csv = { 'content-type': 'text/csv' };

/** One byte at a time. */
function dribbling(status = 200, headers = { 'content-type': 'application/json' }): Reply {
	return (response) => {
		response.writeHead(status, headers);
		const dribble = setInterval(() => response.write(' '), 100);
		response.on('close', () => clearInterval(dribble));
	};
}

function create(timeout: number): IDataObject {
	const dashboardId = locator('dash_1');
	return { operation: 'create', dashboardId, format: 'csv', options: { timeout } };
}

function download(options: IDataObject = { timeout: 2 }): IDataObject {
	return { operation: 'download', exportId: locator('exp_1'), options };
}

const short = { requestOptions: { timeout: 1_000 } };
const notDone = /^The export 'exp_1' was not done within 2 seconds \('Timeout'\)/;
const notDownloaded =
	/^The file of export 'exp_1' was not downloaded within [\d.]+ seconds \('Timeout'\)/;

const failsOnce = inTurn([dribbling(503), content(200, 'a,b\n', csv)]);

const cases: Endless[] = [
	{
		name: 'The start of an export ends with Timeout, and may have been made',
		parameters: create(2),
		replies: { start: dribbling(201) },
		says: /^The export was not started within 2 seconds \('Timeout'\) .*may have been started anyway/,
	},
	{
		name: 'The wait for an export ends with Timeout',
		parameters: create(2),
		replies: { read: dribbling() },
		says: notDone,
	},
	{
		name: 'The first read of an export ends with Timeout',
		parameters: download(),
		replies: { read: dribbling() },
		says: /^The export 'exp_1' could not be read within 2 seconds \('Timeout'\) .*raise 'Timeout'/,
	},
	{
		name: "The read of a dashboard's name ends with Timeout",
		parameters: download(),
		replies: { dashboard: dribbling() },
		says: notDownloaded,
	},
	{
		name: 'An endless file ends with Timeout',
		parameters: download(),
		replies: { file: dribbling(200, csv) },
		says: notDownloaded,
	},
	{
		name: 'A file that is never there ends with Timeout, even between two tries',
		parameters: download({ timeout: 0.3 }),
		replies: { file: content(202, '') },
		says: notDownloaded,
	},
	{
		name: 'The body of a refused file does not delay the error forever',
		parameters: { ...download({ timeout: 60 }), ...short },
		replies: { file: bytes('HTTP/1.1 400 No\r\ncontent-length: 9\r\n\r\nx', 'stall') },
		says: /^The server answered 400 /,
	},
	{
		name: 'The body of a refused file is awaited no longer than Timeout',
		parameters: download(),
		replies: { file: dribbling(400) },
		says: notDownloaded,
	},
	{
		name: 'The body of a temporary failure is not read',
		parameters: download({ timeout: 60 }),
		replies: { file: (...connection) => failsOnce()(...connection) },
	},
	{
		name: 'A file that stalls is given up',
		parameters: { ...download({ timeout: 60 }), ...short },
		replies: { file: bytes('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx', 'stall') },
		says: /it took too long .*Tried 4 times/,
	},
	...(['get', 'delete'] as const).map(
		(operation): Endless => ({
			name: `${operation} is given up after n8n's timeout`,
			node: 'vizdomDashboard',
			parameters: { operation, dashboardId: locator('dash_1'), ...short },
			replies: { dashboard: dribbling() },
			says: /^No answer from .*: it took too long .*Tried 4 times/,
		}),
	),
];

interface Result {
	outcome: Outcome;
	server: FaultyServer;
	/** Connections still open a moment after the end */
	open: number;
}

const results = startTogether(cases, async (one): Promise<Result> => {
	const { node = 'vizdomExport', parameters, replies } = one;
	let open = 0;
	const server = await startServer(({ method, path }) => (response, socket) => {
		open++;
		response.on('close', () => open--);
		replyTo(method, path)(response, socket);
	});
	function replyTo(method: string, path: string): Reply {
		const { start, dashboard, file, read } = replies;
		if (method === 'POST') {
			return start ?? json(201, { data: { ...completed, status: 'queued' } });
		}
		if (path.includes('/dashboards/')) return dashboard ?? json(200, { data: { id: 'dash_1' } });
		if (path.endsWith('/file')) return file ?? content(200, 'a,b\n', csv);
		return read ?? json(200, { data: completed });
	}
	const run = runNode({
		node,
		parameters,
		credential: server.credential,
		onError: 'continueRegularOutput',
	});
	const outcome = await endOf(run);
	await new Promise((resolve) => setTimeout(resolve, 500));
	const result = { outcome, server, open };
	server.close();
	return result;
});

test.each(cases)(
	'$name, and nothing stays open',
	async (one) => {
		const { outcome, server, open } = await results(one);
		const { items } = outcome;
		expect(items).toHaveLength(1);
		if (one.says) expect(textOf(items[0]?.json)).toMatch(one.says);
		else expect(items[0]?.json.error).toBeUndefined();
		expectClean(outcome, server);
		expect(open).toBe(0);
	},
	longestRun + 10_000,
);

describe('The file has the requested format, whatever the export says', () => {
	test.each([
		['a page', { format: undefined }, html(200, '<html>Sign in</html>'), /is not a PDF/],
		['another file', { format: 'csv' }, content(200, 'a,b\n', csv), /is not a PDF/],
		['it', { format: undefined, dashboard_id: undefined }, content(200, '%PDF-1.4'), undefined],
	])('%s', async (_, record, file, says) => {
		const server = await startServer(({ method, path }) => {
			if (path.endsWith('/file')) return file;
			if (path.includes('/dashboards/')) return json(200, { data: { name: 'Sales' } });
			return json(method === 'POST' ? 201 : 200, { data: { ...completed, ...record } });
		});
		const { items } = await runNode({
			node: 'vizdomExport',
			parameters: { ...create(20), format: 'pdf' },
			credential: server.credential,
			onError: 'continueRegularOutput',
		});
		server.close();
		if (says) expect(items[0]?.json.error).toMatch(says);
		else expect(items[0]?.binary?.data?.fileName).toBe('Sales.pdf');
		expect(server.requests.map(({ path }) => path).join(' ')).not.toContain('undefined');
	});
});
