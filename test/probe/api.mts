import axios from 'axios';
import type { IN8nHttpFullResponse, INode } from 'n8n-workflow';
import type { HttpRequest } from '../../nodes/shared/http/send.ts';
import { Signals } from '../../nodes/shared/http/signals.ts';
import { Vizdom } from '../../nodes/shared/vizdom/client.ts';
import { documentedRequestsPerMinute } from '../../nodes/shared/vizdom/facts.ts';
import { withoutKey } from '../../nodes/shared/vizdom/key.ts';
import { printableLine } from '../n8n/printable.mts';
import { Problem } from '../n8n/problem.mts';

/** A request as sent, and its response. */
export interface Sent extends IN8nHttpFullResponse {
	method: string;
	path: string; // below the Base URL, or the whole address elsewhere; without the query
	query: string;
}

export function lineOf({ method, path, query, statusCode }: Sent): string {
	return `${method} ${path}${query && `?${query}`}: ${statusCode}`;
}

/** The API under test, through the nodes' own client. */
export class Api {
	readonly http = axios.create({ maxRedirects: 0, validateStatus: () => true });
	readonly vizdom: Vizdom;
	readonly sent: Sent[] = [];
	keyRefusal?: Problem;

	constructor(
		readonly baseUrl: string,
		private readonly key: string,
		signal?: AbortSignal,
	) {
		// Plain http is only for this machine: no proxy may see the key.
		if (baseUrl.startsWith('http:')) this.http.defaults.proxy = false;
		this.vizdom = this.client(signal);
	}

	/** How to request pages, as far as the client has learned. */
	get paging() {
		return this.vizdom.dialect.paging;
	}

	client(signal?: AbortSignal, apiKey = this.key): Vizdom {
		const { baseUrl } = this;
		return new Vizdom({
			transport: async (request, timeout, cancel) =>
				await this.fetch(request, timeout, cancel, apiKey),
			node: { name: 'Vizdom', type: 'vizdom' } as INode,
			credential: { apiKey, baseUrl, requestsPerMinute: documentedRequestsPerMinute },
			source: {},
			timeout: 30_000,
			signals: new Signals(signal),
			labels: {},
		});
	}

	/** All output goes through here, because a server may repeat the key. */
	masked(text: string): string {
		return withoutKey(printableLine(text), this.key);
	}

	private async fetch(
		{ method, url, query, body, withKey, asStream }: HttpRequest,
		timeout: number,
		signal: AbortSignal,
		key: string,
	): Promise<IN8nHttpFullResponse> {
		const { status, statusText, headers, data } = await this.http.request<Sent['body']>({
			...{ method, url, params: query as object, data: body as object, timeout, signal },
			responseType: asStream ? 'stream' : 'json',
			headers: withKey ? { Authorization: `Bearer ${key}` } : {},
		});
		const answer = { statusCode: status, statusMessage: statusText, headers: { ...headers } };
		const isOwn = url.startsWith(this.baseUrl);
		const { origin, pathname } = new URL(url);
		const path = isOwn ? url.slice(this.baseUrl.length).replace(/\?.*/, '') : origin + pathname;
		const shown = decodeURIComponent(String(new URLSearchParams(query as Record<string, string>)));
		this.sent.push({ ...answer, method, path, query: shown, body: asStream ? '' : data } as Sent);
		if (status === 401 && key === this.key && !asStream) {
			const text = this.masked(`The server refuses the key (401): ${JSON.stringify(data)}`);
			this.keyRefusal = new Problem(text.slice(0, 500));
		}
		return { ...answer, body: data } as IN8nHttpFullResponse;
	}
}
