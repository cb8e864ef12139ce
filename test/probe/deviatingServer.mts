import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios, { type AxiosResponse } from 'axios';
import express, { type Request, type Response } from 'express';
import type { Sandbox } from '../sandbox/server.mts';

export interface Body {
	data?: unknown;
	meta?: { total: number };
	error?: { code: string; message: string };
}

/** How a server in front of the sandbox deviates from it. */
export interface Deviations {
	/** Names of the parameters for size and place; `from` is the number of the first page, where pages are counted */
	paging?: { size: string; place: string; from?: number };
	/** Where the data sources are instead */
	dataSources?: string;
	headers?: Record<string, string>;
	/** Makes another body of JSON */
	body?: (body: Body, status: number) => unknown;
}

interface DeviatingServer {
	baseUrl: string;
	close(): void;
}

const defaultSize = 20;

/** Passes reads on to the sandbox. */
export async function startDeviating(
	sandbox: Sandbox,
	deviations: Deviations,
): Promise<DeviatingServer> {
	const app = express().disable('x-powered-by');
	app.get('/v1/{*path}', async (req, res) => {
		send(res, await passOn(sandbox, req, deviations), deviations);
	});
	const server = createServer(app);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const close = () => {
		server.close();
		server.closeAllConnections();
	};
	return { baseUrl: `http://127.0.0.1:${port}/v1`, close };
}

function isList({ path }: Request): boolean {
	return /^\/v1\/[\w-]+$/.test(path);
}

async function passOn(
	{ origin }: Sandbox,
	req: Request,
	{ paging, dataSources }: Deviations,
): Promise<AxiosResponse<Buffer>> {
	const { path, query } = req;
	const { authorization, host } = req.headers;
	return await axios.get<Buffer>(origin + pathBehind(path, dataSources), {
		params: paging && isList(req) ? pagingBehind(query, paging) : query,
		headers: { authorization, host },
		responseType: 'arraybuffer',
		validateStatus: () => true,
		proxy: false,
	});
}

function pathBehind(path: string, dataSources?: string): string {
	if (!dataSources) return path;
	const there = '/v1/data-sources';
	return path.replace(there, '/v1/none').replace(`/v1${dataSources}`, there);
}

function pagingBehind(
	query: Request['query'],
	{ size, place, from }: NonNullable<Deviations['paging']>,
): Record<string, number> {
	const limit = Number(query[size] ?? defaultSize);
	const asked = Number(query[place] ?? from ?? 0);
	return { limit, offset: from === undefined ? asked : Math.max(0, asked - from) * limit };
}

function send(
	res: Response,
	{ status, headers, data }: AxiosResponse<Buffer>,
	deviations: Deviations,
): void {
	const type = String(headers['content-type']);
	res
		.set(deviations.headers ?? {})
		.status(status)
		.type(type);
	if (!deviations.body || !type.startsWith('application/json')) res.send(data);
	else res.json(deviations.body(JSON.parse(data.toString()) as Body, status));
}
