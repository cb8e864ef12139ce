import getPort from 'get-port';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { LOOPBACK } from '../ports.mts';

export interface Mail {
	to: string[];
	subject: string;
	text: string;
	attachments: Array<{ name: string; content: Buffer }>;
}

/** Preferred port, so that the credential stays the same from run to run. */
const USUAL_PORT = 4025;

/** A mail server that passes on each mail. */
export async function startMailServer(
	receive: (mail: Mail) => void,
): Promise<{ port: number; close: () => Promise<void> }> {
	const port = await getPort({ host: LOOPBACK, port: USUAL_PORT });
	const server = new SMTPServer({
		disabledCommands: ['AUTH', 'STARTTLS'],
		closeTimeout: 1,
		onData: (stream, _session, done) => {
			buffer(stream)
				.then(async (content) => receive(await parse(content)))
				.then(() => done(), done);
		},
	});
	// A client that breaks off must not end the program.
	server.on('error', () => {});
	await once(server.listen(port, LOOPBACK), 'listening');
	return {
		port,
		close: async () => await new Promise<void>((resolve) => server.close(resolve)),
	};
}

async function parse(content: Buffer): Promise<Mail> {
	const { to = [], subject = '', text = '', attachments } = await PostalMime.parse(content);
	return {
		to: to.flatMap(({ address }) => address ?? []),
		subject,
		text: text.trim(),
		attachments: attachments.map(({ filename, content: bytes }) => ({
			name: filename ?? '',
			content: Buffer.from(bytes as ArrayBuffer),
		})),
	};
}
