import { checkArguments } from '../n8n/program.mts';
import type { Sandbox } from './sandbox.mts';
import { startSandbox } from './server.mts';

const DEFAULT_PORT = 4010;

function wantedPort(): number {
	const text = process.env.SANDBOX_PORT ?? String(DEFAULT_PORT);
	const port = Number(text);
	if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
	throw new Error(`SANDBOX_PORT must be a port number from 0 to 65535, not "${text}".`);
}

function welcome({ origin, baseUrl, keys }: Sandbox): string {
	return `
Vizdom sandbox: ${baseUrl}

  API keys   Admin   ${keys.admin}
             Editor  ${keys.editor}
             Viewer  ${keys.viewer}

  Try it     curl -H "Authorization: Bearer ${keys.admin}" "${baseUrl}/dashboards?limit=2"

  Slow it    curl -X PATCH ${origin}/sandbox -d '{"settings": {"latencyMs": 500}}'
  Break it   curl -X PATCH ${origin}/sandbox -d '{"faults": [{"path": "/exports", "status": 500, "times": 3}]}'
  Fill it    curl -X PATCH ${origin}/sandbox -d '{"records": {"dashboards": 10000}}'
  Swell it   curl -X PATCH ${origin}/sandbox -d '{"settings": {"exportFileBytes": 1000000000}}'
  Look       curl ${origin}/sandbox            settings, faults, counts
             curl ${origin}/sandbox/requests   every request so far
  Join       curl -X POST ${origin}/sandbox/users/{id}/accept   an invited person accepts
  Start over curl -X POST ${origin}/sandbox/reset

Ctrl-C stops it.
`;
}

function stopOnSignal(sandbox: Sandbox): void {
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => void sandbox.close());
	}
}

async function main(): Promise<void> {
	checkArguments();
	const sandbox = await startSandbox({ port: wantedPort() });
	stopOnSignal(sandbox);
	console.log(welcome(sandbox));
}

function explain(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	const taken = message.includes('already in use');
	return taken ? `${message} Choose another one: SANDBOX_PORT=4011 npm run sandbox` : message;
}

try {
	await main();
} catch (error) {
	console.error(explain(error));
	process.exitCode = 1;
}
