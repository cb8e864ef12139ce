import { existsSync } from 'node:fs';
import { chromium, selectors, type Browser, type BrowserContext } from 'playwright-core';
import type { N8n } from '../../n8n/instance.mts';
import { Problem } from '../../n8n/problem.mts';
import type { CleanUp } from './cleanUp.mts';

export type Theme = 'light' | 'dark';

const ARGUMENTS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

export async function openBrowser(cleanUp: CleanUp): Promise<Browser> {
	selectors.setTestIdAttribute('data-test-id');
	const browser = await chromium.launch({ executablePath: executable(), args: ARGUMENTS });
	cleanUp(async () => await browser.close());
	return browser;
}

/** A browser profile that is signed in to n8n, with the system's theme. */
export async function signIn(
	browser: Browser,
	n8n: N8n,
	theme: Theme = 'light',
): Promise<BrowserContext> {
	const context = await browser.newContext({
		baseURL: n8n.origin,
		colorScheme: theme,
		viewport: { width: 1440, height: 900 },
	});
	context.setDefaultTimeout(20_000);
	const { email, password } = n8n.owner;
	const data = { emailOrLdapLoginId: email, password };
	const answer = await context.request.post('/rest/login', { data });
	if (!answer.ok()) throw new Problem(`n8n refused to sign in: ${await answer.text()}`);
	return context;
}

function executable(): string {
	const { CHROMIUM_PATH } = process.env;
	const found = [CHROMIUM_PATH ?? '', ...USUAL, chromium.executablePath()].find(existsSync);
	if (found) return found;
	throw new Problem(
		'There is no Chromium for the tests in a browser. Install it (apt install chromium), set',
		'CHROMIUM_PATH to one that is installed, or run: npx playwright-core install chromium',
	);
}

const USUAL = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
