import { createServer } from 'node:https';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mailCredential, slackCredential } from '../examples.mts';
import type { Credential } from '../instance.mts';
import type { Environment } from '../processes.mts';
import { describeMail, describeMessage } from '../summary.mts';
import { certificateFor } from './certificate.mts';
import { startMailServer, type Mail } from './mail.mts';
import { startProxy } from './proxy.mts';
import { slackApi, SLACK_HOSTS, SLACK_TOKEN, type SlackMessage } from './slack.mts';

/** Slack and a mail server on this machine, for an n8n that gets `env` and `credentials`. */
export interface StandIns {
	/** What Slack was sent, oldest first. */
	messages: SlackMessage[];
	/** What the mail server was sent, oldest first. */
	mails: Mail[];
	env: Environment;
	credentials: Credential[];
	close(): Promise<void>;
}

/** `show` gets a line for each message and mail. `folder` is n8n's: it takes the certificate. */
export async function startStandIns(
	folder: string,
	show: (line: string) => void = () => {},
): Promise<StandIns> {
	const messages: SlackMessage[] = [];
	const mails: Mail[] = [];
	const slack = await startSlack(folder, (message) => {
		messages.push(message);
		show(describeMessage(message));
	});
	const mail = await startMailServer((received) => {
		mails.push(received);
		show(describeMail(received));
	});
	return {
		messages,
		mails,
		env: slack.env,
		credentials: [slackCredential(SLACK_TOKEN), mailCredential(mail)],
		close: async () => {
			await Promise.all([slack.close(), mail.close()]);
		},
	};
}

/** Slack under its own names: n8n is led here by a proxy and trusts the certificate. */
async function startSlack(
	folder: string,
	post: (message: SlackMessage) => void,
): Promise<{ env: Environment; close: () => Promise<void> }> {
	const certificate = await certificateFor(SLACK_HOSTS);
	const certificateFile = join(folder, 'slack-stand-in.pem');
	await mkdir(folder, { recursive: true, mode: 0o700 });
	await writeFile(certificateFile, certificate.cert);
	const { url, close } = await startProxy(SLACK_HOSTS, createServer(certificate, slackApi(post)));
	const env = {
		HTTPS_PROXY: url,
		NO_PROXY: '127.0.0.1,localhost',
		NODE_EXTRA_CA_CERTS: certificateFile,
	};
	return { env, close };
}
