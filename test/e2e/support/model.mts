import express from 'express';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LOOPBACK } from '../../n8n/ports.mts';
import type { CleanUp } from './cleanUp.mts';

interface Tool {
	name: string;
	description: string;
	parameters: Record<string, unknown>;
}

/** One request to the model. */
export interface Seen {
	tools: Tool[];
	/** The results of the tools called so far, oldest first. */
	results: unknown[];
}

/** The model's answer: a text or a tool call. */
export type Reply = string | { tool: string; input: Record<string, unknown> };

/** A language model that follows a script. */
export interface ScriptedModel {
	/** The base URL for n8n's OpenAI credential. */
	url: string;
	requests: Seen[];
	script: (results: unknown[]) => Reply;
}

/** The parts of OpenAI's Chat Completions API that are used here. */
interface ChatRequest {
	messages: Array<{ role: string; content: string }>;
	tools?: Array<{ function: Tool }>;
}

export async function startModel(cleanUp: CleanUp): Promise<ScriptedModel> {
	const model: ScriptedModel = { url: '', requests: [], script: () => 'There is no script.' };
	const app = express();
	app.post('/v1/chat/completions', express.json({ limit: '5mb' }), (req, res) => {
		const seen = seenIn(req.body as ChatRequest);
		model.requests.push(seen);
		res.json(completion(model.script(seen.results), model.requests.length));
	});
	const server = createServer(app);
	await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
	cleanUp(async () => {
		const closed = new Promise((resolve) => server.close(resolve));
		server.closeAllConnections();
		await closed;
	});
	model.url = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}/v1`;
	return model;
}

function seenIn({ messages, tools = [] }: ChatRequest): Seen {
	const results = messages.filter(({ role }) => role === 'tool');
	return {
		tools: tools.map((tool) => tool.function),
		results: results.map(({ content }) => JSON.parse(content) as unknown),
	};
}

function completion(reply: Reply, count: number) {
	return {
		id: `chatcmpl-${count}`,
		object: 'chat.completion',
		created: Math.floor(Date.now() / 1000),
		model: 'scripted',
		choices: [{ index: 0, ...choice(reply, count) }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}

function choice(reply: Reply, count: number) {
	if (typeof reply === 'string') {
		return { finish_reason: 'stop', message: { role: 'assistant', content: reply } };
	}
	const call = { name: reply.tool, arguments: JSON.stringify(reply.input) };
	const toolCalls = [{ id: `call_${count}`, type: 'function', function: call }];
	const message = { role: 'assistant', content: null, tool_calls: toolCalls };
	return { finish_reason: 'tool_calls', message };
}
