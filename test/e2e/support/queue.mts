import { readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, LOOPBACK } from '../../n8n/ports.mts';
import { Problem } from '../../n8n/problem.mts';
import { launch, plainEnvironment, run, type Environment } from '../../n8n/processes.mts';
import { temporaryFolder, type CleanUp } from './cleanUp.mts';
import { waitFor } from './wait.mts';

type Command = [program: string, ...args: string[]];

const STARTS_WITHIN_SECONDS = 30;
const USER = 'n8n';

/** Redis and PostgreSQL, and n8n's settings to use them in queue mode. */
export async function startQueue(cleanUp: CleanUp): Promise<Environment> {
	return {
		EXECUTIONS_MODE: 'queue',
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		// n8n's default: workers need not share a file system.
		N8N_DEFAULT_BINARY_DATA_MODE: 'database',
		...(await startRedis(cleanUp)),
		...(await startPostgres(cleanUp)),
	};
}

async function startRedis(cleanUp: CleanUp): Promise<Environment> {
	const port = await freePort();
	const inMemory = ['--save', '', '--appendonly', 'no'];
	const command: Command = ['redis-server', '--bind', LOOPBACK, '--port', `${port}`, ...inMemory];
	await serve(cleanUp, command, port);
	return { QUEUE_BULL_REDIS_HOST: LOOPBACK, QUEUE_BULL_REDIS_PORT: String(port) };
}

async function startPostgres(cleanUp: CleanUp): Promise<Environment> {
	const port = await freePort();
	const programs = await postgresPrograms();
	const data = await runAsPostgres(['mktemp', '-d', join(tmpdir(), 'n8n-nodes-vizdom-XXXXXXXX')]);
	cleanUp(async () => await rm(data, { recursive: true, force: true }));
	await runAsPostgres([join(programs, 'initdb'), '-D', data, '-U', USER, '-A', 'trust']);
	const settings = ['-c', `listen_addresses=${LOOPBACK}`, '-c', 'unix_socket_directories='];
	const server: Command = [join(programs, 'postgres'), '-D', data, '-p', `${port}`, ...settings];
	await serve(cleanUp, asPostgres(server), port);
	return {
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: LOOPBACK,
		DB_POSTGRESDB_PORT: String(port),
		DB_POSTGRESDB_USER: USER,
		DB_POSTGRESDB_DATABASE: 'postgres',
	};
}

/** Debian keeps them out of the PATH. */
async function postgresPrograms(): Promise<string> {
	const folder = '/usr/lib/postgresql';
	const [newest] = (await readdir(folder).catch(() => [])).sort().reverse();
	if (newest) return join(folder, newest, 'bin');
	throw new Problem('There is no PostgreSQL. Install it: apt install postgresql');
}

/** PostgreSQL refuses to run as root. */
function asPostgres(command: Command): Command {
	return process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--', ...command] : command;
}

async function runAsPostgres(command: Command): Promise<string> {
	const [program, ...args] = asPostgres(command);
	const { stdout } = await run(program, args, { cwd: tmpdir(), env: plainEnvironment() });
	return stdout.trim();
}

async function serve(cleanUp: CleanUp, [program, ...args]: Command, port: number): Promise<void> {
	const logFile = join(await temporaryFolder(cleanUp), 'server.log');
	const output = { file: logFile, append: true } as const;
	const server = launch(program, args, { cwd: tmpdir(), env: plainEnvironment(), output });
	cleanUp(async () => await server.stop());
	const ended = server.finished.then(({ shortMessage = '' }) => {
		throw new Problem(`${program} has ended, see ${logFile}.`, shortMessage);
	});
	await Promise.race([
		waitFor(`${program} to listen`, async () => await listens(port), STARTS_WITHIN_SECONDS),
		ended,
	]);
}

async function listens(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect(port, LOOPBACK);
		socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
		socket.once('connect', () => socket.destroy());
	});
}
