import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import axios, { type AxiosRequestConfig, type AxiosResponse } from 'axios';
import { startLength } from '../../nodes/VizdomExport/format.ts';
import { connectionProblem } from '../../nodes/shared/vizdom/errors.ts';
import { saidBy } from '../../nodes/shared/vizdom/serverErrors.ts';
import { Problem } from '../n8n/problem.mts';

export interface Answer {
	status: number;
	headers: Record<string, string>;
	/** undefined where it is no JSON */
	body: unknown;
}

/** The beginning of a file. */
export interface Opened {
	status: number;
	headers: Record<string, string>;
	start: string;
}

interface Sent {
	query?: Record<string, string | number>;
	body?: object;
	/** Another one than the user's */
	key?: string;
}

/** The server could not answer (5xx): that says nothing about an assumption. */
export class Unavailable extends Error {}

class NoAnswer extends Unavailable {}

const timeout = 30_000;
const retryDelay = 1_000;

/** The API under test. Wherever an answer repeats the key, it is replaced before anyone sees it. */
export class Server {
	/** Headers that came with any answer, by name */
	readonly headers = new Map<string, string>();

	constructor(
		readonly baseUrl: string,
		private readonly key: string,
		private readonly signal?: AbortSignal,
	) {}

	/** Reads, and once more where the server could not answer. */
	async get(path: string, sent: Sent = {}): Promise<Answer> {
		try {
			return await this.send('GET', path, sent);
		} catch (error) {
			if (!(error instanceof Unavailable)) throw error;
		}
		await sleep(retryDelay, undefined, { signal: this.signal });
		return await this.send('GET', path, sent).catch((error: Error) => {
			throw error instanceof NoAnswer ? new Problem(error.message) : error;
		});
	}

	/**
	 * Sends a request once. Redirects are not followed.
	 *
	 * @throws {Unavailable} where nothing came, or a 5xx
	 * @throws {Problem} where going on makes no sense
	 */
	async send(method: string, path: string, sent: Sent = {}): Promise<Answer> {
		const { query, body, key = this.key } = sent;
		const response = await this.request<string>(this.baseUrl + path, {
			method,
			params: query,
			data: body,
			headers: { Authorization: `Bearer ${key}`, Accept: 'application/json' },
			responseType: 'text',
			transformResponse: (text: string) => text,
		});
		const answer = { ...this.headOf(response), body: this.json(response.data) };
		for (const [name, value] of Object.entries(answer.headers)) this.headers.set(name, value);
		if (answer.status === 401 && key === this.key) throw keyRefused(answer);
		if (answer.status === 429) throw tooMany();
		if (answer.status >= 500) throw new Unavailable(`${method} ${path}: ${answer.status}`);
		return answer;
	}

	/** Reads a file's first bytes. The key goes to the API's origin only. */
	async open(url: URL): Promise<Opened> {
		const isOwn = url.origin === new URL(this.baseUrl).origin;
		const response = await this.request<Readable>(url.href, {
			headers: isOwn ? { Authorization: `Bearer ${this.key}` } : {},
			responseType: 'stream',
			signal: AbortSignal.any([
				AbortSignal.timeout(2 * timeout),
				...(this.signal ? [this.signal] : []),
			]),
		});
		return { ...this.headOf(response), start: await startOf(response.data) };
	}

	private async request<T>(url: string, config: AxiosRequestConfig): Promise<AxiosResponse<T>> {
		const options = { timeout, maxRedirects: 0, validateStatus: () => true, signal: this.signal };
		// Plain http is for this machine only: no proxy may see the key.
		const proxy = url.startsWith('http:') ? { proxy: false as const } : {};
		try {
			return await axios.request<T>({ ...options, ...proxy, ...config, url });
		} catch (error) {
			this.signal?.throwIfAborted();
			const reason = this.masked(connectionProblem(error as Error));
			throw new NoAnswer(`No answer from ${new URL(url).host}: ${reason}.`);
		}
	}

	private headOf({ status, headers }: AxiosResponse): Omit<Answer, 'body'> {
		const pairs = Object.entries(headers).map(([name, value]) => [
			name.toLowerCase(),
			this.masked(String(value)),
		]);
		return { status, headers: Object.fromEntries(pairs) as Record<string, string> };
	}

	private json(text: string): unknown {
		try {
			return JSON.parse(this.masked(text), (_, value: unknown) =>
				typeof value === 'string' ? this.masked(value) : value,
			);
		} catch {
			return undefined;
		}
	}

	private masked(text: string): string {
		return text.replaceAll(this.key, '***').replaceAll(encodeURIComponent(this.key), '***');
	}
}

async function startOf(stream: Readable): Promise<string> {
	const parts: Buffer[] = [];
	try {
		for await (const part of stream) {
			parts.push(part as Buffer);
			if (Buffer.concat(parts).length >= startLength) break;
		}
	} catch {
		throw new Unavailable('The file broke off.');
	}
	return Buffer.concat(parts).subarray(0, startLength).toString('latin1');
}

function keyRefused({ body }: Answer): Problem {
	const said = saidBy(body).message ?? 'without saying why';
	return new Problem(`The server refuses the key (401): ${said}`);
}

function tooMany(): Problem {
	return new Problem(
		'The server refuses more requests for now (429): other programs use this key, too.',
		'Try again in a minute.',
	);
}
