import axios from 'axios';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { slackApi, SLACK_TOKEN, type SlackMessage } from '../n8n/standIns/slack.mts';

describe('the Slack stand-in', () => {
	const posted: SlackMessage[] = [];
	let server: Server;
	let origin: string;

	beforeAll(async () => {
		server = createServer(slackApi((message) => posted.push(message)));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	beforeEach(() => void posted.splice(0));
	afterAll(() => server.close().closeAllConnections());

	async function call(method: string, body: object = {}, token: string = SLACK_TOKEN) {
		const options = { headers: { Authorization: `Bearer ${token}` }, proxy: false } as const;
		return (await axios.post(`${origin}/api/${method}`, body, options)).data;
	}

	it.each([
		['chat.postMessage', { channel: '#reports', text: 'Hi' }, 'other', 'invalid_auth'],
		['chat.postMessage', { channel: '#nobody', text: 'Hi' }, SLACK_TOKEN, 'channel_not_found'],
		['files.getUploadURLExternal', { filename: 'a' }, SLACK_TOKEN, 'invalid_arguments'],
		['chat.nothing', {}, SLACK_TOKEN, 'unknown_method'],
	])('refuses %s with %j and the token %s', async (method, body, token, error) => {
		expect(await call(method, body, token)).toEqual({ ok: false, error });
		expect(posted).toEqual([]);
	});

	it.each(['#reports', 'reports', 'C0REPORTS'])('accepts a message to %s', async (channel) => {
		expect(await call('chat.postMessage', { channel, text: 'Hi' })).toMatchObject({ ok: true });
		expect(posted).toEqual([{ channel: 'reports', text: 'Hi', files: [] }]);
	});

	it('accepts a file that was announced and sent completely', async () => {
		const { upload_url, file_id: id } = await call('files.getUploadURLExternal', {
			filename: 'a.pdf',
			length: 4,
		});
		const upload = async (content: string) => {
			const form = new FormData();
			form.append('file', new Blob([content]), 'a.pdf');
			const options = { proxy: false, validateStatus: null } as const;
			const url = `${origin}${new URL(upload_url).pathname}`;
			return (await axios.post(url, form, options)).status;
		};
		const complete = { files: [{ id }], channel_id: 'C0REPORTS' };
		expect(await upload('abc')).toBe(400);
		expect(await call('files.completeUploadExternal', complete)).toMatchObject({ ok: false });
		expect(await upload('abcd')).toBe(200);
		expect(await call('files.completeUploadExternal', complete)).toMatchObject({ ok: true });
		const file = { id, name: 'a.pdf', content: Buffer.from('abcd') };
		expect(posted).toEqual([{ channel: 'reports', text: '', files: [file] }]);
	});
});
