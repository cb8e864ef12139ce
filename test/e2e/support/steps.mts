import { copyFile, mkdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Page } from 'playwright-core';
import { checkout } from '../../n8n/paths.mts';

/** What to look at if a step fails. */
interface Evidence {
	page?: Page;
	logFile?: string;
}

/** Does the work of a step, then takes a screenshot if a picture's name is given. */
type Step = <T>(name: string, work: () => Promise<T>, picture?: string) => Promise<T>;

/**
 * The steps of a file's cases. A failed step gives its name and where its picture and n8n's log
 * are: in e2e-results/, in a folder for the file and the case.
 */
export function useSteps(file: string, evidence: () => Evidence): Step {
	const results = join(checkout, 'e2e-results', file);
	let pictures = 0;
	beforeAll(async () => await rm(results, { recursive: true, force: true }));
	beforeEach(() => {
		pictures = 0;
	});

	/** The path of the running case's next picture, without extension. */
	const place = async (name: string): Promise<string> => {
		const folder = join(results, slug(expect.getState().currentTestName ?? 'before the tests'));
		await mkdir(folder, { recursive: true });
		return join(folder, `${String(++pictures).padStart(2, '0')}-${slug(name)}`);
	};

	return async (name, work, picture) => {
		try {
			const result = await work();
			if (picture) await photographAtRest(evidence(), await place(picture));
			return result;
		} catch (error) {
			const files = await collect(evidence(), await place(`failed ${name}`));
			const shown = files.map((file) => relative(checkout, file));
			throw new Error([`The step "${name}" failed.`, ...shown].join('\n'), { cause: error });
		}
	};
}

const AT_REST = "document.getAnimations().every(({ playState }) => playState !== 'running')";

/** When nothing, such as a message that slides in, moves any more. */
async function photographAtRest(evidence: Evidence, place: string): Promise<void> {
	await evidence.page?.waitForFunction(AT_REST);
	await photograph(evidence, place);
}

async function photograph({ page }: Evidence, place: string): Promise<string[]> {
	if (!page) return [];
	await page.screenshot({ path: `${place}.png` });
	return [`${place}.png`];
}

async function collect(evidence: Evidence, place: string): Promise<string[]> {
	const pictures = await photograph(evidence, place).catch(() => []);
	const { logFile } = evidence;
	if (!logFile || !existsSync(logFile)) return pictures;
	await copyFile(logFile, `${place}.log`);
	return [...pictures, `${place}.log`];
}

function slug(text: string): string {
	return text
		.replace(/[^a-z0-9]+/gi, '-')
		.replace(/^-|-$/g, '')
		.toLowerCase();
}
