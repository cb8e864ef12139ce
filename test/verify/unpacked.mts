import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { pack } from '../n8n/package-under-test.mts';
import { lastLines, Problem } from '../n8n/problem.mts';
import { plainEnvironment, run } from '../n8n/processes.mts';

/** The package as npm would have it. */
export interface Unpacked {
	folder: string;
	/** Of the tarball, in bytes */
	size: number;
	/** The text of each file, by path */
	files: Map<string, string>;
}

/** Packs the package and unpacks it again. */
export async function unpack(into: string): Promise<Unpacked> {
	const tarball = await pack(into);
	const folder = path.join(into, 'package');
	await mkdir(folder);
	const args = ['-xzf', tarball, '-C', folder, '--strip-components=1'];
	const { exitCode, output } = await run('tar', args, { cwd: into, env: plainEnvironment() });
	if (exitCode !== 0) throw new Problem('The tarball cannot be unpacked:', '', lastLines(output));
	return { folder, size: (await stat(tarball)).size, files: await filesIn(folder) };
}

async function filesIn(folder: string): Promise<Map<string, string>> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries
		.filter((entry) => !entry.isDirectory())
		.map((entry) => path.join(entry.parentPath, entry.name));
	return new Map(
		await Promise.all(
			files.map(
				async (file): Promise<[string, string]> => [
					path.relative(folder, file),
					await readFile(file, 'utf8'),
				],
			),
		),
	);
}
