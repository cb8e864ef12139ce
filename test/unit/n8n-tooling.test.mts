import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { wantedDialect } from '../n8n/dialect.mts';
import { checkout, installName, oldestProject, pinnedProject } from '../n8n/paths.mts';
import { checkPorts, wantedPort } from '../n8n/ports.mts';
import { printable, printableLine } from '../n8n/printable.mts';
import { Problem } from '../n8n/problem.mts';
import { launch } from '../n8n/processes.mts';
import { describeNode, errorOf, itemsOf, nodesOf, parseExecution } from '../n8n/run-data.mts';

test('the output of `n8n execute` is read from between the log lines', () => {
	const outputs = [[{ json: { id: 'b' } }], null, [{ json: { id: 'c' } }]];
	const runData = {
		Second: [{ executionIndex: 1, data: { main: outputs } }],
		First: [{ executionIndex: 0, data: { main: [[{ json: { text: '{\n}' } }]] } }],
	};
	const json = JSON.stringify({ status: 'success', data: { resultData: { runData } } }, null, 2);
	const parsed = parseExecution(`n8n ready\n{ not: json }\n${json}\nStopping n8n...\n}\n`);
	expect(nodesOf(parsed)).toEqual(['First', 'Second']);
	expect(itemsOf(parsed, 'Second').map((item) => item.json.id)).toEqual(['b', 'c']);
	expect(errorOf(parsed)).toBeUndefined();
});

test("a workflow's error names the node, and n8n's is quoted", () => {
	const error = { message: 'No such dashboard', node: { name: 'Export' } };
	const failed = { status: 'error', data: { resultData: { runData: {}, error } } };
	expect(errorOf(failed)).toBe('Export: No such dashboard');
	expect(() => parseExecution('There is no workflow "x".')).toThrow('There is no workflow "x".');
});

test('a node is described by its first items and its files', () => {
	const file = { data: '', mimeType: 'application/pdf', fileName: 'a.pdf', fileSize: '2 kB' };
	const items = Array(5).fill({ json: { id: 'a', text: 'x'.repeat(100) }, binary: { file } });
	expect(describeNode('Export', items)).toMatch(
		/^Export: 5 items\n {2}\{ id: 'a', text: 'x+'\.\.\. .+\}\n {2}file a\.pdf, .+, 2 kB\n[^]+and 2 more$/,
	);
});

test.each([
	['oldest', oldestProject],
	['newest', pinnedProject],
])(
	'the %s n8n is installed under its own name, and docs/compatibility.md names it',
	(_, project) => {
		expect(installName(project)).toMatch(/^n8n-[0-9a-f]{12}$/);
		expect(installName(oldestProject)).not.toBe(installName(pinnedProject));
		const { dependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
			dependencies: { n8n: string };
		};
		const compatibility = readFileSync(join(checkout, 'docs/compatibility.md'), 'utf8');
		expect(compatibility.match(/(?<=\| n8n )[\d.]+(?= )/g)).toContain(dependencies.n8n);
	},
);

test('a port that is not free or not a number is named, with the variable to set', async () => {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const wanted = wantedPort('N8N_PORT', port, 'n8n', {});
	await expect(checkPorts([wanted])).rejects.toThrow(
		new RegExp(`Port ${port}, where n8n would listen, is taken[^]*N8N_PORT=\\d+`),
	);
	server.close();
	expect(() => wantedPort('N8N_PORT', 1, 'n8n', { N8N_PORT: 'abc' })).toThrow('N8N_PORT=abc');
	const same = wantedPort('SANDBOX_PORT', 1, 'the sandbox', { SANDBOX_PORT: '15678' });
	await expect(checkPorts([same, same])).rejects.toThrow('SANDBOX_PORT=');
});

describe('text from outside', () => {
	const red = '\u001b[31m';
	const hostile = `a${red}b\u009b2Jc\rd\b\u0000\u007f\u001b]0;title\u0007e\u202ef`;

	test('is printed without control characters', () => {
		expect(printable(`${hostile}\n\tg ä 日本`)).toBe('abcdef\n\tg ä 日本');
		expect(printableLine(`a\r\n${red}Password: b`)).toBe('a Password: b');
	});

	test.each([
		['a problem', () => new Problem('No such thing', hostile).message],
		['a dialect', () => messageOf(() => wantedDialect({ SANDBOX_DIALECT: hostile }))],
		['a port', () => messageOf(() => wantedPort('N8N_PORT', 1, 'n8n', { N8N_PORT: hostile }))],
	])('is printed like that in %s', (_what, message) => {
		expect(message()).toContain('abcdef');
		expect(message()).not.toMatch(/(?!\n)\p{Cc}/u);
	});

	test.each(['demo', 'start'])('is printed like that by npm run %s', async (program) => {
		const env = { SANDBOX_DIALECT: hostile.replace('\0', ''), N8N_PORT: hostile.replace('\0', '') };
		const args = ['--import', 'tsx', `test/n8n/${program}.mts`];
		const { all, exitCode } = await execa('node', args, { env, all: true, reject: false });
		expect(exitCode).toBe(1);
		expect(all).toContain('abcdef');
		expect(all).not.toMatch(/(?!\n)\p{Cc}/u);
	});

	test('is logged like that, without keys', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'n8n-tooling-'));
		const file = join(folder, 'n8n.log');
		const texts = [
			`${hostile}`,
			'key vizdom-sandbox-admin',
			'"authorization":"Bearer a-real-key","x":1',
			`vizdom-${red}sandbox-viewer`,
		];
		const script = texts.map((text) => `console.error(${JSON.stringify(text)});`).join('');
		const output = { file, append: true } as const;
		const env = { PATH: String(process.env.PATH) };
		await launch(process.execPath, ['-e', script], { cwd: folder, env, output }).finished;
		const log = readFileSync(file, 'utf8');
		rmSync(folder, { recursive: true });
		expect(log.trim().split('\n')).toEqual([
			'abcdef',
			'key [API key]',
			'"authorization":"Bearer [API key]","x":1',
			'[API key]',
		]);
	});

	function messageOf(act: () => unknown): string {
		try {
			act();
		} catch (error) {
			return (error as Error).message;
		}
		return '';
	}
});
