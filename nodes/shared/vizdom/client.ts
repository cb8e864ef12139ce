import type { IDataObject, IHttpRequestMethods, IN8nHttpFullResponse, INode } from 'n8n-workflow';
import { openBody } from '../http/bodies';
import type { Deadline } from '../http/deadline';
import { fingerprint } from '../http/fingerprint';
import { outcomeOfError } from '../http/outcome';
import type { Attempts } from '../http/retry';
import { type Exchange, type HttpRequest, send, type Sending } from '../http/send';
import { settled } from '../http/signals';
import { turnsFor } from '../http/turns';
import { checkedBaseUrl } from './baseUrl';
import { type Answer, answerIn, isRecord } from './envelope';
import { type FailureFacts, failureOf, VizdomError } from './errors';
import { documentedRequestsPerMinute, limitParameter, offsetParameter } from './facts';
import { openLink } from './files';
import type { Page } from './joiner';
import { allWithoutKey } from './key';
import { readList, type ReadPage } from './list';
import type { Labels } from './serverErrors';

/** What the credential `vizdomApi` holds. */
export interface VizdomCredential {
	id?: string; // n8n's own
	apiKey: string;
	baseUrl: string;
	requestsPerMinute: number;
}

/** What a client is bound to. */
interface Bound extends Sending {
	node: INode;
	credential: VizdomCredential;
	labels: Labels; // display names of the parameters that a server's error may be about
}

type Readable = import('stream').Readable;

/** A file that is open for reading. Whoever opens it reads it, or destroys it. */
export interface OpenFile {
	body: Readable;
	headers: IN8nHttpFullResponse['headers'];
}

/**
 * The client of Vizdom's API, made once per input item, poll or search. It is bound to whatever all
 * requests of these have in common.
 *
 * All requests throw a {@link VizdomError} if they fail, or the reason of the signal that stops or
 * cancels them.
 */
export class Vizdom {
	private readonly baseUrl: string;

	/** @throws {UserError} if the Base URL cannot be used */
	constructor(private readonly bound: Bound) {
		this.baseUrl = checkedBaseUrl(bound.credential.baseUrl);
	}

	/** The same client, which gives up when the deadline is reached. */
	until(deadline: Deadline): Vizdom {
		const signals = this.bound.signals.with(deadline.signal);
		return new Vizdom({ ...this.bound, deadline, signals });
	}

	/** The same client, which gives up when the signal is aborted. */
	cancelledBy(signal: AbortSignal): Vizdom {
		return new Vizdom({ ...this.bound, signals: this.bound.signals.with(signal) });
	}

	/** Aborted when nothing is to be waited for any more */
	get signal(): AbortSignal {
		return this.bound.signals.waiting;
	}

	/** Of one attempt, in ms; 0 for none */
	get timeout(): number {
		return this.bound.timeout;
	}

	/** @param path below the base URL, IDs already encoded */
	async get<T>(path: string, query?: IDataObject): Promise<Answer<T>> {
		return await this.request<T>('GET', path, { query });
	}

	/** Any other request. A repeated DELETE that meets 404 or 410 has succeeded. */
	async send<T>(method: IHttpRequestMethods, path: string, body?: IDataObject): Promise<Answer<T>> {
		return await this.request<T>(method, path, { body });
	}

	/** One page of a list. */
	async page<T>(path: string, offset: number, limit: number): Promise<Page<T>> {
		const query = { [limitParameter]: limit, [offsetParameter]: offset };
		const { data, total } = await this.get<T[]>(path, query);
		if (!Array.isArray(data) || !data.every(isRecord)) {
			throw this.error(
				`The server did not answer ${path} with a list`,
				"Check the Base URL in the Vizdom credential: it may not be Vizdom's API.",
				{ outcome: 'refused' },
			);
		}
		// A total that the page itself exceeds says nothing.
		const isExceeded = data.length > 0 && total !== undefined && total < offset + data.length;
		return { offset, limit, records: data, total: isExceeded ? undefined : total };
	}

	/**
	 * The records of a list, each once, in the server's order.
	 * @param wanted how many at most; Infinity for all
	 * @param most more records than this are refused
	 * @throws {UserError} if the list cannot be read reliably, or has too many records
	 */
	async list<T>(path: string, wanted = Infinity, most = Infinity): Promise<T[]> {
		let cancellable: Vizdom | undefined;
		const readPage: ReadPage<T> = async (offset, limit, signal) => {
			const reader = signal ? (cancellable ??= this.cancelledBy(signal)) : this;
			return await reader.page(path, offset, limit);
		};
		return await readList(readPage, wanted, most);
	}

	/**
	 * Opens a file. The key goes along to the base URL's origin only, and never again once a redirect
	 * has led elsewhere.
	 * @param link absolute, or relative to the base URL
	 * @throws {IncompleteBodyError} if the file is not there yet (202, 204)
	 */
	async open(link: string): Promise<OpenFile> {
		const release = await openBody(this.credentialId, this.signal);
		const opening = openLink(link, {
			base: new URL(`${this.baseUrl}/`),
			signal: this.signal,
			fetch: async ({ href }, withKey) =>
				await this.exchange({ method: 'GET', url: href, withKey, asStream: true }),
			error: (message, description) => this.error(message, description, { outcome: 'refused' }),
			failure: ({ href }, exchange, advice) => this.failure('GET', href, exchange, advice),
		});
		const { value, error } = await settled(opening);
		if (error) {
			release();
			throw error;
		}
		const body = value.body as unknown as Readable;
		if (body.destroyed) release();
		else body.once('close', release);
		const named = allWithoutKey(value.headers['content-disposition'], this.bound.credential.apiKey);
		return { body, headers: { ...value.headers, 'content-disposition': named as string } };
	}

	/** An error of this client's own making. */
	error(message: string, description: string, facts: FailureFacts): VizdomError {
		const { node, credential } = this.bound;
		return new VizdomError(node, credential.apiKey, { message, description }, facts);
	}

	/** The error of a file whose body broke off. */
	brokenOff(error: Error, link: string, attempts: Attempts): VizdomError {
		const { href } = new URL(link, `${this.baseUrl}/`);
		return this.failure('GET', href, { outcome: outcomeOfError('GET', error), attempts });
	}

	private async request<T>(
		method: IHttpRequestMethods,
		path: string,
		content: Pick<HttpRequest, 'query' | 'body'>,
	): Promise<Answer<T>> {
		const url = this.baseUrl + path;
		const exchange = await this.exchange({ method, url, withKey: true, ...content });
		const { outcome, attempts } = exchange;
		const { class: kind, response, retryAfter } = outcome;
		const isGone = response?.statusCode === 404 || response?.statusCode === 410;
		// An earlier attempt may have deleted it, although its answer was lost.
		if (isGone && method === 'DELETE' && attempts.mayBeDone) return {};
		const answer = response && kind === 'ok' ? answerIn<T>(method, response) : undefined;
		if (!answer) throw this.failure(method, url, exchange);
		return { ...answer, retryAfter };
	}

	private failure(method: IHttpRequestMethods, url: string, exchange: Exchange, advice?: string) {
		const { node, credential, labels } = this.bound;
		const path = url.startsWith(this.baseUrl) ? url.slice(this.baseUrl.length) : url;
		const { host } = new URL(url);
		return failureOf(node, credential.apiKey, { ...exchange, method, path, host, labels, advice });
	}

	/** Tells credentials apart without holding the key */
	private get credentialId(): string {
		const { id, apiKey } = this.bound.credential;
		return fingerprint(id ?? '', this.baseUrl, apiKey);
	}

	/** Requests without the key have no limit of Vizdom's, and share nothing with other credentials. */
	private async exchange(request: HttpRequest): Promise<Exchange> {
		const { origin } = new URL(request.url);
		const { apiKey, requestsPerMinute } = this.bound.credential;
		const [key, limit] = request.withKey
			? [apiKey, requestsPerMinute]
			: [this.credentialId, Number.MAX_SAFE_INTEGER];
		const turns = turnsFor(origin, key, documentedRequestsPerMinute);
		return await send(request, this.bound, turns, limit);
	}
}
