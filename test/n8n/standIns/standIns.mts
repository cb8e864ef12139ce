import { createServer } from 'node:https';
import { mkdir, writeFile } from 'node:fs/promises';
import type { Server as HttpServer } from 'node:http';
import { join } from 'node:path';
import { Server as Proxy } from 'proxy-chain';
import { generate } from 'selfsigned';
import { MAIL, SLACK } from '../examples.mts';
import type { Credential } from '../instance.mts';
import { LOOPBACK } from '../ports.mts';
import type { Environment } from '../processes.mts';
import { startMailServer, type Mail } from './mail.mts';
import { slackApi, SLACK_HOSTS, SLACK_TOKEN, type SlackMessage } from './slack.mts';

/** Slack and a mail server on this machine, for an n8n with this `env` and these `credentials`. */
export interface StandIns {
	/** Messages and files sent to Slack, oldest first. */
	messages: SlackMessage[];
	/** Mails, oldest first. */
	mails: Mail[];
	env: Environment;
	credentials: Credential[];
	close(): Promise<void>;
}

/** `show` gets a line for each message and mail. `folder` is n8n's, for the certificate. */
export async function startStandIns(
	folder: string,
	show: (line: string) => void = () => {},
): Promise<StandIns> {
	const messages: SlackMessage[] = [];
	const mails: Mail[] = [];
	const slack = slackApi((message) => {
		messages.push(message);
		show(`Slack #${message.channel}: ${shown(message.text, message.files)}`);
	});
	const mail = await startMailServer((received) => {
		mails.push(received);
		show(`E-mail to ${received.to.join(', ')}: ${shown(received.subject, received.attachments)}`);
	});
	const { key, cert } = await certificate();
	const certificateFile = join(folder, 'slack-stand-in.pem');
	await mkdir(folder, { recursive: true, mode: 0o700 });
	await writeFile(certificateFile, cert);
	const proxy = await startProxy(createServer({ key, cert }, slack));
	return {
		messages,
		mails,
		env: {
			HTTPS_PROXY: `http://${LOOPBACK}:${proxy.port}`,
			NO_PROXY: '127.0.0.1,localhost',
			NODE_EXTRA_CA_CERTS: certificateFile,
		},
		credentials: [
			{ ...SLACK, data: { accessToken: SLACK_TOKEN } },
			{ ...MAIL, data: { host: LOOPBACK, port: mail.port, secure: false, disableStartTls: true } },
		],
		close: async () => {
			await Promise.all([proxy.close(true), mail.close()]);
		},
	};
}

/** A certificate for Slack's hosts only, which is its own authority. */
async function certificate(): Promise<{ key: string; cert: string }> {
	const altNames = SLACK_HOSTS.map((value) => ({ type: 2 as const, value }));
	const { private: key, cert } = await generate([{ name: 'commonName', value: 'Stand-in' }], {
		algorithm: 'sha256',
		extensions: [{ name: 'subjectAltName', altNames }],
	});
	return { key, cert };
}

/** A proxy that redirects Slack's hosts to a server of this process, and forwards all others. */
async function startProxy(slack: unknown): Promise<Proxy> {
	// It may be an HTTPS server, despite the type: it gets the raw connection.
	const here = { customConnectServer: slack as HttpServer };
	const proxy = new Proxy({
		host: LOOPBACK,
		port: 0,
		prepareRequestFunction: ({ hostname }) => (SLACK_HOSTS.includes(hostname) ? here : undefined),
	});
	await proxy.listen();
	return proxy;
}

/** "Good morning" (revenue.pdf, 34 kB) */
function shown(text: string, files: Array<{ name: string; content: Buffer }>): string {
	const each = files.map(({ name, content }) => `${name}, ${Math.ceil(content.length / 1000)} kB`);
	return `${JSON.stringify(text)}${each.length ? ` (${each.join('; ')})` : ''}`;
}
