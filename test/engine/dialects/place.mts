import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dialects } from '../../sandbox/dialects.mts';
import type { Dialect, DialectName } from '../../sandbox/dialects.mts';
import { numberFromId } from '../../sandbox/ids.mts';
import { startSandbox } from '../../sandbox/server.mts';
import type { Sandbox } from '../../sandbox/server.mts';
import type { Credential } from '../engine.mts';

/** Where a job runs: a sandbox and its address. */
export interface Place {
	sandbox: Sandbox;
	credential: Credential;
}

/** The system may assign a port again. */
const usedPorts = new Set<number>();

/** Forwards connections to a port from a new one. */
async function forward(port: number): Promise<{ origin: string; close: () => void }> {
	const server = createServer((incoming) => {
		const outgoing = connect(port, '127.0.0.1');
		incoming.on('error', () => outgoing.destroy()).on('close', () => outgoing.destroy());
		outgoing.on('error', () => incoming.destroy()).on('close', () => incoming.destroy());
		incoming.pipe(outgoing).pipe(incoming);
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const { port: newPort } = server.address() as AddressInfo;
	const close = () => void server.close();
	if (!usedPorts.has(newPort)) {
		usedPorts.add(newPort);
		return { origin: `http://127.0.0.1:${newPort}`, close };
	}
	close();
	return await forward(port);
}

/** Each has its own key, so that no two share a rate window. */
export async function startFastSandbox(): Promise<Sandbox> {
	const sandbox = await startSandbox({ port: 0, settings: { rateLimit: 1_000_000 } });
	const { port } = new URL(sandbox.origin);
	usedPorts.add(Number(port));
	sandbox.keys.admin = `key-for-port-${port}`;
	return sandbox;
}

/** Does something at a new address. */
export async function atNewOrigin<R>(
	sandbox: Sandbox,
	act: (place: Place) => Promise<R>,
): Promise<R> {
	const { origin, close } = await forward(Number(new URL(sandbox.origin).port));
	const credential = {
		apiKey: sandbox.keys.admin,
		baseUrl: `${origin}/v1`,
		requestsPerMinute: 1_000_000,
	};
	return await act({ sandbox, credential }).finally(close);
}

function dialectOf({ settings }: Sandbox): Dialect {
	return dialects[settings.dialect];
}

/** The most records that any request asks for, even if a server allows more. */
const largestPage = 100;

/** The largest page that the server returns. */
export function pageSizeOf(sandbox: Sandbox): number {
	return Math.min(dialectOf(sandbox).paging?.maxSize ?? largestPage, largestPage);
}

/** An ID in the API's form. */
export function spokenId(sandbox: Sandbox, id: string): string | number {
	return dialectOf(sandbox).numericIds ? numberFromId(id) : id;
}

/** A server that speaks a dialect, with between two and three pages of everything. */
export function prepare(sandbox: Sandbox, dialect: DialectName): void {
	sandbox.reset();
	sandbox.settings.dialect = dialect;
	const { store } = sandbox;
	const size = Math.ceil(2.3 * pageSizeOf(sandbox));
	for (const kind of ['dashboards', 'dataSources', 'users'] as const) store.resize(kind, size);
	store.exports.truncate(0);
	for (let index = 0; index < size; index++) addExport(sandbox, { ageMs: hour - index });
}

const hour = 3_600_000;

interface ExportFields {
	ageMs: number;
	durationMs?: number;
	failure?: string;
}

export function addExport({ store }: Sandbox, fields: ExportFields) {
	const { ageMs, durationMs = 1, failure = null } = fields;
	const [dashboard] = store.dashboards.all;
	if (!dashboard) throw new Error('An export needs a dashboard');
	return store.exports.insert({
		id: store.newRecord('exp').id,
		dashboard: { ...dashboard },
		format: 'pdf',
		createdAt: Date.now() - ageMs,
		durationMs,
		failure,
		linkLifetimeMs: 2 * hour,
	});
}
