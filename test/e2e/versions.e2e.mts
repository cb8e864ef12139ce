import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureN8n, type InstalledN8n } from '../n8n/install.mts';
import { checkout, oldestProject, pinnedProject } from '../n8n/paths.mts';
import { plainEnvironment, run, type Environment } from '../n8n/processes.mts';
import { useCleanUp } from './support/cleanUp.mts';
import { useSteps } from './support/steps.mts';

/** For two slow cores. */
const ENGINE_TESTS_WITHIN_MS = 900_000;
const JEST = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];

useCleanUp();
const step = useSteps('versions', () => ({}));

describe.each([
	{ version: 'oldest', project: oldestProject, option: ['--oldest'] },
	{ version: 'newest', project: pinnedProject, option: [] },
])('the $version n8n', ({ project, option }) => {
	let n8n: InstalledN8n;
	beforeAll(async () => {
		n8n = await ensureN8n(project);
	}, ENGINE_TESTS_WITHIN_MS);

	test(
		'passes the engine tests in its own engine',
		async () => {
			const output = await step(`run the engine tests in n8n ${n8n.version}`, async () => {
				const env = { N8N_MODULES: join(n8n.dir, 'node_modules') };
				return await succeed([...JEST, '--config', 'jest.versions.config.mjs'], env);
			});
			expect(output).toMatch(/Tests: +[1-9]\d* passed, [1-9]\d* total/);
		},
		ENGINE_TESTS_WITHIN_MS,
	);

	test('runs the demo', async () => {
		const folder = join(checkout, 'demo-output');
		await rm(folder, { recursive: true, force: true });
		await step(`run the demo with n8n ${n8n.version}`, async () => {
			const output = await succeed(['--import', 'tsx', 'test/n8n/demo.mts', ...option]);
			expect(output).toContain(`n8n ${n8n.version} runs`);
		});
		const [file] = await readdir(folder);
		expect(file).toMatch(/\.pdf$/);
	});

	/** Runs a command of this repository with the Node.js of that n8n. */
	async function succeed(args: string[], more: Environment = {}): Promise<string> {
		const env = { ...plainEnvironment(), ...more };
		return (await run(n8n.node, args, { cwd: checkout, env })).output;
	}
});
