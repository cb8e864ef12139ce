import { dialectNames, dialects, type DialectName } from '../sandbox/dialects.mts';
import type { Sandbox } from '../sandbox/sandbox.mts';
import { Problem } from './problem.mts';

/** @throws {Problem} if the sandbox has no dialect with the name in SANDBOX_DIALECT */
export function wantedDialect(env: NodeJS.ProcessEnv = process.env): DialectName {
	const wanted = env.SANDBOX_DIALECT || 'assumed';
	const known = dialectNames.find((name) => name === wanted);
	if (known) return known;
	throw new Problem(
		`SANDBOX_DIALECT=${wanted} is not a dialect of the sandbox. These are:`,
		...dialectNames.map((name) => `  ${name.padEnd(26)} ${dialects[name].about}`),
	);
}

/** For a welcome text; empty for the assumed dialect. */
export function describeDialect({ origin, settings }: Sandbox): string {
	const { dialect } = settings;
	if (dialect === 'assumed') return '';
	return `
  Dialect    ${dialect}: ${dialects[dialect].about}
  Change it  curl -X PATCH ${origin}/sandbox -d '{"settings": {"dialect": "assumed"}}'
`;
}
