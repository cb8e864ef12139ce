import express, { type Express, type Request } from 'express';
import { fileOf, Uploads, type SlackFile } from './slackFiles.mts';

export const SLACK_HOSTS = ['slack.com', 'files.slack.com'];
export const SLACK_TOKEN = 'not-a-real-slack-token';

export interface SlackMessage {
	/** Without the #. */
	channel: string;
	text: string;
	files: SlackFile[];
}

interface Channel {
	id: string;
	name: string;
}

type Arguments = Record<string, unknown>;
type Method = (given: Arguments) => Record<string, unknown>;

const CHANNELS: Channel[] = [
	{ id: 'C0GENERAL', name: 'general' },
	{ id: 'C0REPORTS', name: 'reports' },
];
const LARGEST = '1gb';

/** What Slack says in `error`. */
class Refusal extends Error {}

/** The part of Slack's API that n8n's Slack node uses to write. */
export function slackApi(post: (message: SlackMessage) => void): Express {
	const uploads = new Uploads();
	const methods = methodsOf(uploads, post);
	const app = express().disable('x-powered-by');
	app.all('/api/:method', express.json(), (req, res) => {
		res.json(answer(methods, req));
	});
	app.post(
		'/upload/v1/:id',
		express.raw({ type: () => true, limit: LARGEST }),
		async (req, res) => {
			const content = await fileOf(req);
			const accepted = content !== undefined && uploads.receive(String(req.params.id), content);
			if (accepted) res.send(`OK - ${content.length}`);
			else res.status(400).send('The upload is unknown, no file, or of another length.');
		},
	);
	return app;
}

/** Slack refuses with the status 200. */
function answer(methods: Map<string, Method>, req: Request): Record<string, unknown> {
	try {
		requireToken(req);
		const method = methods.get(String(req.params.method));
		if (!method) throw new Refusal('unknown_method');
		return { ok: true, ...method({ ...req.query, ...(req.body as Arguments | undefined) }) };
	} catch (error) {
		if (error instanceof Refusal) return { ok: false, error: error.message };
		throw error;
	}
}

function requireToken({ headers: { authorization } }: Request): void {
	if (!authorization) throw new Refusal('not_authed');
	if (authorization !== `Bearer ${SLACK_TOKEN}`) throw new Refusal('invalid_auth');
}

function methodsOf(uploads: Uploads, post: (message: SlackMessage) => void): Map<string, Method> {
	return new Map<string, Method>([
		['users.profile.get', () => ({ profile: { real_name: 'Slack stand-in' } })],
		['conversations.list', () => ({ channels: CHANNELS, response_metadata: { next_cursor: '' } })],
		['chat.postMessage', (given) => postMessage(given, post)],
		['files.getUploadURLExternal', (given) => announceUpload(given, uploads)],
		['files.completeUploadExternal', (given) => completeUpload(given, uploads, post)],
	]);
}

function postMessage({ channel, text }: Arguments, post: (message: SlackMessage) => void) {
	const to = CHANNELS.find(({ id, name }) => [id, name, `#${name}`].includes(String(channel)));
	if (!to) throw new Refusal('channel_not_found');
	if (typeof text !== 'string' || !text) throw new Refusal('no_text');
	post({ channel: to.name, text, files: [] });
	const ts = (Date.now() / 1000).toFixed(6);
	return { channel: to.id, ts, message: { type: 'message', text, ts } };
}

function announceUpload({ filename, length }: Arguments, uploads: Uploads) {
	const bytes = Number(length);
	if (typeof filename !== 'string' || !filename || !Number.isInteger(bytes) || bytes < 1) {
		throw new Refusal('invalid_arguments');
	}
	const id = uploads.announce(filename, bytes);
	return { upload_url: `https://files.slack.com/upload/v1/${id}`, file_id: id };
}

/** Here a channel is known by its ID only. */
function completeUpload(
	{ files, channel_id, initial_comment }: Arguments,
	uploads: Uploads,
	post: (message: SlackMessage) => void,
) {
	const to = CHANNELS.find(({ id }) => id === channel_id);
	if (!to) throw new Refusal('channel_not_found');
	if (!Array.isArray(files) || !files.length) throw new Refusal('invalid_arguments');
	const taken = files.map((file: { id?: unknown }) => takeFile(uploads, file.id));
	post({ channel: to.name, text: String(initial_comment ?? ''), files: taken });
	return { files: taken.map(({ id, name }) => ({ id, title: name })) };
}

function takeFile(uploads: Uploads, id: unknown): SlackFile {
	const file = uploads.take(String(id));
	if (!file) throw new Refusal('file_not_found');
	return file;
}
