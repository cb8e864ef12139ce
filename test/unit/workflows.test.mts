import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { checkout } from '../n8n/paths.mts';

interface Step {
	uses?: string;
	run?: string;
	with?: Record<string, unknown>;
	env?: Record<string, string>;
}

interface Job {
	steps: Step[];
	'timeout-minutes'?: number;
	strategy?: { matrix: { part: string[] } };
	needs?: string;
	environment?: string;
	permissions?: Record<string, string>;
}

interface Workflow {
	permissions: Record<string, string>;
	jobs: Record<string, Job>;
}

const folder = join(checkout, '.github/workflows');
const workflows = readdirSync(folder).map((name) => {
	const text = readFileSync(join(folder, name), 'utf8');
	return { name, text, workflow: parse(text) as Workflow };
});
const jobs = workflows.flatMap(({ name, workflow }) =>
	Object.entries(workflow.jobs).map(([id, job]) => ({
		name: `${name}: ${id}`,
		...job,
		permissions: job.permissions ?? workflow.permissions,
	})),
);
const isTrusted = ({ permissions }: Job) => permissions?.['id-token'] === 'write';
const runsOf = ({ steps }: Job) => steps.flatMap(({ run = '' }) => run.split('\n'));

test.each(workflows)('$name pins each action to a commit, and names its version', ({ text }) => {
	const uses = text.split('\n').filter((line) => /\buses:/.test(line));
	expect(uses).not.toEqual([]);
	for (const line of uses) {
		expect(line).toMatch(/^\s+(- )?uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
	}
});

test('No checkout leaves a token in the clone', () => {
	const checkouts = jobs
		.flatMap(({ steps }) => steps)
		.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
	expect(checkouts.length).toBeGreaterThan(1);
	for (const step of checkouts) expect(step.with?.['persist-credentials']).toBe(false);
});

test('A job that can publish runs no code of the repository or its dependencies', () => {
	const [publish, ...others] = jobs.filter(isTrusted);
	expect([publish?.name, publish?.environment, others]).toEqual([
		'publish.yml: publish',
		'npm',
		[],
	]);
	const actions = publish?.steps.flatMap(({ uses }) => uses?.split('@')[0] ?? []);
	expect(actions).toEqual(['actions/setup-node', 'actions/download-artifact']);
	const commands = publish && runsOf(publish).filter((line) => /\b(npm|npx|node)\b/.test(line));
	expect(commands?.map((line) => /^npm publish|npm config/.exec(line)?.[0])).toEqual([
		'npm config',
		'npm config',
		'npm publish',
	]);
	expect(commands?.at(-1)).toContain('./*.tgz --ignore-scripts --provenance');
	const secrets = jobs.filter(({ steps }) => JSON.stringify(steps).includes('secrets.'));
	expect(secrets.map(({ name }) => name)).toEqual(['publish.yml: publish']);
});

test('Only a checked commit of main is published', () => {
	const { build, publish } = workflows.find(({ name }) => name === 'publish.yml')?.workflow
		.jobs as Record<'build' | 'publish', Job>;
	expect(publish.needs).toBe('build');
	expect(build.steps[0]?.with?.['fetch-depth']).toBe(0);
	const commands = runsOf(build);
	const wanted = ['git merge-base --is-ancestor HEAD origin/main', 'npm ci', 'npm run lint'];
	wanted.push('npm test', 'npm run verify', 'npm pack --ignore-scripts');
	expect(commands.filter((line) => wanted.includes(line))).toEqual(wanted);
});

test('All parts of .ci/run check a pull request, each but the last within 6 minutes', () => {
	const { jobs: parts } = workflows.find(({ name }) => name === 'ci.yml')!.workflow;
	const { checks, e2e } = parts as Record<'checks' | 'e2e', Job>;
	const run = readFileSync(join(checkout, '.ci/run'), 'utf8');
	const all = /set -- (.+)/.exec(run)?.[1]?.split(' ');
	expect([...(checks.strategy?.matrix.part ?? []), 'e2e']).toEqual(all);
	expect(runsOf(checks)).toContain('.ci/run ${{ matrix.part }}');
	expect(runsOf(e2e)).toContain('.ci/run e2e');
	expect(checks['timeout-minutes']).toBe(6);
});

test('Only the publishing job may do more than read', () => {
	for (const job of jobs.filter((one) => !isTrusted(one))) {
		expect([job.name, job.permissions]).toEqual([job.name, { contents: 'read' }]);
	}
});
