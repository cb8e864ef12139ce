/**
 * `npm start`: a real n8n with the package, and stand-ins for Vizdom, Slack and mail. `npm run dev`
 * also builds the package after each change, and n8n reloads it.
 */
import { rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../sandbox/server.mts';
import { describeDialect, wantedDialect } from './dialect.mts';
import {
	example,
	exampleNames,
	provision,
	sandboxCredential,
	viewerCredential,
} from './examples.mts';
import { ensureN8n } from './install.mts';
import { N8n } from './instance.mts';
import {
	buildIfNeeded,
	keepBuilding,
	pack,
	reloading,
	untilWatched,
} from './package-under-test.mts';
import { userFolder } from './paths.mts';
import { printableLine } from './printable.mts';
import { checkPorts, wantedPort } from './ports.mts';
import { Problem } from './problem.mts';
import { isRunning } from './processes.mts';
import { checkArguments, runProgram } from './program.mts';
import { startStandIns } from './standIns/standIns.mts';

const WATCHING = `
  A change in nodes/ or credentials/ is built and loaded by itself: what the compiler says is shown below.
`;

await runProgram(start, 0);

async function start(interrupted: Promise<void>): Promise<void> {
	checkArguments('--watch');
	const watching = process.argv.includes('--watch');
	const n8nPort = wantedPort('N8N_PORT', 5678, 'n8n');
	const sandboxPort = wantedPort('SANDBOX_PORT', 4010, 'the Vizdom sandbox');
	const settings = { dialect: wantedDialect() };
	const folder = userFolder();
	await claim(folder);
	await checkPorts([n8nPort, sandboxPort]);
	await buildIfNeeded();
	const installed = await ensureN8n();
	const { env, credentials } = await startStandIns(folder, (line) =>
		console.log(printableLine(line)),
	);
	const sandbox = await startSandbox({ port: sandboxPort.port, settings });
	const n8n = await N8n.open(installed, folder, {
		port: n8nPort.port,
		env: { ...env, ...(watching && reloading) },
	});
	console.log('Starting n8n ...');
	await n8n.installPackage(await pack(folder));
	if (watching) keepBuilding(n8n);
	await provision(n8n, [sandboxCredential(sandbox), viewerCredential(sandbox), ...credentials]);
	await n8n.start();
	if (watching) await Promise.race([untilWatched(n8n), n8n.ended()]);
	console.log(greeting(n8n, sandbox, watching));
	await Promise.race([interrupted, n8n.ended()]);
	await n8n.stop();
	console.log('n8n and its stand-ins have stopped.');
}

/** Two servers would corrupt their database. */
async function claim(folder: string): Promise<void> {
	const file = join(folder, 'running.pid');
	const other = await readFile(file, 'utf8').catch(() => '');
	if (other && isRunning(Number(other))) {
		throw new Problem(`n8n of this checkout is already running (process ${other}). Stop it first.`);
	}
	await mkdir(folder, { recursive: true, mode: 0o700 });
	await writeFile(file, String(process.pid));
	process.once('exit', () => rmSync(file, { force: true }));
}

function greeting(n8n: N8n, sandbox: Sandbox, watching: boolean): string {
	const { baseUrl, keys } = sandbox;
	const examples = exampleNames().map((name) => `    ${example(name).name}`);
	return `
n8n is running, with the Vizdom nodes and credentials for everything that the examples use.

  Open       ${n8n.origin}
  E-mail     ${n8n.owner.email}
  Password   ${n8n.owner.password}

  Examples, under Overview > Workflows:
${examples.join('\n')}

  Vizdom sandbox   ${baseUrl}
    admin key      ${keys.admin}
    editor key     ${keys.editor}
    viewer key     ${keys.viewer}
${describeDialect(sandbox)}
  What the examples send stays on this machine: in this n8n, and only here, slack.com leads to a
  stand-in, and the credential "Mail stand-in" to a mail server. What they get is shown below.

  Log of n8n   ${n8n.logFile}
${watching ? WATCHING : ''}
Ctrl-C stops everything.
`;
}
