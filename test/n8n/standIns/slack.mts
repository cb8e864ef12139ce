import express, { type Express } from 'express';

export const SLACK_HOSTS = ['slack.com', 'files.slack.com'];
export const SLACK_TOKEN = 'not-a-real-slack-token';

export interface SlackFile {
	id: string;
	name: string;
	content: Buffer;
}

export interface SlackMessage {
	/** Without the #. */
	channel: string;
	text: string;
	files: SlackFile[];
}

interface Arguments {
	channel?: string;
	text?: string;
	filename?: string;
	length?: string;
	files?: Array<{ id: string }>;
	channel_id?: string;
	initial_comment?: string;
}

const CHANNELS = [
	{ id: 'C0GENERAL', name: 'general' },
	{ id: 'C0REPORTS', name: 'reports' },
];

/** Its message is Slack's error code. */
class Refusal extends Error {}

/** The part of Slack's API with which n8n's Slack node writes. */
export function slackApi(post: (message: SlackMessage) => void): Express {
	const uploads: Array<{ id: string; name: string; length: number; content?: Buffer }> = [];
	const methods: Record<string, (given: Arguments) => object> = {
		'users.profile.get': () => ({ profile: { real_name: 'Slack stand-in' } }),
		'conversations.list': () => ({ channels: CHANNELS, response_metadata: { next_cursor: '' } }),
		'chat.postMessage': ({ channel, text }) => {
			const to = CHANNELS.find(({ id, name }) => [id, name, `#${name}`].includes(channel ?? ''));
			if (!to) throw new Refusal('channel_not_found');
			if (!text) throw new Refusal('no_text');
			post({ channel: to.name, text, files: [] });
			const ts = (Date.now() / 1000).toFixed(6);
			return { channel: to.id, ts, message: { type: 'message', text, ts } };
		},
		'files.getUploadURLExternal': ({ filename: name, length: bytes }) => {
			const length = Number(bytes);
			if (!name || !(length > 0)) throw new Refusal('invalid_arguments');
			const id = `F${uploads.length + 1}`;
			uploads.push({ id, name, length });
			return { upload_url: `https://files.slack.com/upload/v1/${id}`, file_id: id };
		},
		// Only the channel's ID is accepted here.
		'files.completeUploadExternal': ({ files = [], channel_id, initial_comment: text = '' }) => {
			const to = CHANNELS.find(({ id }) => id === channel_id);
			if (!to) throw new Refusal('channel_not_found');
			const taken = files.map((file) => {
				const { id, name, content } = uploads.find(({ id }) => id === file.id) ?? {};
				if (!id || !name || !content) throw new Refusal('file_not_found');
				return { id, name, content };
			});
			post({ channel: to.name, text, files: taken });
			return { files: taken.map(({ id, name }) => ({ id, title: name })) };
		},
	};
	const app = express().disable('x-powered-by');
	app.all('/api/:method', express.json(), ({ params, query, body, headers }, res) => {
		try {
			if (headers.authorization !== `Bearer ${SLACK_TOKEN}`) throw new Refusal('invalid_auth');
			const method = methods[params.method ?? ''];
			if (!method) throw new Refusal('unknown_method');
			res.json({ ok: true, ...method({ ...query, ...(body as Arguments | undefined) }) });
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			// Slack refuses with the status 200.
			res.json({ ok: false, error: error.message });
		}
	});
	const form = express.raw({ type: 'multipart/form-data', limit: '100mb' });
	app.post('/upload/v1/:id', form, async ({ params, headers, body }, res) => {
		const type = headers['content-type'] ?? '';
		const sent = new Response(body as Uint8Array, { headers: { 'content-type': type } });
		const [file] = [...(await sent.formData()).values()].filter((value) => value instanceof Blob);
		const upload = uploads.find(({ id }) => id === params.id);
		if (!file || upload?.length !== file.size) {
			res.status(400).send('The upload is unknown, no file, or of another length.');
			return;
		}
		upload.content = Buffer.from(await file.arrayBuffer());
		res.send(`OK - ${file.size}`);
	});
	return app;
}
