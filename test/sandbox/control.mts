import express, { Router, type ErrorRequestHandler, type Response } from 'express';
import { z, ZodError } from 'zod';
import type { Sandbox } from './sandbox.mts';
import { controlSchema } from './settings.mts';
import type { Resizable } from './store.mts';

const WELCOME = `This is the Vizdom sandbox: a local stand-in of the Vizdom API.

API       /v1, with the header "Authorization: Bearer <key>"
Control   GET /sandbox, PATCH /sandbox, POST /sandbox/reset, GET /sandbox/requests,
          POST /sandbox/users/{id}/accept (what an invited person does)
`;

function overview({ settings, faults, requests, store }: Sandbox) {
	const counts = {
		dashboards: store.dashboards.size,
		dataSources: store.dataSources.size,
		users: store.users.size,
		exports: store.exports.size,
		requests: requests.length,
	};
	return { settings, faults, counts };
}

/** Checks everything first, so that a refused change changes nothing. */
function change(sandbox: Sandbox, body: unknown): void {
	const { settings, faults, records } = controlSchema.parse(body);
	Object.assign(sandbox.settings, settings);
	if (faults) sandbox.faults.splice(0, Infinity, ...faults);
	for (const [kind, size] of Object.entries(records)) {
		sandbox.store.resize(kind as Resizable, size);
	}
}

function messageOf(error: Error): string {
	if (!(error instanceof ZodError)) return error.message;
	return error.issues
		.map(({ path, message }) => `${['body', ...path].join('.')}: ${message}`)
		.join('; ');
}

/** For a terminal, too: JSON itself escapes the control characters up to U+001F only. */
function send(res: Response, value: unknown): void {
	const escape = (char: string) => `\\u00${char.charCodeAt(0).toString(16)}`;
	res.type('json').send(JSON.stringify(value).replace(/[\x7f-\x9f]/g, escape));
}

const refuse: ErrorRequestHandler = (error, _req, res, _next) => {
	send(res.status(400), { error: { message: messageOf(error) } });
};

/** Outside /v1 and without a key: controls a running sandbox from elsewhere. */
export function control(sandbox: Sandbox): Router {
	const router = Router();
	const json = express.json({ type: () => true });
	router.get('/', (_req, res) => {
		res.type('text/plain').send(WELCOME);
	});
	router.get('/sandbox', (_req, res) => {
		send(res, overview(sandbox));
	});
	router.patch('/sandbox', json, (req, res) => {
		change(sandbox, req.body);
		send(res, overview(sandbox));
	});
	router.post('/sandbox/reset', (_req, res) => {
		sandbox.reset();
		send(res, overview(sandbox));
	});
	router.get('/sandbox/requests', (_req, res) => {
		send(res, sandbox.requests);
	});
	router.post('/sandbox/users/:id/accept', json, (req, res) => {
		const acceptance = z.object({ name: z.string().default('New Member') }).default({});
		const { name } = acceptance.parse(req.body);
		const user = sandbox.store.acceptInvitation(String(req.params.id), name);
		if (!user) throw new Error(`There is no user ${req.params.id}.`);
		send(res, user);
	});
	router.use('/sandbox', (req, res) => {
		send(res.status(404), { error: { message: `There is no ${req.method} ${req.originalUrl}.` } });
	});
	router.use(refuse);
	return router;
}
