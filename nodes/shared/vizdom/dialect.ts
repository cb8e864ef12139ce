import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';
import { Allowance } from '../http/allowance';
import { Locks } from '../http/locks';
import { isBadRequest } from '../http/outcome';
import type { Exchange } from '../http/send';
import { answerIn, isRecord } from './envelope';
import { hasWord, isList, isMissing, isPassing, isProof } from './evidence';
import * as facts from './facts';
import { LearnedPaging } from './learnedPaging';

/** A request, as the API is assumed to take it or as the server does. */
export interface Way {
	method: IHttpRequestMethods;
	path: string;
	query?: IDataObject;
	body?: IDataObject;
}

type Send = (way: Way) => Promise<Exchange>;

/**
 * How the server at an origin differs from what is assumed of it, as far as its answers prove it.
 * Kept for the life of the process, and shared by all that goes on in it.
 */
export class Dialect {
	readonly paging = new LearnedPaging();
	readonly locks = new Locks();
	filePaths = facts.filePaths; // to be tried for an export's file
	missingFiles = 0; // exports that had none there
	private readonly tried: string[] = []; // whatever was asked to learn something
	private readonly allowances = new Map<string, Allowance>(); // by what is to be learned
	private hasNumericIds?: boolean;
	private updateMethod: 'PATCH' | 'PUT' = 'PATCH';
	private readonly lists = new Map<string, string>(); // that have answered, by their assumed paths
	private readonly posts = new Map<string, string>(); // that go elsewhere, by their assumed paths

	/**
	 * Sends a request the way that is known, and another way if the answer proves that there is none.
	 * @returns the answer to the last one, or to the first if no other way is known
	 */
	async route(asked: Way, signal: AbortSignal, send: Send): Promise<Exchange> {
		const { method, path } = asked;
		const hasOtherPath = facts.otherPostPaths[path] ?? facts.otherListPaths[listOf(path)];
		if (method !== 'PATCH' && !hasOtherPath) return await this.find(asked, signal, send);
		const kind = method === 'PATCH' ? method : method === 'POST' ? `POST ${path}` : listOf(path);
		return await this.locks.runFirst(
			kind,
			signal,
			async () => await this.find(asked, signal, send),
		);
	}

	private async find(asked: Way, signal: AbortSignal, send: Send): Promise<Exchange> {
		await this.learnIds(asked, signal, send);
		const used = this.wayOf(asked);
		const { updateMethod } = this;
		const first = await this.sendAsKnown(asked, send);
		this.note(asked, first);
		if (!this.isNoWay(asked, first)) return first;
		return await this.locks.runExclusive(listOf(asked.path), signal, async () => {
			const isKnown = this.wayOf(asked).path !== used.path || this.updateMethod !== updateMethod;
			if (isKnown) return await this.sendAsKnown(asked, send);
			let last = first;
			for (const other of [this.otherList, this.otherMethod, this.otherPost]) {
				last = (await other.call(this, asked, last, send)) ?? last;
				this.note(asked, last);
				if (!this.isNoWay(asked, last)) return last;
			}
			return { ...first, tried: this.tried };
		});
	}

	/** Sends what is to teach something; undefined if that is known, or has been done often enough. */
	private async attempt(about: string, way: Way, send: Send): Promise<Exchange | undefined> {
		const allowance = this.allowances.get(about) ?? new Allowance();
		this.allowances.set(about, allowance);
		const line = `${way.method} ${way.path}`;
		const ask = async () => {
			if (!this.tried.includes(line)) this.tried.push(line);
			return await send(way);
		};
		return await allowance.spend(line, ask, isPassing);
	}

	private wayOf({ method, path, query, body }: Way): Way {
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

	/** The path that the server has in place of an assumed one. */
	actualPath(path: string): string {
		const list = listOf(path);
		return (this.lists.get(list) ?? list) + path.slice(list.length);
	}

	private async sendAsKnown(asked: Way, send: Send): Promise<Exchange> {
		const isReplaced = asked.method === 'PATCH' && this.updateMethod === 'PUT';
		return isReplaced ? await this.replace(asked, send) : await send(this.wayOf(asked));
	}

	/** Takes note of what an answer shows by the way. */
	private note({ method, path }: Way, { outcome }: Exchange): void {
		const { response, class: kind } = outcome;
		const list = listOf(path);
		const isOk = kind === 'ok';
		const exists = isOk || isBadRequest(response?.statusCode);
		// One that went elsewhere tells nothing of the list.
		if (exists && !this.lists.has(list) && !this.posts.has(path)) this.lists.set(list, list);
		const { data } = (isOk && response && answerIn(method, response)) || {};
		const [record]: unknown[] = Array.isArray(data) ? data : [data];
		const { id } = list === facts.paths.dashboards && isRecord(record) ? record : {};
		if (id !== undefined) this.hasNumericIds = typeof id === 'number';
	}

	/** Whether an answer proves that the server has no such path or method, and that nothing was done. */
	private isNoWay({ method, path, body }: Way, answer: Exchange): boolean {
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

	private async learnIds({ body }: Way, signal: AbortSignal, send: Send): Promise<void> {
		const id = body?.dashboard_id;
		if (this.hasNumericIds !== undefined || typeof id !== 'string' || !/^\d+$/.test(id)) return;
		const asked: Way = { method: 'GET', path: facts.recordPath(facts.paths.dashboard, id) };
		const ask = async () => await this.attempt('IDs', asked, send);
		const answer = await this.locks.runExclusive('IDs', signal, ask);
		if (answer) this.note(asked, answer);
	}

	private async otherList(asked: Way, { outcome }: Exchange, send: Send) {
		const list = listOf(asked.path);
		const others = facts.otherListPaths[list];
		const isRead = asked.method === 'GET' && asked.path === list;
		if (!others || (!isRead && outcome.response?.statusCode === 405)) return undefined;
		const used = this.lists.get(list) ?? list;
		if (asked.path !== list || (!isRead && facts.otherPostPaths[list])) {
			// Whether it is the path of the list, the list itself tells.
			const answer = await this.attempt(list, { method: 'GET', path: used }, send);
			if (answer) this.note({ method: 'GET', path: list }, answer);
			if (answer && !isMissing(answer)) return undefined;
		}
		for (const path of [list, ...others].filter((other) => other !== used)) {
			const way: Way = { method: 'GET', path, query: isRead ? asked.query : undefined };
			const answer = await this.attempt(list, way, send);
			if (answer && isPassing(answer)) return undefined;
			if (!answer || !isList(answer)) continue;
			this.lists.set(list, path);
			this.allowances.delete(list);
			return isRead ? answer : await this.sendAsKnown(asked, send);
		}
		return undefined;
	}

	private async otherMethod(asked: Way, { outcome: { response } }: Exchange, send: Send) {
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

	/** PUT replaces a record (RFC 9110, 9.3.4): whatever is not to be changed is sent as it is shown. */
	private async replace(asked: Way, send: Send): Promise<Exchange> {
		const { path, body } = this.wayOf(asked);
		const read = await send({ method: 'GET', path });
		const { response } = read.outcome;
		const { data: record } = (response && answerIn('GET', response)) ?? {};
		// An answer to the reading is none to the change.
		const kind = /^(ok|unclear)$/.test(read.outcome.class) ? 'refused' : read.outcome.class;
		if (!isRecord(record)) return { ...read, outcome: { ...read.outcome, class: kind } };
		const kept = Object.entries(record).filter(([name]) => !facts.readOnlyFields.includes(name));
		const whole = { ...Object.fromEntries(kept), ...body } as IDataObject;
		return await send({ method: 'PUT', path, body: whole });
	}

	private async otherPost(asked: Way, _: Exchange, send: Send) {
		const { method, path } = asked;
		const others = facts.otherPostPaths[path];
		if (method !== 'POST' || !others) return undefined;
		const used = this.posts.get(path) ?? path;
		for (const pattern of [path, ...others].filter((other) => other !== used)) {
			const way = this.wayOf({ ...asked, path: pattern });
			const answer = await this.attempt(path, way, send);
			if (!answer) continue;
			if (!isMissing(answer) && isProof(answer)) this.posts.set(path, pattern);
			if (!isMissing(answer)) return answer;
			// Whether a 404 is about the path, or about the record that it is below, that record tells.
			const [, owner] = /^(\/[^/]+\/[^/]+)\//.exec(pattern.includes('{') ? way.path : '') ?? [];
			if (owner === undefined) continue;
			const record = await this.attempt(path, { method: 'GET', path: owner }, send);
			if (!record || isMissing(record)) return undefined;
		}
		return undefined;
	}
}

/** The assumed path of the list that a path is of: `/users` for `/users/user_1`. */
function listOf(path: string): string {
	return /^\/[^/]*/.exec(path)?.[0] ?? path;
}
