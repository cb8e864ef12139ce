import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { checkout, installName, oldestProject, pinnedProject } from '../n8n/paths.mts';
import { checkPorts, wantedPort } from '../n8n/ports.mts';
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

test('the error of a workflow names the node, and that of n8n is quoted', () => {
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
])('the %s n8n is installed under its own name, and the README claims it', (_, project) => {
	expect(installName(project)).toMatch(/^n8n-[0-9a-f]{12}$/);
	expect(installName(oldestProject)).not.toBe(installName(pinnedProject));
	const { dependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
		dependencies: { n8n: string };
	};
	const readme = readFileSync(join(checkout, 'README.md'), 'utf8');
	expect(readme.match(/(?<=\| n8n )[\d.]+(?= )/g)).toContain(dependencies.n8n);
});

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
