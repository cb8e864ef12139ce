// @ts-expect-error It comes without types.
import * as untyped from '@n8n/scan-community-package/scanner/scanner.mjs';
import { checkout } from '../n8n/paths.mts';

interface Result {
	passed: boolean;
	message?: string;
	details?: string;
}

const { analyzePackage, SOURCE_FILE_PATTERNS } = untyped as {
	analyzePackage: (folder: string, patterns: string[]) => Promise<Result>;
	SOURCE_FILE_PATTERNS: string[];
};

/** What n8n's scanner reads of the commit that a package was built from. */
export async function scanSource(): Promise<string[]> {
	return findings(await analyzePackage(checkout, SOURCE_FILE_PATTERNS));
}

/** What n8n's scanner reads of a package that it got from npm. */
export async function scanPackage(folder: string): Promise<string[]> {
	return findings(await analyzePackage(folder, ['**/*.js', 'package.json']));
}

/** The scanner passes a folder in which it finds nothing to read, with a message. */
function findings({ message, details }: Result): string[] {
	return message === undefined ? [] : [details?.trim() ?? message];
}
