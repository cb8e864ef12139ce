import type { IN8nHttpFullResponse } from 'n8n-workflow';
import { acquireBody } from '../http/bodies';
import { fileNameIn } from '../http/contentDisposition';
import { discard, type Exchange } from '../http/send';
import { anyOf, settled, unlessAborted } from '../http/signals';
import { isLoopbackHttp } from './baseUrl';
import type { Vizdom } from './client';
import { shallow } from './envelope';
import { isMissing, isRefusal, type VizdomError } from './errors';
import { recordPath } from './facts';

const maxRedirects = 5;
const maxRead = 64 * 1024; // characters of an error's body
const readWithin = 5_000; // ms
const linkAdvice = 'The download link may have expired: export the dashboard again.';

type Readable = import('stream').Readable;

/** A file that is open for reading. Its reader must read it to the end, or destroy it. */
export interface OpenFile {
	body: Readable;
	headers: IN8nHttpFullResponse['headers'];
	url: string; // after all redirects
	fileName?: string; // from the response
}

/** See {@link Vizdom.open}. */
export async function openFile(vizdom: Vizdom, link: string): Promise<OpenFile> {
	const { value, error } = await settled(open(vizdom, link));
	if (value) return value;
	// A path may be relative to the base URL.
	const { pathname } = new URL(vizdom.baseUrl);
	const isPath = link.startsWith('/') && !link.startsWith(`${pathname}/`);
	if (!isPath || !isMissing(error)) throw error;
	const { value: below } = await settled(open(vizdom, vizdom.baseUrl + link));
	if (!below) throw error;
	return below;
}

/** See {@link Vizdom.openBelow}. */
export async function openFileBelow(vizdom: Vizdom, id: string): Promise<OpenFile | undefined> {
	const { baseUrl, dialect } = vizdom;
	return await dialect.locks.runFirst('file', vizdom.signal, async () => {
		for (const path of dialect.filePaths) {
			const link = baseUrl + dialect.actualPath(recordPath(path, id));
			const { value, error } = await settled(open(vizdom, link));
			if (error && !isRefusal(error)) throw error;
			const isJson = /json/i.test(String(value?.headers['content-type']));
			if (value && isJson) discard({ ...value, body: value.body as never, statusCode: 200 });
			if (!value || isJson) continue;
			dialect.filePaths = [path];
			return value;
		}
		dialect.missingFiles++;
		return undefined;
	});
}

/** Opens a link once the credential has a free slot for its body. */
async function open(vizdom: Vizdom, link: string): Promise<OpenFile> {
	const release = await acquireBody(vizdom.credentialId, vizdom.signal);
	const { value, error } = await settled(follow(vizdom, link));
	if (error) {
		release();
		throw error;
	}
	const { response, url } = value;
	const body = response.body as unknown as Readable;
	if (body.destroyed) release();
	else body.once('close', release);
	const { headers } = response;
	const named = fileNameIn(headers['content-disposition']);
	return { body, headers, url: url.href, fileName: named && vizdom.redactor.withoutKey(named) };
}

/** Follows a link to its file. */
async function follow(
	vizdom: Vizdom,
	link: string,
): Promise<{ response: IN8nHttpFullResponse; url: URL }> {
	const base = new URL(`${vizdom.baseUrl}/`);
	let url = webAddress(vizdom, link, base);
	let withKey = true;
	for (let redirects = 0; redirects <= maxRedirects; redirects++) {
		withKey &&= url.origin === base.origin;
		const exchange = await vizdom.fetch(url, withKey);
		const { response } = exchange.outcome;
		if (response?.statusCode === 200 || response?.statusCode === 203) {
			refuseEncoded(vizdom, response);
			return { response, url };
		}
		const { location } = response?.headers ?? {};
		const status = response?.statusCode ?? 0;
		const isRedirect = status >= 300 && status < 400;
		if (!isRedirect || typeof location !== 'string') {
			throw await noFile(vizdom, url, withKey, exchange);
		}
		discard(response);
		url = webAddress(vizdom, location, url);
	}
	throw vizdom.error(
		`The download link was redirected more than ${maxRedirects} times`,
		linkAdvice,
	);
}

/** Encodings that n8n knows are already decoded; S3 still names one that it has removed itself. */
function refuseEncoded(vizdom: Vizdom, response: IN8nHttpFullResponse): void {
	const encoding = String(response.headers['content-encoding'] ?? 'identity');
	if (/^(identity|aws-chunked)?$/i.test(encoding.trim())) return;
	discard(response);
	throw vizdom.error(
		`The file has the encoding '${encoding}', which n8n cannot read`,
		'Export the dashboard again.',
	);
}

/** Plain http is allowed only if Vizdom itself runs on this machine. */
function webAddress(vizdom: Vizdom, link: string, from: URL): URL {
	const url = URL.canParse(link, from.href) ? new URL(link, from) : undefined;
	if (!url || !/^https?:$/.test(url.protocol)) {
		throw vizdom.error('The download link is not a web address', linkAdvice);
	}
	if (url.protocol === 'https:' || isLoopbackHttp(new URL(vizdom.baseUrl))) return url;
	throw vizdom.error(
		`The download link leads to ${url.host} over plain http`,
		'It was not downloaded, because it would cross the network unencrypted.',
	);
}

async function noFile(
	vizdom: Vizdom,
	url: URL,
	withKey: boolean,
	exchange: Exchange,
): Promise<VizdomError> {
	const { outcome, attempts } = exchange;
	const { response } = outcome;
	const status = response?.statusCode;
	if (status === 202 || status === 204 || status === 425) {
		discard(response);
		const advice = 'Download it later with the operation Download.';
		return vizdom.error('The file is not ready yet', advice, { outcome: 'transient', status });
	}
	if (status === 401 && !withKey) {
		discard(response);
		return vizdom.error(
			`${url.host} requires credentials for the file (401)`,
			`The API key is sent only to ${new URL(vizdom.baseUrl).host}. ${linkAdvice}`,
			{ outcome: 'refused', status },
		);
	}
	const read = response && { ...response, body: await readErrorBody(response.body, vizdom.signal) };
	discard(response);
	const advice = status === 401 ? undefined : linkAdvice;
	const failed = { attempts, outcome: { ...outcome, response: read }, advice };
	return vizdom.failure('GET', url.href, failed);
}

/** The beginning of an error's streamed body, as JSON or text. */
async function readErrorBody(
	body: unknown,
	signal: AbortSignal,
): Promise<IN8nHttpFullResponse['body']> {
	const decoder = new TextDecoder();
	let text = '';
	const read = async () => {
		for await (const part of body as AsyncIterable<Uint8Array>) {
			text += decoder.decode(part, { stream: true });
			if (text.length > maxRead) return;
		}
	};
	// If it breaks off, the part that arrived is more useful than that error.
	await settled(unlessAborted(read(), anyOf(signal, AbortSignal.timeout(readWithin))));
	try {
		return shallow(JSON.parse(text)) as IN8nHttpFullResponse['body'];
	} catch {
		return text as unknown as IN8nHttpFullResponse['body'];
	}
}
