import axios from 'axios';
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { n8nEnvironment, type Owner } from './environment.mts';
import type { InstalledN8n } from './install.mts';
import { npm } from './npm.mts';
import { pinnedProject } from './paths.mts';
import { freePort, LOOPBACK } from './ports.mts';
import { lastLines, Problem } from './problem.mts';
import { launch, run, type Environment, type Launched } from './processes.mts';
import { parseExecution, type Execution } from './run-data.mts';

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
	/** With one, a webhook's path is what its parameter says. */
	webhookId?: string;
}

export interface Workflow {
	/** At most 21 characters. */
	id: string;
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
}

export interface Worker extends Launched {
	logFile: string;
}

const END_WITH_PARENT = join(pinnedProject, 'end-with-parent.cjs');
const READY_WITHIN_MS = 120_000;
const ASK_EVERY_MS = 200;

/**
 * One n8n with a user folder of its own. The command-line calls work with and without the server.
 */
export class N8n {
	readonly origin: string;
	readonly logFile: string;
	/** Where community packages are installed. */
	readonly nodes: string;
	private server: Launched | undefined;

	private constructor(
		private readonly installed: InstalledN8n,
		readonly folder: string,
		readonly port: number,
		readonly owner: Owner,
		private readonly env: Environment,
	) {
		this.origin = `http://${LOOPBACK}:${port}`;
		this.logFile = join(folder, 'n8n.log');
		this.nodes = join(folder, '.n8n/nodes');
	}

	/** `env` adds to n8n's environment, such as a queue or a binary data mode. */
	static async open(
		installed: InstalledN8n,
		folder: string,
		{ port, env = {} }: { port?: number; env?: Environment } = {},
	): Promise<N8n> {
		await mkdir(folder, { recursive: true, mode: 0o700 });
		const owner = await ownerOf(folder, installed);
		return new N8n(installed, folder, port ?? (await freePort()), owner, env);
	}

	/** Installs a packed package the way that n8n documents for an installation by hand. */
	async installPackage(tarball: string): Promise<void> {
		await mkdir(this.nodes, { recursive: true });
		await writeIfMissing(join(this.nodes, 'package.json'), {
			name: 'installed-nodes',
			private: true,
			dependencies: {},
		});
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

	/** Runs a workflow from its manual trigger. Whether it succeeded is in the result. */
	async execute(workflowId: string): Promise<Execution> {
		const { stdout } = await this.command('execute', `--id=${workflowId}`, '--rawOutput');
		return parseExecution(stdout);
	}

	/** Settles when n8n takes requests. */
	async start(): Promise<void> {
		this.server = await this.launch('start', this.logFile);
		await this.untilReady(this.origin, this.ended());
	}

	/** A worker beside the server, for n8n's queue mode. Settles when it takes executions. */
	async startWorker(name: string): Promise<Worker> {
		const port = await freePort();
		const logFile = join(this.folder, `${name}.log`);
		const worker = await this.launch('worker', logFile, {
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: String(port),
		});
		await this.untilReady(`http://${LOOPBACK}:${port}`, endOf(worker, logFile));
		return { ...worker, logFile };
	}

	/** Rejects when the server ends without having been asked to. */
	async ended(): Promise<never> {
		return await endOf(this.server, this.logFile);
	}

	async stop(): Promise<void> {
		await this.server?.stop();
		this.server = undefined;
	}

	/** Ends the server at once (SIGKILL). */
	async kill(): Promise<void> {
		await this.server?.kill();
		this.server = undefined;
	}

	/** Runs an n8n command, such as `publish:workflow`. */
	async command(...args: string[]): Promise<{ stdout: string; output: string; exitCode?: number }> {
		return await run(this.installed.node, [this.installed.bin, ...args], {
			cwd: this.folder,
			env: await this.environment(),
		});
	}

	private async changePackages(...args: string[]): Promise<void> {
		const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'];
		const { exitCode, output } = await npm([...args, ...quiet], this.nodes);
		if (exitCode === 0) return;
		throw new Problem(`npm ${args[0]} of the package failed in n8n:`, '', lastLines(output));
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

	/** Every n8n process needs a port of its own for its task runners. */
	private async environment(): Promise<Environment> {
		const { folder, port, owner } = this;
		const { node } = this.installed;
		const brokerPort = await freePort();
		return n8nEnvironment({ folder, node, port, brokerPort, owner }, this.env);
	}

	private async launch(command: string, logFile: string, more?: Environment): Promise<Launched> {
		await writeFile(logFile, '');
		return launch(
			this.installed.node,
			['--require', END_WITH_PARENT, this.installed.bin, command],
			{
				cwd: this.folder,
				env: { ...(await this.environment()), ...more },
				logFile,
				ipc: true,
			},
		);
	}

	private async untilReady(origin: string, ended: Promise<never>): Promise<void> {
		const asking = new AbortController();
		try {
			await Promise.race([this.ready(origin, asking.signal), ended]);
		} finally {
			asking.abort();
		}
	}

	private async ready(origin: string, signal: AbortSignal): Promise<void> {
		const deadline = Date.now() + READY_WITHIN_MS;
		while (Date.now() < deadline && !signal.aborted) {
			if (await answers(origin)) return;
			await sleep(ASK_EVERY_MS);
		}
		throw new Problem(
			`n8n is not ready after ${READY_WITHIN_MS / 1000} s. Its logs are in ${this.folder}`,
		);
	}
}

async function answers(origin: string): Promise<boolean> {
	const url = `${origin}/healthz/readiness`;
	const options = { proxy: false, timeout: 5_000, validateStatus: () => true } as const;
	const answer = await axios.get(url, options).catch(() => undefined);
	return answer?.status === 200;
}

async function endOf(server: Launched | undefined, logFile: string): Promise<never> {
	await server?.finished;
	throw new Problem(
		`n8n stopped by itself. The last lines of ${logFile}:`,
		'',
		lastLines(await readFile(logFile, 'utf8')),
	);
}

/** The account to sign in with. It belongs to the folder, so a browser stays signed in. */
async function ownerOf(folder: string, { dir }: InstalledN8n): Promise<Owner> {
	const file = join(folder, 'owner.json');
	if (!existsSync(file)) {
		const password = `Vizdom-${randomBytes(6).toString('hex')}`;
		const bcrypt = createRequire(join(dir, 'package.json'))('bcryptjs') as {
			hash: (password: string, rounds: number) => Promise<string>;
		};
		const passwordHash = await bcrypt.hash(password, 10);
		await writeIfMissing(file, { email: 'owner@example.com', password, passwordHash });
	}
	return JSON.parse(await readFile(file, 'utf8')) as Owner;
}

async function writeIfMissing(file: string, content: unknown): Promise<void> {
	if (existsSync(file)) return;
	await writeFile(file, JSON.stringify(content, null, '\t'), { mode: 0o600 });
}
