import express, { Router, type ErrorRequestHandler } from 'express';
import type { Sandbox } from './sandbox.mts';
import { applyControl, ControlError } from './control-validation.mts';

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

const sendControlError: ErrorRequestHandler = (error, _req, res, next) => {
	const known = error instanceof ControlError || error?.type === 'entity.parse.failed';
	if (known) res.status(400).json({ error: { message: String(error.message) } });
	else next(error);
};

/** Outside /v1 and without a key: how a running sandbox is set from elsewhere. */
export function control(sandbox: Sandbox): Router {
	const router = Router();
	router.get('/', (_req, res) => {
		res.type('text/plain').send(WELCOME);
	});
	router.get('/sandbox', (_req, res) => {
		res.json(overview(sandbox));
	});
	router.patch('/sandbox', express.json({ type: () => true }), (req, res) => {
		applyControl(sandbox, req.body);
		res.json(overview(sandbox));
	});
	router.post('/sandbox/reset', (_req, res) => {
		sandbox.reset();
		res.json(overview(sandbox));
	});
	router.post('/sandbox/users/:id/accept', express.json({ type: () => true }), (req, res) => {
		const { name = 'New Member' } = (req.body ?? {}) as { name?: string };
		const user = sandbox.store.acceptInvitation(req.params.id as string, name);
		if (!user) throw new ControlError(`There is no user ${req.params.id}.`);
		res.json(user);
	});
	router.get('/sandbox/requests', (_req, res) => {
		res.json(sandbox.requests);
	});
	router.use('/sandbox', (req, res) => {
		res.status(404).json({ error: { message: `There is no ${req.method} ${req.originalUrl}.` } });
	});
	router.use(sendControlError);
	return router;
}
