import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';
import { Allowance } from '../http/allowance';
import { Locks } from '../http/locks';
import { isBadRequest } from '../http/outcome';
import type { Exchange } from '../http/send';
import { answerIn, isRecord } from './envelope';
import { hasWord, isList, isMissing, isPassing, isProof } from './evidence';
import * as facts from './facts';
import { LearnedPaging } from './learnedPaging';

/** A request, as the API is assumed to take it or as this server does. */
export interface ApiRequest {
	method: IHttpRequestMethods;
	path: string;
	query?: IDataObject;
	body?: IDataObject;
}

type Send = (request: ApiRequest) => Promise<Exchange>;

/** How a server differs from what is assumed about the API, as far as its responses prove it. */
export class Dialect {
	readonly paging = new LearnedPaging();
	readonly locks = new Locks();
	filePaths = facts.filePaths; // to try for an export's file
	missingFiles = 0; // exports without a file at these paths
	private readonly tried: string[] = []; // requests that were sent to learn something
	private readonly allowances = new Map<string, Allowance>(); // by what is to be learned
	private hasNumericIds?: boolean;
	private updateMethod: 'PATCH' | 'PUT' = 'PATCH';
	private readonly lists = new Map<string, string>(); // paths of lists that exist, by assumed path
	private readonly posts = new Map<string, string>(); // other paths to post to, by assumed path

	/**
	 * Sends a request as the server is known to take it, or in another way if the response proves that
	 * it does not.
	 * @returns the exchange that succeeded, or the first one if no other way does
	 */
	async route(asked: ApiRequest, signal: AbortSignal, send: Send): Promise<Exchange> {
		const { method, path } = asked;
		const hasOtherPath = facts.otherPostPaths[path] ?? facts.otherListPaths[listOf(path)];
		if (method !== 'PATCH' && !hasOtherPath) return await this.sendOrLearn(asked, signal, send);
		const kind = method === 'PATCH' ? method : method === 'POST' ? `POST ${path}` : listOf(path);
		return await this.locks.runFirst(
			kind,
			signal,
			async () => await this.sendOrLearn(asked, signal, send),
		);
	}

	private async sendOrLearn(asked: ApiRequest, signal: AbortSignal, send: Send): Promise<Exchange> {
		await this.learnIds(asked, signal, send);
		const used = this.actualRequest(asked);
		const { updateMethod } = this;
		const first = await this.sendAsKnown(asked, send);
		this.learnFrom(asked, first);
		if (!this.isUnsupported(asked, first)) return first;
		return await this.locks.runExclusive(listOf(asked.path), signal, async () => {
			const isKnown =
				this.actualRequest(asked).path !== used.path || this.updateMethod !== updateMethod;
			if (isKnown) return await this.sendAsKnown(asked, send);
			let last = first;
			for (const tryOther of [this.tryOtherList, this.tryOtherMethod, this.tryOtherPost]) {
				last = (await tryOther.call(this, asked, last, send)) ?? last;
				this.learnFrom(asked, last);
				if (!this.isUnsupported(asked, last)) return last;
			}
			return { ...first, tried: this.tried };
		});
	}

	/** Sends a request to learn something; undefined if it was sent before, or too many were. */
	private async probe(
		about: string,
		request: ApiRequest,
		send: Send,
	): Promise<Exchange | undefined> {
		const allowance = this.allowances.get(about) ?? new Allowance();
		this.allowances.set(about, allowance);
		const line = `${request.method} ${request.path}`;
		const ask = async () => {
			if (!this.tried.includes(line)) this.tried.push(line);
			return await send(request);
		};
		return await allowance.spend(line, ask, isPassing);
	}

	private actualRequest({ method, path, query, body }: ApiRequest): ApiRequest {
		const pattern = method === 'POST' ? (this.posts.get(path) ?? path) : path;
		const sent = { ...body };
		const filled = pattern.replace(/\{(\w+)\}/, (_, field: string) => {
			const id = String(sent[field]);
			delete sent[field];
			return encodeURIComponent(id);
		});
		const { dashboard_id: id } = sent;
		if (this.hasNumericIds && String(Number(id)) === id) sent.dashboard_id = Number(id);
		return { method, path: this.actualPath(filled), query, body: body && sent };
	}

	get mayHaveFilesBelow(): boolean {
		return this.filePaths.length === 1 || this.missingFiles < 3;
	}

	/** The server's path for an assumed one. */
	actualPath(path: string): string {
		const list = listOf(path);
		return (this.lists.get(list) ?? list) + path.slice(list.length);
	}

	private async sendAsKnown(asked: ApiRequest, send: Send): Promise<Exchange> {
		const isReplaced = asked.method === 'PATCH' && this.updateMethod === 'PUT';
		return isReplaced ? await this.replace(asked, send) : await send(this.actualRequest(asked));
	}

	/** Learns what a response shows along the way. */
	private learnFrom({ method, path }: ApiRequest, { outcome }: Exchange): void {
		const { response, class: kind } = outcome;
		const list = listOf(path);
		const isOk = kind === 'ok';
		const exists = isOk || isBadRequest(response?.statusCode);
		// A post to another path says nothing about the list.
		if (exists && !this.lists.has(list) && !this.posts.has(path)) this.lists.set(list, list);
		const { data } = (isOk && response && answerIn(method, response)) || {};
		const [record]: unknown[] = Array.isArray(data) ? data : [data];
		const { id } = list === facts.paths.dashboards && isRecord(record) ? record : {};
		if (id !== undefined) this.hasNumericIds = typeof id === 'number';
	}

	/** Whether a response proves that the server has no such path or method, and that nothing was done. */
	private isUnsupported({ method, path, body }: ApiRequest, answer: Exchange): boolean {
		const { response } = answer.outcome;
		if (response?.statusCode === 405) return true;
		if (response?.statusCode !== 404) return false;
		const list = listOf(path);
		const [, id = ''] = path.slice(list.length).split('/');
		const isPath = path === facts.paths.invitations || id === '';
		if (!isPath && (this.lists.has(list) || !facts.otherListPaths[list])) return false;
		if (answer.attempts.mayBeDone && method !== 'DELETE') return false;
		if (method === 'POST' && this.posts.get(path)?.includes('{')) return false;
		// An error about a record names its ID, as the documented one does.
		const ids = [isPath ? '' : decodeURIComponent(id), String(body?.dashboard_id ?? '')];
		return !ids.some((one) => hasWord(answer, one));
	}

	private async learnIds({ body }: ApiRequest, signal: AbortSignal, send: Send): Promise<void> {
		const id = body?.dashboard_id;
		if (this.hasNumericIds !== undefined || typeof id !== 'string' || !/^\d+$/.test(id)) return;
		const asked: ApiRequest = { method: 'GET', path: facts.recordPath(facts.paths.dashboard, id) };
		const ask = async () => await this.probe('IDs', asked, send);
		const answer = await this.locks.runExclusive('IDs', signal, ask);
		if (answer) this.learnFrom(asked, answer);
	}

	private async tryOtherList(asked: ApiRequest, { outcome }: Exchange, send: Send) {
		const list = listOf(asked.path);
		const others = facts.otherListPaths[list];
		const isRead = asked.method === 'GET' && asked.path === list;
		if (!others || (!isRead && outcome.response?.statusCode === 405)) return undefined;
		const used = this.lists.get(list) ?? list;
		if (asked.path !== list || (!isRead && facts.otherPostPaths[list])) {
			// The list itself shows whether its path is wrong.
			const answer = await this.probe(list, { method: 'GET', path: used }, send);
			if (answer) this.learnFrom({ method: 'GET', path: list }, answer);
			if (answer && !isMissing(answer)) return undefined;
		}
		for (const path of [list, ...others].filter((other) => other !== used)) {
			const request: ApiRequest = { method: 'GET', path, query: isRead ? asked.query : undefined };
			const answer = await this.probe(list, request, send);
			if (answer && isPassing(answer)) return undefined;
			if (!answer || !isList(answer)) continue;
			this.lists.set(list, path);
			this.allowances.delete(list);
			return isRead ? answer : await this.sendAsKnown(asked, send);
		}
		return undefined;
	}

	private async tryOtherMethod(asked: ApiRequest, { outcome: { response } }: Exchange, send: Send) {
		if (asked.method !== 'PATCH' || response?.statusCode !== 405) return undefined;
		const known = this.updateMethod;
		const other = facts.updateMethods.find((method) => method !== known) ?? known;
		// RFC 9110, 15.5.6
		if (!String(response.headers.allow ?? other).includes(other)) return undefined;
		this.updateMethod = other;
		const answer = await this.sendAsKnown(asked, send);
		if (answer.outcome.response?.statusCode === 405) this.updateMethod = known;
		return answer;
	}

	/** PUT replaces a record (RFC 9110, 9.3.4), so unchanged fields are read first and sent along. */
	private async replace(asked: ApiRequest, send: Send): Promise<Exchange> {
		const { path, body } = this.actualRequest(asked);
		const read = await send({ method: 'GET', path });
		const { response } = read.outcome;
		const { data: record } = (response && answerIn('GET', response)) ?? {};
		// The change itself was not sent.
		const kind = /^(ok|unclear)$/.test(read.outcome.class) ? 'refused' : read.outcome.class;
		if (!isRecord(record)) return { ...read, outcome: { ...read.outcome, class: kind } };
		const kept = Object.entries(record).filter(([name]) => !facts.readOnlyFields.includes(name));
		const whole = { ...Object.fromEntries(kept), ...body } as IDataObject;
		return await send({ method: 'PUT', path, body: whole });
	}

	private async tryOtherPost(asked: ApiRequest, _: Exchange, send: Send) {
		const { method, path } = asked;
		const others = facts.otherPostPaths[path];
		if (method !== 'POST' || !others) return undefined;
		const used = this.posts.get(path) ?? path;
		for (const pattern of [path, ...others].filter((other) => other !== used)) {
			const request = this.actualRequest({ ...asked, path: pattern });
			const answer = await this.probe(path, request, send);
			if (!answer) continue;
			if (!isMissing(answer) && isProof(answer)) this.posts.set(path, pattern);
			if (!isMissing(answer)) return answer;
			// Whether a 404 is about the path or about the record above it, reading that record shows.
			const [, owner] = /^(\/[^/]+\/[^/]+)\//.exec(pattern.includes('{') ? request.path : '') ?? [];
			if (owner === undefined) continue;
			const record = await this.probe(path, { method: 'GET', path: owner }, send);
			if (!record || isMissing(record)) return undefined;
		}
		return undefined;
	}
}

/** The list that a path belongs to: `/users` for `/users/user_1`. */
function listOf(path: string): string {
	return /^\/[^/]*/.exec(path)?.[0] ?? path;
}
