import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Credential } from '../engine.mts';

/** A request as received. */
export interface Arrived {
	method: string;
	/** With the query, still encoded */
	path: string;
	headers: IncomingHttpHeaders;
	body: string;
	/** performance.now() */
	at: number;
}

/** The reply to a request: a response, or bytes (or none) written to the connection. */
export type Reply = (response: ServerResponse, socket: Socket) => void;

export interface FaultyServer {
	origin: string;
	/** With its own key, so that no two servers share a rate window */
	credential: Credential;
	requests: Arrived[];
	/** How many requests arrived, by method */
	sent(): Record<string, number>;
	close(): void;
}

let keys = 0;

/** A server on this machine that answers each request as a test says. */
export async function startServer(
	replyTo: (request: Arrived) => Reply,
	port = 0,
): Promise<FaultyServer> {
	const requests: Arrived[] = [];
	const server = createServer((incoming, response) => {
		void arrived(incoming).then((request) => {
			requests.push(request);
			replyTo(request)(response, incoming.socket);
		});
	});
	await new Promise<void>((listening, failed) => {
		server.once('error', failed).listen(port, '127.0.0.1', listening);
	});
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		origin,
		credential: { apiKey: `secret-key-${++keys}-of-this-test`, baseUrl: `${origin}/v1` },
		requests,
		sent: () => countByMethod(requests),
		close: () => {
			server.close();
			server.closeAllConnections();
		},
	};
}

async function arrived(incoming: IncomingMessage): Promise<Arrived> {
	const { method = '', url: path = '', headers } = incoming;
	const at = performance.now();
	return { method, path, headers, body: await text(incoming), at };
}

function countByMethod(requests: Arrived[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { method } of requests) counts[method] = (counts[method] ?? 0) + 1;
	return counts;
}

/** The replies in order; the last one repeats. */
export function inTurn<T>(replies: readonly T[]): () => T {
	let next = 0;
	return () => replies[Math.min(next++, replies.length - 1)] as T;
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
	return content(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
}

export function html(status: number, body: string): Reply {
	return content(status, body, { 'content-type': 'text/html; charset=utf-8' });
}

export function content(status: number, body: string, headers: Record<string, string> = {}): Reply {
	return (response) => response.writeHead(status, headers).end(body);
}

/** An error as Vizdom words it. */
export function refusal(status: number, message: string, headers?: Record<string, string>): Reply {
	return json(status, { error: { code: `code_${status}`, message } }, headers);
}

/** Bytes to write unchanged, and what happens to the connection then. */
export function bytes(written: string, then: 'reset' | 'end' | 'stall'): Reply {
	return (_, socket) => {
		const done = () => {
			if (then === 'reset') socket.resetAndDestroy();
			if (then === 'end') socket.end();
		};
		if (written === '') done();
		// Long enough for the bytes to be read before the reset, which would discard them.
		else socket.write(written, () => setTimeout(done, 50));
	};
}
