import { generate } from 'selfsigned';

/** A certificate for these hosts only, which is its own authority. */
export async function certificateFor(hosts: string[]): Promise<{ key: string; cert: string }> {
	const altNames = hosts.map((value) => ({ type: 2 as const, value }));
	const { private: key, cert } = await generate([{ name: 'commonName', value: 'Stand-in' }], {
		algorithm: 'sha256',
		extensions: [{ name: 'subjectAltName', altNames }],
	});
	return { key, cert };
}
