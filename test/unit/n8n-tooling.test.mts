import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { cacheFolder, checkout, installName, oldestProject, pinnedProject } from '../n8n/paths.mts';
import { compilerMissing, explainNpmFailure } from '../n8n/install-problems.mts';
import { npmEnvironment } from '../n8n/npm.mts';
import { checkPorts, wantedPort } from '../n8n/ports.mts';
import { formatSeconds } from '../n8n/progress.mts';
import { errorOf, itemsOf, nodesOf, parseExecution } from '../n8n/run-data.mts';
import { describeNode } from '../n8n/summary.mts';

describe('the output of `n8n execute`', () => {
	const execution = {
		status: 'success',
		data: {
			resultData: {
				runData: {
					Second: [
						{
							executionIndex: 1,
							data: { main: [[{ json: { id: 'b' } }], null, [{ json: { id: 'c' } }]] },
						},
					],
					First: [{ executionIndex: 0, data: { main: [[{ json: { text: '{\n}' } }]] } }],
				},
			},
		},
	};
	const json = JSON.stringify(execution, null, 2);
	const stdout = `n8n Task Broker ready on 127.0.0.1, port 5679\n{ not: json }\n${json}\nStopping n8n...\n}\n`;

	it('is read from between the log lines', () => {
		expect(parseExecution(stdout)).toEqual(execution);
	});

	it('gives the nodes in the order in which they ran, and all their items', () => {
		const parsed = parseExecution(stdout);
		expect(nodesOf(parsed)).toEqual(['First', 'Second']);
		expect(itemsOf(parsed, 'Second').map(({ json }) => json.id)).toEqual(['b', 'c']);
		expect(itemsOf(parsed, 'Not there')).toEqual([]);
		expect(errorOf(parsed)).toBeUndefined();
	});

	it('tells which node failed and why', () => {
		const failed = parseExecution(
			JSON.stringify(
				{
					status: 'error',
					data: {
						resultData: {
							runData: {},
							error: { message: 'No such dashboard', node: { name: 'Export' } },
						},
					},
				},
				null,
				2,
			),
		);
		expect(errorOf(failed)).toBe('Export: No such dashboard');
	});

	it('is quoted when it holds no result', () => {
		expect(() => parseExecution('The workflow with the id "x" does not exist.')).toThrow(
			'The workflow with the id "x" does not exist.',
		);
	});
});

describe('the cache folder', () => {
	it('is where XDG_CACHE_HOME says, else in the home folder', () => {
		expect(cacheFolder({ XDG_CACHE_HOME: '/caches' })).toBe('/caches/n8n-nodes-vizdom');
		expect(cacheFolder({ HOME: '/home/ada' })).toBe('/home/ada/.cache/n8n-nodes-vizdom');
	});

	it('names an installation after what it pins', () => {
		expect(installName()).toMatch(/^n8n-[0-9a-f]{12}$/);
		expect(installName()).toBe(installName());
		expect(installName(oldestProject)).toMatch(/^n8n-[0-9a-f]{12}$/);
		expect(installName(oldestProject)).not.toBe(installName());
	});
});

it.each([
	['oldest', oldestProject],
	['newest', pinnedProject],
])('the README claims the %s n8n that is tested', (_, project) => {
	const { dependencies } = JSON.parse(textOf(join(project, 'package.json'))) as {
		dependencies: { n8n: string };
	};
	const claimed = textOf(join(checkout, 'README.md')).match(/(?<=\| n8n )[\d.]+(?= )/g);
	expect(claimed).toContain(dependencies.n8n);
	expect(claimed).toHaveLength(2);
});

function textOf(path: string): string {
	return readFileSync(path, 'utf8');
}

describe('a failed installation', () => {
	it.each([
		['npm error code ENOSPC', 'The disk is full'],
		['npm error code ECONNREFUSED', 'The npm registry cannot be reached'],
		['npm error code EAI_AGAIN', 'The npm registry cannot be reached'],
		['npm error code E403', 'refused access'],
		['npm error code ETARGET', 'does not have a package'],
		['npm error code EACCES', 'could not be written to'],
		['npm error something new', 'did not say why'],
	])('%s is put in words', (output, words) => {
		const { message } = explainNpmFailure('n8n could not be installed.', output, 'details');
		expect(message).toContain('n8n could not be installed.');
		expect(message).toContain(words);
		expect(message).toContain('details');
	});

	it.each([
		['linux', 'apt install'],
		['darwin', 'brew install'],
	] as const)('names the missing compiler and how to get it on %s', (platform, command) => {
		const { message } = compilerMissing(['make', 'g++'], platform);
		expect(message).toContain('no make, no g++');
		expect(message).toContain(command);
	});
});

describe('npm', () => {
	it('gets the settings of the user but not those of the checkout', () => {
		const env = npmEnvironment({
			PATH: '/bin',
			npm_config_registry: 'http://mirror.test/',
			npm_config_ignore_scripts: 'true',
			npm_config_local_prefix: '/checkout',
			npm_lifecycle_event: 'start',
			N8N_PORT: '1',
		});
		expect(env).toEqual({ PATH: '/bin', npm_config_registry: 'http://mirror.test/' });
	});
});

describe('ports', () => {
	let server: Server;
	beforeEach(async () => {
		server = createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	});
	afterEach(() => server.close());

	it('that are taken are named, with the variable to set', async () => {
		const { port } = server.address() as AddressInfo;
		const wanted = wantedPort('N8N_PORT', port, 'n8n', {});
		await expect(checkPorts([wanted])).rejects.toThrow(
			new RegExp(`Port ${port}, where n8n would listen, is taken[^]*N8N_PORT=\\d+`),
		);
	});

	it('must be numbers, and must differ', async () => {
		expect(() => wantedPort('N8N_PORT', 1, 'n8n', { N8N_PORT: 'abc' })).toThrow('N8N_PORT=abc');
		const one = wantedPort('N8N_PORT', 5678, 'n8n', {});
		const other = wantedPort('SANDBOX_PORT', 1, 'the sandbox', { SANDBOX_PORT: '5678' });
		await expect(checkPorts([one, other])).rejects.toThrow('must differ');
	});
});

describe('what is shown', () => {
	it('counts items, shortens lists and values, and names files', () => {
		const items = Array.from({ length: 5 }, (_, index) => ({
			json: { id: `id${index}`, text: 'x'.repeat(100) },
		}));
		const file = { data: '', mimeType: 'application/pdf', fileName: 'a.pdf', fileSize: '2 kB' };
		expect(describeNode('List', items)).toMatch(
			/^List: 5 items\n {2}id id0, text x+\.\.\.\n[^]*and 2 more$/,
		);
		expect(describeNode('Export', [{ json: {}, binary: { data: file } }])).toBe(
			'Export: 1 item\n  file "data": a.pdf, application/pdf, 2 kB',
		);
	});

	it('writes durations as people do', () => {
		expect(formatSeconds(59.4)).toBe('59 s');
		expect(formatSeconds(125)).toBe('2 min 05 s');
	});
});
