import type { Readable } from 'node:stream';
import axios, { type AxiosInstance, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import { Problem } from '../n8n/problem.mts';

export interface Answer {
	status: number;
	headers: Record<string, unknown>;
	/** Undefined if it is not JSON */
	body: unknown;
}

interface Sent {
	query?: Record<string, string | number>;
	body?: object;
	/** Replaces the user's key */
	key?: string;
}

/** The server could not answer, which says nothing about an assumption. */
export class Unavailable extends Error {}

const timeout = 30_000;

/** The API under test. */
export class Server {
	readonly http: AxiosInstance;
	/** Such as `GET /users` */
	readonly requests = new Set<string>();
	/** Headers that came with any answer */
	readonly headers = new Map<string, unknown>();

	constructor(
		readonly baseUrl: string,
		private readonly key: string,
		private readonly signal?: AbortSignal,
	) {
		const isPlain = baseUrl.startsWith('http:');
		this.http = axios.create({
			timeout,
			maxRedirects: 0,
			validateStatus: () => true,
			signal,
			// Plain http is for this machine only: no proxy may see the key.
			...(isPlain && { proxy: false }),
		});
	}

	async get(path: string, sent?: Sent): Promise<Answer> {
		return await this.send('GET', path, sent);
	}

	/**
	 * Sends a request once. Redirects are not followed.
	 *
	 * @throws {Unavailable} after a 5xx, or if nothing came
	 * @throws {Problem} if going on makes no sense
	 */
	async send(method: string, path: string, { query, body, key }: Sent = {}): Promise<Answer> {
		this.requests.add(`${method} ${path}`);
		const { status, headers, data } = await this.request<unknown>({
			method,
			url: this.baseUrl + path,
			params: query,
			data: body,
			headers: { Authorization: `Bearer ${key ?? this.key}` },
		});
		for (const [name, value] of Object.entries(headers)) this.headers.set(name, value);
		if (status === 401 && key === undefined) {
			throw new Problem(this.masked(`The server refuses the key (401): ${JSON.stringify(data)}`));
		}
		if (status === 429) {
			throw new Problem('The server refuses more requests for now (429). Try again in a minute.');
		}
		if (status >= 500) throw new Unavailable(`${method} ${path}: ${status}`);
		return { status, headers, body: typeof data === 'string' ? undefined : data };
	}

	/** Reads the beginning of a file. The key goes to the API's origin only. */
	async open(url: URL): Promise<{ status: number; location: unknown; start: string }> {
		this.requests.add(`GET ${url.origin}${url.pathname}`.replace(this.baseUrl, ''));
		const isOwn = url.origin === new URL(this.baseUrl).origin;
		const { status, headers, data } = await this.request<Readable>({
			url: url.href,
			headers: isOwn ? { Authorization: `Bearer ${this.key}` } : {},
			responseType: 'stream',
		});
		const [first = ''] = await data.setEncoding('latin1').take(1).toArray();
		return { status, location: headers.location, start: String(first) };
	}

	/** Whatever is shown goes through here: a server may repeat the key. */
	masked(text: string): string {
		const inJson = JSON.stringify(this.key).slice(1, -1);
		return [this.key, inJson, encodeURIComponent(this.key)].reduce(
			(shown, key) => shown.replaceAll(key, '***'),
			text,
		);
	}

	private async request<T>(config: AxiosRequestConfig): Promise<AxiosResponse<T>> {
		try {
			return await this.http.request<T>(config);
		} catch (error) {
			this.signal?.throwIfAborted();
			throw new Unavailable(
				`No answer from ${new URL(config.url ?? '').host}: ${(error as Error).message}`,
			);
		}
	}
}
