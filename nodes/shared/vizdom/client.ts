import type { IDataObject, IHttpRequestMethods, INode } from 'n8n-workflow';
import type { Deadline } from '../http/deadline';
import { fingerprint } from '../http/fingerprint';
import { dateIn, outcomeOfError } from '../http/outcome';
import type { Attempts } from '../http/retry';
import { type Exchange, type HttpRequest, send, type SendOptions } from '../http/send';
import { settled, Signals } from '../http/signals';
import { turnsFor } from '../http/turns';
import { checkedBaseUrl } from './baseUrl';
import type { Dialect } from './dialect';
import { type Outline, readEnds, readNewest } from './ends';
import { type Answer, answerIn } from './envelope';
import { type FailureFacts, failureOf, isGone, VizdomError } from './errors';
import { judged } from './evidence';
import { documentedRequestsPerMinute, type Export } from './facts';
import { openFile, openFileBelow, type OpenFile } from './files';
import { readList, refuseTooMany } from './list';
import { withLearnedPaging } from './listSource';
import type { PagesRead } from './pagesRead';
import { type Part, readPart } from './part';
import { Redactor } from './redactor';
import { type Server, serverAt } from './server';
import { describeForeignBody, type Labels } from './serverErrors';
import type { Source } from './source';
import type { Tracker } from './tracker';
import { fileLinkIn } from './values';
import type { FailedRequest } from './words';

/** The credential `vizdomApi`. */
export interface VizdomCredential {
	id?: string; // given by n8n
	apiKey: string;
	baseUrl: string;
	requestsPerMinute: number;
}

/** What all requests of a client have in common. */
interface VizdomOptions extends SendOptions {
	node: INode;
	credential: VizdomCredential;
	labels: Labels; // display names of parameters, for the server's errors about them
	pages?: PagesRead; // of a list that an earlier client did not read to its end
}

/**
 * The client of Vizdom's API, made once per input item, poll or search.
 *
 * All requests throw a {@link VizdomError} if they fail, or the signal's reason if it is aborted.
 */
export class Vizdom {
	readonly baseUrl: string;
	readonly server: Server;
	readonly redactor: Redactor;

	/** @throws {UserError} if the Base URL is invalid */
	constructor(private readonly options: VizdomOptions) {
		this.baseUrl = checkedBaseUrl(options.credential.baseUrl);
		this.server = serverAt(new URL(this.baseUrl).origin);
		this.redactor = new Redactor(options.credential.apiKey);
	}

	/** A client that gives up when the deadline is reached. */
	until(deadline: Deadline): Vizdom {
		const signals = this.options.signals.with(deadline.signal);
		return new Vizdom({ ...this.options, deadline, signals });
	}

	/** A client that gives up when the signal is aborted. */
	cancelledBy(signal: AbortSignal): Vizdom {
		return new Vizdom({ ...this.options, signals: this.options.signals.with(signal) });
	}

	/** A client that gives up only when the user stops the execution. */
	untilStopped(): Vizdom {
		const signals = new Signals(this.options.signals.changes);
		return new Vizdom({ ...this.options, deadline: undefined, signals });
	}

	/** A client that continues with a list that was not read to its end. */
	resuming(pages: PagesRead): Vizdom {
		return new Vizdom({ ...this.options, pages: pages.next() });
	}

	get pages(): PagesRead | undefined {
		return this.options.pages;
	}

	/** Ends all waiting */
	get signal(): AbortSignal {
		return this.options.signals.waiting;
	}

	/** Ends reads; not aborted when another item has failed the run */
	get readSignal(): AbortSignal {
		return this.options.signals.reads;
	}

	/** The input item's run, the poll or the search that this client is for */
	get source(): object {
		return this.options.source;
	}

	/** Of one attempt, in ms; 0 for none */
	get timeout(): number {
		return this.options.timeout;
	}

	get dialect(): Dialect {
		return this.server.dialect;
	}

	/** Identifies the credential without the key */
	get credentialId(): string {
		const { id, apiKey } = this.options.credential;
		return fingerprint(id ?? '', this.baseUrl, apiKey);
	}

	/** @param path below the base URL, IDs already encoded */
	async get<T>(path: string, query?: IDataObject): Promise<Answer<T>> {
		return await this.request<T>('GET', path, { query });
	}

	/**
	 * Any other request. A repeated DELETE that gets 404 or 410 has succeeded. If the response has a
	 * Location instead of the record, the record is read from there (RFC 9110, 10.2.2).
	 */
	async send<T>(method: IHttpRequestMethods, path: string, body?: IDataObject): Promise<Answer<T>> {
		const answer = await this.request<T>(method, path, { body });
		const { data, location = '' } = answer;
		const base = `${this.baseUrl}/`;
		const href = URL.canParse(location, base) ? new URL(location, base).href : '';
		const isComplete = data !== undefined || method === 'DELETE';
		if (isComplete || location === '' || !href.startsWith(base)) return answer;
		const { value } = await settled(this.get<T>(href.slice(this.baseUrl.length)));
		return value ?? answer;
	}

	/**
	 * The records of a list, each once, in the server's order.
	 * @param wanted how many at most; Infinity for all
	 * @param most more records than this are refused
	 * @throws {UserError} if the list cannot be read reliably, or has too many records
	 */
	async list<T>(path: string, wanted = Infinity, most = Infinity): Promise<T[]> {
		const read = async (source: Source<T>) => await readList(source, wanted);
		return await withLearnedPaging(this, path, read, (page) => refuseTooMany(page, wanted, most));
	}

	/**
	 * A part of a list, for pickers.
	 * @param token from the part before; omitted for the first
	 */
	async part<T>(path: string, token?: string): Promise<Part<T>> {
		const read = async (source: Source<T>) => await readPart(source, token);
		return await withLearnedPaging(this, path, read);
	}

	/**
	 * The records at the ends of an ordered list that was read whole before.
	 * @returns undefined unless the total proves that nothing else was added or removed
	 */
	async ends(path: string, outline: Outline, tracker: Tracker): Promise<IDataObject[] | undefined> {
		const read = async (source: Source<IDataObject>) => await readEnds(source, outline, tracker);
		return await withLearnedPaging(this, path, read);
	}

	/** The records at the end where new ones appear; all records if the order does not show which end that is. */
	async newest<T extends IDataObject>(path: string): Promise<T[]> {
		const read = async (source: Source<T>) =>
			(await readNewest(source)) ?? (await readList(source, Infinity));
		return await withLearnedPaging(this, path, read);
	}

	/**
	 * Opens a file. The key is sent to the base URL's origin only, and never again after a redirect to
	 * another.
	 * @param link absolute, or relative to the base URL
	 */
	async open(link: string): Promise<OpenFile> {
		return await openFile(this, link);
	}

	/** Whether to try to download the file of a completed export: not if its link is still to come. */
	mayHaveFile(completed: Export): boolean {
		const hasField = 'download_url' in completed;
		return fileLinkIn(completed) !== undefined || (!hasField && this.dialect.mayHaveFilesBelow);
	}

	/** Opens the file of an export without a link, at a path below it; undefined if there is none. */
	async openBelow(id: string): Promise<OpenFile | undefined> {
		return await openFileBelow(this, id);
	}

	/** Requests a file, from the API or from another host. */
	async fetch({ href }: URL, withKey: boolean): Promise<Exchange> {
		return await this.exchange({ method: 'GET', url: href, withKey, asStream: true });
	}

	/** An error that is not about a request. */
	error(
		message: string,
		description: string,
		facts: FailureFacts = { outcome: 'refused' },
	): VizdomError {
		return new VizdomError(this.options.node, this.redactor, { message, description }, facts);
	}

	/** A text or value from the server, safe to show in an error. */
	shown(foreign: unknown, most?: number): string {
		return this.redactor.shown(foreign, most);
	}

	/** Describes what came instead of a file. */
	foreign(text: string, contentType: string): string {
		const response = { body: text as never, headers: { 'content-type': contentType } };
		return describeForeignBody({ ...response, statusCode: 200 }, this.redactor);
	}

	/** The error for a file whose body broke off. */
	brokenOff(error: Error, url: string, attempts: Attempts): VizdomError {
		return this.failure('GET', url, { outcome: outcomeOfError('GET', error), attempts });
	}

	private async request<T>(
		method: IHttpRequestMethods,
		path: string,
		content: Pick<HttpRequest, 'query' | 'body'>,
	): Promise<Answer<T>> {
		const exchange = await this.dialect.route(
			{ method, path, ...content },
			this.signal,
			async ({ path: actual, ...way }) => {
				const request = { ...way, url: this.baseUrl + actual, withKey: true };
				return judged(way.method, await this.exchange(request));
			},
		);
		const { outcome, attempts } = exchange;
		const { class: kind, response, retryAfter } = outcome;
		const date = response && dateIn(response.headers);
		this.server.clockAhead = date && date - performance.now();
		const answer = response && kind === 'ok' ? answerIn<T>(method, response) : undefined;
		if (answer) return { ...answer, retryAfter };
		const error = this.failure(method, this.baseUrl + path, { ...exchange, body: content.body });
		// An earlier attempt may have deleted it, although its answer was lost.
		if (method === 'DELETE' && attempts.mayBeDone && isGone(error)) return {};
		throw error;
	}

	/** The error for a request that failed. */
	failure(
		method: IHttpRequestMethods,
		url: string,
		failed: Exchange & Pick<FailedRequest, 'advice' | 'body'>,
	): VizdomError {
		const { node, labels } = this.options;
		const { redactor } = this;
		const path = url.startsWith(this.baseUrl) ? url.slice(this.baseUrl.length) : url;
		const { host } = new URL(url);
		return failureOf(node, { ...failed, method, path, host, labels, redactor });
	}

	/** Requests without the key have no rate limit, and share no turns with other credentials. */
	private async exchange(request: HttpRequest): Promise<Exchange> {
		const { origin } = new URL(request.url);
		const { apiKey, requestsPerMinute } = this.options.credential;
		const [key, limit] = request.withKey
			? [apiKey, requestsPerMinute]
			: [this.credentialId, Number.MAX_SAFE_INTEGER];
		const turns = turnsFor(origin, key, documentedRequestsPerMinute);
		return await send(request, this.options, turns, limit);
	}
}
