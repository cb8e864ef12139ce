import axios from 'axios';
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { QUIET_AND_LOCAL } from './environment.mts';
import type { InstalledN8n } from './install.mts';
import { pinnedProject } from './paths.mts';
import { freePort, LOOPBACK } from './ports.mts';
import { lastLines, Problem } from './problem.mts';
import { launch, npm, plainEnvironment, run } from './processes.mts';
import type { Environment, Finished, Launched } from './processes.mts';
import { parseExecution, type BinaryFile, type Execution } from './run-data.mts';

export interface Credential {
	id: string;
	name: string;
	type: string;
	data: Record<string, unknown>;
}

export interface WorkflowNode {
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	/** With one, a webhook has the path in its parameter. */
	webhookId?: string;
}

export interface Workflow {
	/** At most 21 characters. */
	id: string;
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
	/** Without it, the editor cannot execute a second node by itself (n8n 2.40.7). */
	pinData?: Record<string, unknown>;
}

interface Owner {
	email: string;
	password: string;
	passwordHash: string;
}

/** A running server or worker. */
export interface Worker extends Launched {
	logFile: string;
	/** Rejects when it ends. */
	ended: Promise<never>;
}

const END_WITH_PARENT = join(pinnedProject, 'end-with-parent.cjs');
const READY_WITHIN_MS = 120_000;

/**
 * One n8n with its own user folder. Its commands work with and without the server.
 */
export class N8n {
	readonly origin: string;
	readonly logFile: string;
	/** Where community packages are installed. */
	readonly nodes: string;
	private server: Worker | undefined;

	private constructor(
		private readonly installed: InstalledN8n,
		readonly folder: string,
		private readonly port: number,
		readonly owner: Owner,
		private readonly env: Environment,
	) {
		this.origin = `http://${LOOPBACK}:${port}`;
		this.logFile = join(folder, 'n8n.log');
		this.nodes = join(folder, '.n8n/nodes');
	}

	/** `env` adds to n8n's environment, such as a queue. */
	static async open(
		installed: InstalledN8n,
		folder: string,
		{ port, env = {} }: { port?: number; env?: Environment } = {},
	): Promise<N8n> {
		await mkdir(folder, { recursive: true, mode: 0o700 });
		const owner = await ownerOf(folder, installed);
		return new N8n(installed, folder, port ?? (await freePort()), owner, env);
	}

	/** Installs a packed package manually, as n8n documents it. */
	async installPackage(tarball: string): Promise<void> {
		const manifest = join(this.nodes, 'package.json');
		await mkdir(this.nodes, { recursive: true });
		if (!existsSync(manifest)) await writeFile(manifest, '{"private":true,"dependencies":{}}');
		await this.changePackages('install', tarball, '--legacy-peer-deps', '--offline');
	}

	async uninstallPackage(name: string): Promise<void> {
		await this.changePackages('uninstall', name);
	}

	async importCredentials(credentials: Credential[]): Promise<void> {
		await this.importFile('import:credentials', credentials);
	}

	async importWorkflows(workflows: Workflow[]): Promise<void> {
		await this.importFile('import:workflow', workflows);
	}

	/** Runs a workflow from its manual trigger. The result says whether it succeeded. */
	async execute(workflowId: string): Promise<Execution> {
		const { stdout } = await this.command('execute', `--id=${workflowId}`, '--rawOutput');
		return parseExecution(stdout);
	}

	/** n8n's stored files. */
	async read({ id = '' }: BinaryFile): Promise<Buffer> {
		const place = (store: string) => join(this.folder, '.n8n', store, id.replace(/^.*?:/, ''));
		// n8n 1 uses another folder.
		return await readFile(existsSync(place('storage')) ? place('storage') : place('binaryData'));
	}

	/** Settles when n8n accepts requests. */
	async start(): Promise<void> {
		this.server = await this.launch('start', this.logFile);
		await untilReady(this.origin, this.server);
	}

	/** A worker for n8n's queue mode. Settles when it accepts executions. */
	async startWorker(name: string): Promise<Worker> {
		const port = await freePort();
		const worker = await this.launch('worker', join(this.folder, `${name}.log`), {
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: String(port),
		});
		await untilReady(`http://${LOOPBACK}:${port}`, worker);
		return worker;
	}

	/** Rejects if the server ends unasked. */
	async ended(): Promise<void> {
		await this.server?.ended;
	}

	async stop(): Promise<void> {
		await this.server?.stop();
	}

	/** Ends the server at once (SIGKILL). */
	async kill(): Promise<void> {
		await this.server?.kill();
	}

	private async changePackages(...args: string[]): Promise<void> {
		const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'];
		await npm([...args, ...quiet], this.nodes);
	}

	private async importFile(command: string, content: unknown): Promise<void> {
		const file = join(this.folder, `${command.replace(':', '-')}.json`);
		await writeFile(file, JSON.stringify(content), { mode: 0o600 });
		try {
			const { output } = await this.command(command, `--input=${file}`);
			if (output.includes('Successfully imported')) return;
			throw new Problem(`n8n could not run ${command}:`, '', lastLines(output));
		} finally {
			await rm(file);
		}
	}

	private async command(...args: string[]): Promise<Finished> {
		const { node, bin } = this.installed;
		const env = await this.environment();
		return await run(node, [bin, ...args], { cwd: this.folder, env, mayFail: true });
	}

	/**
	 * The environment without the machine's own n8n, proxy and Node.js settings. The encryption key
	 * is in the user folder.
	 */
	private async environment(): Promise<Environment> {
		const plain = plainEnvironment();
		return {
			...plain,
			// The task runner starts as `node`, which must be the same one.
			PATH: `${dirname(this.installed.node)}:${plain.PATH}`,
			...QUIET_AND_LOCAL,
			N8N_INSTANCE_OWNER_EMAIL: this.owner.email,
			N8N_INSTANCE_OWNER_PASSWORD_HASH: this.owner.passwordHash,
			N8N_USER_FOLDER: this.folder,
			N8N_PORT: String(this.port),
			// Every n8n process needs its own for its task runners.
			N8N_RUNNERS_BROKER_PORT: String(await freePort()),
			...this.env,
		};
	}

	private async launch(command: string, logFile: string, more?: Environment): Promise<Worker> {
		await writeFile(logFile, '');
		const { node, bin } = this.installed;
		const launched = launch(node, ['--require', END_WITH_PARENT, bin, command], {
			cwd: this.folder,
			env: { ...(await this.environment()), ...more },
			output: { file: logFile, append: true },
			ipc: true,
		});
		const ended = launched.finished.then(async () => {
			const log = lastLines(await readFile(logFile, 'utf8'));
			throw new Problem(`n8n has stopped. The last lines of ${logFile}:`, '', log);
		});
		ended.catch(() => {});
		return { ...launched, logFile, ended };
	}
}

async function untilReady(origin: string, { ended, logFile }: Worker): Promise<void> {
	const url = `${origin}/healthz/readiness`;
	const deadline = Date.now() + READY_WITHIN_MS;
	while (Date.now() < deadline) {
		const asked = axios.get(url, { proxy: false, timeout: 5_000 }).catch(() => undefined);
		if (await Promise.race([asked, ended])) return;
		await sleep(200);
	}
	throw new Problem(`n8n is not ready after ${READY_WITHIN_MS / 1000} s. Its log is ${logFile}`);
}

/** The account to sign in with. It is stored in the folder, so a browser stays signed in. */
async function ownerOf(folder: string, { dir }: InstalledN8n): Promise<Owner> {
	const file = join(folder, 'owner.json');
	if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8')) as Owner;
	const password = `Vizdom-${randomBytes(6).toString('hex')}`;
	const bcrypt = createRequire(join(dir, 'package.json'))('bcryptjs') as {
		hash: (password: string, rounds: number) => Promise<string>;
	};
	const passwordHash = await bcrypt.hash(password, 10);
	const owner = { email: 'owner@example.com', password, passwordHash };
	await writeFile(file, JSON.stringify(owner), { mode: 0o600 });
	return owner;
}
