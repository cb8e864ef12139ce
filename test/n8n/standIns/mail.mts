import getPort from 'get-port';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Address } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { LOOPBACK } from '../ports.mts';

export interface Mail {
	to: string[];
	subject: string;
	text: string;
	attachments: Array<{ name: string; content: Buffer }>;
}

/** Where it listens when it can, so that a credential stays as it is from run to run. */
const USUAL_PORT = 4025;

/** A mail server that keeps what it gets. */
export async function startMailServer(
	receive: (mail: Mail) => void,
): Promise<{ host: string; port: number; close: () => Promise<void> }> {
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
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, LOOPBACK, () => {
			server.off('error', reject);
			// A client that breaks off must not end the program.
			server.on('error', () => {});
			resolve();
		});
	});
	return {
		host: LOOPBACK,
		port,
		close: async () => await new Promise<void>((resolve) => server.close(resolve)),
	};
}

async function parse(content: Buffer): Promise<Mail> {
	const { to = [], subject = '', text = '', attachments } = await PostalMime.parse(content);
	return {
		to: to.flatMap(addressesOf),
		subject,
		text: text.trim(),
		attachments: attachments.map(({ filename, content: bytes }) => ({
			name: filename ?? '',
			content: typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(new Uint8Array(bytes)),
		})),
	};
}

function addressesOf({ address, group }: Address): string[] {
	return address === undefined ? (group ?? []).map((one) => one.address) : [address];
}
