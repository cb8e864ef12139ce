import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { fileOf, runNode } from '../engine.mts';
import { locator } from '../support.mts';
import { endOf, expectClean, longestRun, startTogether, textOf } from './cases.mts';
import { bytes, content, html, json, refusal, startServer } from './faultyServer.mts';
import type { FaultyServer, Reply } from './faultyServer.mts';

const file = 'a,b\n1,2\n';
const csv = content(200, file, { 'content-type': 'text/csv' });
const fileHeaders = 'HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\ncontent-length: 8\r\n\r\n';

interface Download {
	/** A sentence: the test's name */
	name: string;
	/** Replies to the requests for the file, in order; the last one repeats */
	replies: (elsewhere: FaultyServer) => Reply[];
	/** The export's link to its file, with `ELSEWHERE` for another host */
	link?: string;
	/** Replies to the requests to another host */
	elsewhere?: Reply;
	/** Requests for the file at the API's host and at the other one; `waits` for several */
	sent: [here: number | 'waits', elsewhere: number | 'waits'];
	/** The error's message and description; without it, the file comes out. */
	says?: RegExp;
	timeout?: number;
	/** The dashboard, which gives a file without a name its name */
	dashboard?: unknown;
	/** How long reading the dashboard takes, in milliseconds */
	dashboardTakes?: number;
}

const ok = () => [csv];

function redirect(status: number, location: string): Reply {
	return content(status, '', { location });
}

/** An error with an ü split over two chunks. */
const inTwoParts: Reply = (response) => {
	const body = Buffer.from('{"error":{"code":"no","message":"Nicht für Sie"}}');
	const middle = body.indexOf(0xc3) + 1;
	response.writeHead(403, { 'content-type': 'application/json' });
	response.write(body.subarray(0, middle));
	setTimeout(() => response.end(body.subarray(middle)), 100);
};

function compressed(encoding: string, body: Buffer, length = body.length): Reply {
	const headers = { 'content-encoding': encoding, 'content-length': String(length) };
	return (response, socket) => {
		response.writeHead(200, { 'content-type': 'text/csv', ...headers }).write(body);
		if (length > body.length) setTimeout(() => socket.end(), 50);
		else response.end();
	};
}

const compressions = Object.entries({
	gzip: gzipSync(file),
	deflate: deflateSync(file),
	br: brotliCompressSync(file),
});

/** A compressed file that ends early on an intact connection. */
function half(
	encoding: string,
	whole: Buffer,
	framing: 'with its length' | 'in chunks' | 'until the connection closes',
	length = whole.length >> 1,
): Reply {
	const part = whole.subarray(0, length);
	return (response, socket) => {
		response.setHeader('content-type', 'text/csv').setHeader('content-encoding', encoding);
		if (framing === 'with its length') response.setHeader('content-length', part.length);
		if (framing === 'in chunks') return response.write(part, () => response.end());
		if (framing === 'with its length') return response.end(part);
		const head = `HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\ncontent-encoding: ${encoding}\r\nconnection: close\r\n\r\n`;
		return socket.end(Buffer.concat([Buffer.from(head), part]));
	};
}

function after(milliseconds: number, reply: Reply): Reply {
	return (response, socket) => setTimeout(() => reply(response, socket), milliseconds);
}

const cases: Download[] = [
	...[{ id: 'dash_1' }, { name: null }, { name: 7 }, null, []].map(
		(dashboard): Download => ({
			name: `A file is kept if neither it nor its dashboard (${JSON.stringify(dashboard)}) has a name`,
			dashboard,
			replies: ok,
			sent: [1, 0],
		}),
	),
	{
		name: 'A file is read at the second try after one 503',
		replies: () => [refusal(503, 'Down'), csv],
		sent: [2, 0],
	},
	{
		name: 'A file is read at the second try after one 429',
		replies: () => [refusal(429, 'Slow down', { 'retry-after': '1' }), csv],
		sent: [2, 0],
	},
	{
		name: 'A file that always answers 503 is given up after four tries',
		replies: () => [refusal(503, 'Down')],
		sent: [4, 0],
		says: /^Vizdom failed with status \d+ [A-Z][\w ]+: Down Tried 4 times within \d+ seconds?\. Try again later\.$/,
	},
	{
		name: 'A file is read at the second try after a connection reset before the response',
		replies: () => [bytes('', 'reset'), csv],
		sent: [2, 0],
	},
	{
		name: 'A file is read again, complete, after its connection is reset midway',
		replies: () => [bytes(`${fileHeaders}a,b`, 'reset'), csv],
		sent: [2, 0],
	},
	{
		name: 'A file is read again, complete, after its connection is closed midway',
		replies: () => [bytes(`${fileHeaders}a,b`, 'end'), csv],
		sent: [2, 0],
	},
	...(['reset', 'end'] as const).map(
		(then): Download => ({
			name: `A file is read again, complete, after its connection breaks off (${then}) while its name is read`,
			replies: () => [bytes(`${fileHeaders}a,b`, then), csv],
			dashboardTakes: 500,
			sent: [2, 0],
		}),
	),
	{
		name: 'A file is read again, complete, if its last chunk is missing',
		replies: () => [
			bytes(
				'HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\ntransfer-encoding: chunked\r\n\r\n4\r\na,b\n\r\n',
				'end',
			),
			csv,
		],
		sent: [2, 0],
	},
	{
		name: 'A file in an unknown encoding is reported as such',
		replies: () => [compressed('gzip, br', brotliCompressSync(gzipSync(file)))],
		sent: [1, 0],
		says: /^The file has the encoding 'gzip, br', which n8n cannot read /,
	},
	{
		name: 'An empty encoding does no harm',
		replies: () => [compressed('aws-chunked', Buffer.from(file))],
		sent: [1, 0],
	},
	{
		name: 'A file that always breaks off is given up, and none of it comes out',
		replies: () => [bytes(`${fileHeaders}a,b`, 'end')],
		sent: [4, 0],
		says: /broke off.*Tried 4 times/,
	},
	{
		name: 'A file that never arrives is given up after the timeout',
		replies: () => [bytes('', 'stall'), csv],
		timeout: 1_000,
		sent: [2, 0],
	},
	{
		name: 'A file that stalls midway is given up',
		replies: () => [bytes(`${fileHeaders}a,b`, 'stall'), csv],
		timeout: 1_000,
		sent: [2, 0],
	},
	...compressions.flatMap(([encoding, whole]): Download[] => [
		{
			name: `A file that compression (${encoding}) made larger is kept`,
			replies: () => [compressed(encoding, whole)],
			sent: [1, 0],
		},
		...(['with its length', 'in chunks', 'until the connection closes'] as const).map(
			(framing): Download => ({
				name: `Half a compressed file (${encoding}), sent ${framing}, is read again`,
				replies: () => [half(encoding, whole, framing), csv],
				sent: [2, 0],
			}),
		),
		{
			name: `A compressed file (${encoding}) that always ends halfway is given up`,
			replies: () => [half(encoding, whole, 'until the connection closes')],
			sent: [4, 0],
			says: /the answer broke off.*Tried 4 times/,
		},
		{
			name: `A compressed file (${encoding}) without its last byte is read again`,
			replies: () => [half(encoding, whole, 'until the connection closes', whole.length - 1), csv],
			sent: [2, 0],
		},
	]),
	{
		name: 'A compressed file that breaks off is read again, complete',
		replies: () => [compressed('gzip', gzipSync(file).subarray(0, 20), 28), csv],
		sent: [2, 0],
	},
	...[202, 204, 403, 404, 409, 423, 425].map(
		(status): Download => ({
			name: `The node waits for a file that is not there yet (${status})`,
			replies: () => [...Array<Reply>(4).fill(content(status, '')), csv],
			sent: [5, 0],
		}),
	),
	{
		name: "The node waits for a file that is not there yet (202), with its export's address",
		replies: () => [content(202, '', { location: '/v1/exports/exp_1' }), csv],
		sent: [2, 0],
	},
	...[400, 401, 405, 410].map(
		(status): Download => ({
			name: `The node does not wait for a file that is refused for good (${status})`,
			replies: () => [refusal(status, 'No'), csv],
			sent: [1, 0],
			says: status === 401 ? /^No Check the API Key/ : /^No /,
		}),
	),
	{
		name: 'A host that wants a key is reported as such, and does not get it',
		link: 'ELSEWHERE/file',
		replies: ok,
		elsewhere: refusal(401, 'Authentication required'),
		sent: [0, 1],
		says: /^127\.0\.0\.1:\d+ requires credentials for the file \(401\) The API key is sent only to 127\.0\.0\.1:\d+\. .*export the dashboard again\.$/,
	},
	{
		name: 'A file host that cannot be reached is not mistaken for the Base URL',
		link: 'http://127.0.0.1:1/file',
		replies: ok,
		sent: [0, 0],
		says: /^No answer from 127\.0\.0\.1:1: the connection was refused .* The file is on that host: check that n8n can reach it\./,
	},
	{
		name: 'A damaged file is read again',
		replies: () => [
			compressed('gzip', Buffer.concat([gzipSync(file).subarray(0, 10), Buffer.alloc(30, 0xff)])),
			csv,
		],
		sent: [2, 0],
	},
	{
		name: 'A file that is never there is given up',
		replies: () => [content(202, '')],
		sent: ['waits', 0],
		says: /^The file is not ready yet Download it later with the operation Download\.$/,
	},
	{
		name: 'A permanent refusal is decoded',
		replies: () => [refusal(403, 'The link has expired')],
		sent: ['waits', 0],
		says: /^The link has expired The download link may have expired: export the dashboard again\.$/,
	},
	{
		name: 'A refusal is decoded even if a letter is split over two chunks',
		replies: () => [inTwoParts],
		sent: ['waits', 0],
		says: /^Nicht für Sie /,
	},
	{
		name: 'A refusal that breaks off is reported by its status',
		replies: () => [
			bytes('HTTP/1.1 403 Forbidden\r\ncontent-length: 99\r\n\r\n{"error":{"mess', 'end'),
		],
		sent: ['waits', 0],
		says: /403|broke off/,
	},
	{
		name: 'A page instead of the file is reported as such, without tags',
		replies: () => [html(404, '<html><title>Not here</title><h1>404</h1></html>')],
		sent: ['waits', 0],
		says: /^The server answered 404 Not Found, .*\(text\/html\): "Not here 404"/,
	},
	{
		name: "The XML of an object store is shown, and the key's owner is not sent to look for a role",
		link: 'ELSEWHERE/file',
		replies: ok,
		elsewhere: content(
			403,
			'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>',
			{ 'content-type': 'application/xml' },
		),
		sent: [0, 'waits'],
		says: /^The server answered 403 Forbidden, .*"AccessDenied Request has expired".*export the dashboard again\.$/,
	},
	{
		name: 'A redirect within the API is followed with the key',
		replies: () => [redirect(302, '/v1/exports/exp_1/file?part=1'), csv],
		sent: [2, 0],
	},
	...[301, 302, 303, 307, 308].map(
		(status): Download => ({
			name: `A redirect (${status}) to another host is followed without the key`,
			replies: ({ origin }) => [redirect(status, `${origin}/file`)],
			sent: [1, 1],
		}),
	),
	{
		name: 'A link to another host is followed without the key',
		link: 'ELSEWHERE/file',
		replies: ok,
		sent: [0, 1],
	},
	{
		name: "A link with only another host's name is followed without the key",
		link: '//HOST/file',
		replies: ok,
		sent: [0, 1],
	},
	{
		name: 'A redirect to itself is given up',
		replies: () => [redirect(302, '/v1/exports/exp_1/file')],
		sent: [6, 0],
		says: /^The download link was redirected more than 5 times/,
	},
	{
		name: 'A redirect without a target is reported',
		replies: () => [content(302, '')],
		sent: [1, 0],
		says: /^The server answered 302 Found/,
	},
	{
		name: 'A redirect to something that is no address is reported as such',
		replies: () => [redirect(302, 'http://')],
		sent: [1, 0],
		says: /^(?!Invalid URL)/,
	},
	...['http://', 'ftp://127.0.0.1/file', 'file:///etc/hostname'].map(
		(link): Download => ({
			name: `A link to '${link}' is reported as such`,
			link,
			replies: ok,
			sent: [0, 0],
			says: /^(?!Invalid URL|No answer from :).*link/,
		}),
	),
];

const results = startTogether(cases, async (download) => {
	const { replies, link, elsewhere = csv, timeout, dashboard = { name: 'Sales' } } = download;
	const { dashboardTakes = 0 } = download;
	const other = await startServer(() => elsewhere);
	const list = replies(other);
	const download_url = (link ?? '/v1/exports/exp_1/file')
		.replace('ELSEWHERE', other.origin)
		.replace('HOST', new URL(other.origin).host);
	let files = 0;
	const server = await startServer(({ path }) => {
		if (path.includes('/file')) return list[Math.min(files++, list.length - 1)] as Reply;
		if (path.includes('/dashboards/')) return after(dashboardTakes, json(200, { data: dashboard }));
		const finished = { dashboard_id: 'dash_1', format: 'csv', status: 'completed', download_url };
		return json(200, { data: { id: 'exp_1', ...finished } });
	});
	const run = runNode({
		node: 'vizdomExport',
		parameters: {
			operation: 'download',
			exportId: locator('exp_1'),
			...(timeout && { requestOptions: { timeout } }),
		},
		credential: server.credential,
		onError: 'continueRegularOutput',
	});
	const outcome = await endOf(run).finally(() => {
		server.close();
		other.close();
	});
	return { outcome, server, other };
});

test.each(cases)(
	'$name',
	async (download) => {
		const { outcome, server, other } = await results(download);
		const { items, error } = outcome;
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
		const [item] = items;
		expect(item?.pairedItem).toEqual({ item: 0 });
		if (download.says) {
			expect(item?.binary).toBeUndefined();
			expect(textOf(item?.json)).toMatch(download.says);
		} else {
			expect(item?.json.error).toBeUndefined();
			expect((await fileOf(item)).toString()).toBe(file);
		}
		expectClean(outcome, server);
		const files = server.requests.filter(({ path }) => path.includes('/file'));
		for (const [index, sent] of [files.length, other.requests.length].entries()) {
			const expected = download.sent[index];
			if (expected === 'waits') expect(sent).toBeGreaterThanOrEqual(4);
			else expect(sent).toBe(expected);
		}
		for (const { headers } of files) expect(headers.authorization).toMatch(/^Bearer secret-key/);
		for (const { headers } of other.requests) {
			expect(JSON.stringify(headers)).not.toContain('secret-key');
		}
	},
	longestRun + 10_000,
);
