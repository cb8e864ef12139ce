/** `npm run sandbox`: the Vizdom sandbox alone. */
import { describeDialect, wantedDialect } from '../n8n/dialect.mts';
import { checkPorts, wantedPort } from '../n8n/ports.mts';
import { checkArguments, runProgram } from '../n8n/program.mts';
import type { Sandbox } from './sandbox.mts';
import { startSandbox } from './server.mts';

await runProgram(serve, 0);

async function serve(interrupted: Promise<void>): Promise<void> {
	checkArguments();
	const wanted = wantedPort('SANDBOX_PORT', 4010, 'the Vizdom sandbox');
	const settings = { dialect: wantedDialect() };
	await checkPorts([wanted]);
	const sandbox = await startSandbox({ port: wanted.port, settings });
	console.log(welcome(sandbox));
	await interrupted;
	await sandbox.close();
}

function welcome(sandbox: Sandbox): string {
	const { origin, baseUrl, keys } = sandbox;
	return `
Vizdom sandbox: ${baseUrl}
${describeDialect(sandbox)}
  API keys   Admin   ${keys.admin}
             Editor  ${keys.editor}
             Viewer  ${keys.viewer}

  Try it     curl -H "Authorization: Bearer ${keys.admin}" "${baseUrl}/dashboards?limit=2"

  Slow it    curl -X PATCH ${origin}/sandbox -d '{"settings": {"latencyMs": 500}}'
  Break it   curl -X PATCH ${origin}/sandbox -d '{"faults": [{"path": "/exports", "status": 500, "times": 3}]}'
  Fill it    curl -X PATCH ${origin}/sandbox -d '{"records": {"dashboards": 10000}}'
  Swell it   curl -X PATCH ${origin}/sandbox -d '{"settings": {"exportFileBytes": 1000000000}}'
  Speak      curl -X PATCH ${origin}/sandbox -d '{"settings": {"dialect": "page-number"}}'
  Look       curl ${origin}/sandbox            settings, faults, counts
             curl ${origin}/sandbox/requests   every request so far
  Join       curl -X POST ${origin}/sandbox/users/{id}/accept   an invited person accepts
  Start over curl -X POST ${origin}/sandbox/reset

Ctrl-C stops it.
`;
}
