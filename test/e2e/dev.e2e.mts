import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { N8n } from '../n8n/instance.mts';
import { keepBuilding, pack, reloading, untilWatched } from '../n8n/package-under-test.mts';
import { checkout } from '../n8n/paths.mts';
import { temporaryFolder, useCleanUp } from './support/cleanUp.mts';
import { openN8n } from './support/n8n.mts';
import { Session } from './support/session.mts';
import { useSteps } from './support/steps.mts';
import { waitFor } from './support/wait.mts';

const cleanUp = useCleanUp();
const step = useSteps('dev', () => ({ logFile: n8n?.logFile }));
let n8n: N8n;
let source: string;

beforeAll(async () => {
	source = await temporaryFolder(cleanUp);
	for (const name of ['nodes', 'credentials', 'tsconfig.json']) {
		await cp(join(checkout, name), join(source, name), { recursive: true });
	}
	await symlink(join(checkout, 'node_modules'), join(source, 'node_modules'));
	n8n = await openN8n(cleanUp, reloading);
	await n8n.installPackage(await pack(n8n.folder));
	keepBuilding(n8n, source);
	await n8n.start();
	await untilWatched(n8n);
});

test('a change while n8n runs takes effect a moment later', async () => {
	const session = await Session.signIn(n8n);
	const described = async (text: string) => (await session.nodeTypes()).includes(text);
	const file = join(source, 'nodes/VizdomUser/operations/get.ts');
	const text = await readFile(file, 'utf8');
	expect(await described('Find somebody')).toBe(false);
	await step('change a description', async () => {
		await writeFile(file, text.replace('Retrieve a user', 'Find somebody'));
		await waitFor('the new description', async () => await described('Find somebody'), 60);
	});
});
