import axios from 'axios';
import { sandboxCredential } from '../../n8n/examples.mts';
import { ensureN8n } from '../../n8n/install.mts';
import { N8n } from '../../n8n/instance.mts';
import { pack } from '../../n8n/package-under-test.mts';
import type { Environment } from '../../n8n/processes.mts';
import { startSandbox, type Sandbox, type SandboxSettings } from '../../sandbox/server.mts';
import { temporaryFolder, type CleanUp } from './cleanUp.mts';

/** An n8n with its own user folder, not started. */
export async function openN8n(cleanUp: CleanUp, env: Environment = {}): Promise<N8n> {
	const folder = await temporaryFolder(cleanUp);
	const n8n = await N8n.open(await ensureN8n(), folder, { env });
	cleanUp(async () => await n8n.stop());
	return n8n;
}

export async function openSandbox(
	cleanUp: CleanUp,
	settings: Partial<SandboxSettings> = {},
): Promise<Sandbox> {
	const sandbox = await startSandbox({ port: 0, settings });
	cleanUp(async () => await sandbox.close());
	return sandbox;
}

/** An n8n with the package and the sandbox's credential, not started. */
export async function openN8nWithVizdom(
	cleanUp: CleanUp,
	env: Environment = {},
): Promise<{ n8n: N8n; sandbox: Sandbox }> {
	const sandbox = await openSandbox(cleanUp);
	const n8n = await openN8n(cleanUp, env);
	await n8n.installPackage(await pack(n8n.folder));
	await n8n.importCredentials([sandboxCredential(sandbox)]);
	return { n8n, sandbox };
}

/** Data in Vizdom, fetched without n8n. */
export async function fileOfLastExport({ store, baseUrl, keys }: Sandbox): Promise<Buffer> {
	const { id } = store.exports.all.at(-1) ?? {};
	const { data } = await axios.get<ArrayBuffer>(`${baseUrl}/exports/${id}/file`, {
		headers: { Authorization: `Bearer ${keys.admin}` },
		responseType: 'arraybuffer',
		proxy: false,
	});
	return Buffer.from(data);
}
