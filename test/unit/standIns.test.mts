import axios from 'axios';
import { createServer, request, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { certificateFor } from '../n8n/standIns/certificate.mts';
import { startProxy } from '../n8n/standIns/proxy.mts';
import { slackApi, SLACK_TOKEN, type SlackMessage } from '../n8n/standIns/slack.mts';
import { describeMail, describeMessage } from '../n8n/summary.mts';

describe('the Slack stand-in', () => {
	const posted: SlackMessage[] = [];
	let server: Server;
	let origin: string;

	beforeEach(async () => {
		posted.length = 0;
		server = createServer(slackApi((message) => posted.push(message)));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterEach(() => {
		server.close();
		server.closeAllConnections();
	});

	async function call(method: string, body: object = {}, token: string | null = SLACK_TOKEN) {
		const headers = token === null ? {} : { Authorization: `Bearer ${token}` };
		const { data } = await axios.post(`${origin}/api/${method}`, body, { headers, proxy: false });
		return data as { ok: boolean; error?: string; upload_url: string; file_id: string };
	}

	async function announce(length: number) {
		const headers = { Authorization: `Bearer ${SLACK_TOKEN}` };
		const params = { filename: 'a.pdf', length };
		const url = `${origin}/api/files.getUploadURLExternal`;
		const { data } = await axios.get(url, { headers, params, proxy: false });
		return data as { ok: boolean; error?: string; upload_url: string; file_id: string };
	}

	async function upload(uploadUrl: string, content: string): Promise<number> {
		const form = new FormData();
		form.append('file', new Blob([content]), 'a.pdf');
		const url = `${origin}${new URL(uploadUrl).pathname}`;
		const options = { proxy: false, validateStatus: () => true } as const;
		return (await axios.post(url, form, options)).status;
	}

	const complete = async (id: string, channel_id = 'C0REPORTS') =>
		await call('files.completeUploadExternal', { files: [{ id }], channel_id });

	it.each([
		['chat.postMessage', { channel: '#reports', text: 'Hi' }, null, 'not_authed'],
		['chat.postMessage', { channel: '#reports', text: 'Hi' }, 'other', 'invalid_auth'],
		['chat.postMessage', { channel: '#nobody', text: 'Hi' }, SLACK_TOKEN, 'channel_not_found'],
		['chat.postMessage', { text: 'Hi' }, SLACK_TOKEN, 'channel_not_found'],
		['chat.postMessage', { channel: '#reports' }, SLACK_TOKEN, 'no_text'],
		['chat.nothing', {}, SLACK_TOKEN, 'unknown_method'],
		['files.completeUploadExternal', { files: [] }, SLACK_TOKEN, 'channel_not_found'],
	])('%s with %j and the token %s is refused', async (method, body, token, error) => {
		expect(await call(method, body, token)).toEqual({ ok: false, error });
		expect(posted).toEqual([]);
	});

	it('takes a message by the name or ID of the channel', async () => {
		for (const channel of ['#reports', 'reports', 'C0REPORTS']) {
			expect(await call('chat.postMessage', { channel, text: 'Hi' })).toMatchObject({ ok: true });
		}
		expect(posted).toEqual(Array(3).fill({ channel: 'reports', text: 'Hi', files: [] }));
	});

	it('takes a file that was announced, sent whole, and completed once', async () => {
		const { upload_url, file_id } = await announce(4);
		expect(upload_url).toMatch(/^https:\/\/files\.slack\.com\//);
		expect(await complete(file_id)).toEqual({ ok: false, error: 'file_not_found' });
		expect(await upload(upload_url, 'abc')).toBe(400);
		expect(await complete(file_id)).toEqual({ ok: false, error: 'file_not_found' });
		expect(await upload(upload_url, 'abcd')).toBe(200);
		expect(await complete(file_id, '#reports')).toEqual({ ok: false, error: 'channel_not_found' });
		expect(posted).toEqual([]);
		expect(await complete(file_id)).toMatchObject({ ok: true });
		expect(await complete(file_id)).toEqual({ ok: false, error: 'file_not_found' });
		const file = { id: file_id, name: 'a.pdf', content: Buffer.from('abcd') };
		expect(posted).toEqual([{ channel: 'reports', text: '', files: [file] }]);
	});

	it.each([0, -1, 1.5, NaN])('refuses to announce %d bytes', async (length) => {
		expect(await announce(length)).toEqual({ ok: false, error: 'invalid_arguments' });
	});
});

describe('the proxy', () => {
	const GET = 'GET / HTTP/1.1\r\nHost: any\r\nConnection: close\r\n\r\n';
	const listening = async (server: Server, work: (port: number) => Promise<void>) => {
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		await work((server.address() as AddressInfo).port).finally(() => server.close());
	};

	async function tunnel(proxy: string, target: string): Promise<Socket> {
		const connecting = request(proxy, { method: 'CONNECT', path: target });
		return await new Promise((resolve, reject) => {
			connecting.once('connect', (_answer, socket) => resolve(socket)).once('error', reject);
			connecting.end();
		});
	}

	it('leads its hosts to the stand-in, under a certificate that is theirs alone', async () => {
		const certificate = await certificateFor(['slack.com', 'files.slack.com']);
		const server = createTlsServer(certificate, (_req, res) => void res.end('stand-in'));
		const proxy = await startProxy(['slack.com', 'files.slack.com'], server);
		try {
			for (const servername of ['slack.com', 'files.slack.com']) {
				const socket = await tunnel(proxy.url, `${servername}:443`);
				const secure = connect({ socket, servername, ca: certificate.cert });
				secure.write(GET);
				expect(await text(secure)).toContain('stand-in');
			}
			const socket = await tunnel(proxy.url, 'slack.com:443');
			const secure = connect({ socket, servername: 'n8n.io', ca: certificate.cert });
			await expect(text(secure)).rejects.toThrow("does not match certificate's altnames");
		} finally {
			await proxy.close();
		}
	});

	it('passes on every other host', async () => {
		const proxy = await startProxy(['slack.com'], createTlsServer());
		const other = createServer((_req, res) => void res.end('another host'));
		await listening(other, async (port) => {
			const socket = await tunnel(proxy.url, `127.0.0.1:${port}`);
			socket.write(GET);
			expect(await text(socket)).toContain('another host');
		}).finally(async () => await proxy.close());
	});
});

describe('what arrives', () => {
	it('is shown in a line', () => {
		const file = { id: 'F1', name: 'revenue.pdf', content: Buffer.alloc(33_400) };
		expect(describeMessage({ channel: 'reports', text: 'One\ntwo', files: [file] })).toBe(
			'Slack #reports: "One\\ntwo" (revenue.pdf, 34 kB)',
		);
		const mail = {
			to: ['a@example.com', 'b@example.com'],
			subject: 'Hi',
			text: '',
			attachments: [],
		};
		expect(describeMail(mail)).toBe('E-mail to a@example.com, b@example.com: "Hi"');
	});
});
