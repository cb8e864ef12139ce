import { Router, type Request, type Response } from 'express';
import type {
	DashboardCreate,
	DashboardUpdate,
	DataSourceCreate,
	DataSourceUpdate,
	User,
	UserInvite,
	UserUpdate,
} from '../../nodes/shared/vizdom/vizdom-api.d.ts';
import { ApiError, notFound } from './api-error.mts';
import type { Sandbox } from './sandbox.mts';
import type { Collection } from './store.mts';
import { timestamp } from './time.mts';

export type IdRequest = Request<{ id: string }>;

export function findOr404<T extends { id: string }>(
	collection: Collection<T>,
	resource: string,
	id: string,
): T {
	const record = collection.find(id);
	if (!record) throw notFound(resource, id);
	return record;
}

export function sendPage<T extends { id: string }>(
	sandbox: Sandbox,
	collection: Collection<T>,
	req: Request,
	res: Response,
	present: (record: T) => unknown = (record) => record,
): void {
	const limit = Math.min(Number(req.query.limit), sandbox.settings.maxPageSize);
	const { data, total } = collection.page(Number(req.query.offset), limit);
	res.json({ data: data.map(present), meta: { total } });
}

function update<T extends object>(record: T, changes: Partial<T>): T {
	return Object.assign(record, changes, { updated_at: timestamp() });
}

export function dashboards(sandbox: Sandbox): Router {
	const { dashboards: collection } = sandbox.store;
	const find = (req: IdRequest) => findOr404(collection, 'Dashboard', req.params.id);
	const router = Router({ strict: true, caseSensitive: true });
	router.get('/dashboards', (req, res) => sendPage(sandbox, collection, req, res));
	router.post('/dashboards', (req, res) => {
		const { name, description = '' } = req.body as DashboardCreate;
		const data = sandbox.store.insertDashboard(undefined, { name, description });
		res.status(201).json({ data });
	});
	router.get('/dashboards/:id', (req: IdRequest, res) => {
		res.json({ data: find(req) });
	});
	router.patch('/dashboards/:id', (req: IdRequest, res) => {
		res.json({ data: update(find(req), req.body as DashboardUpdate) });
	});
	router.delete('/dashboards/:id', (req: IdRequest, res) => {
		collection.remove(find(req).id);
		res.status(204).end();
	});
	return router;
}

export function dataSources(sandbox: Sandbox): Router {
	const { store } = sandbox;
	const { dataSources: collection } = store;
	const find = (req: IdRequest) => findOr404(collection, 'Data source', req.params.id);
	const router = Router({ strict: true, caseSensitive: true });
	router.get('/data-sources', (req, res) => sendPage(sandbox, collection, req, res));
	router.post('/data-sources', (req, res) => {
		const { name, type, config } = req.body as DataSourceCreate;
		res.status(201).json({ data: store.insertDataSource({ name, type }, config) });
	});
	router.get('/data-sources/:id', (req: IdRequest, res) => {
		res.json({ data: find(req) });
	});
	router.patch('/data-sources/:id', (req: IdRequest, res) => {
		const dataSource = find(req);
		const { config, ...changes } = req.body as DataSourceUpdate;
		if (config) store.setConfig(dataSource.id, config);
		res.json({ data: update(dataSource, changes) });
	});
	router.delete('/data-sources/:id', (req: IdRequest, res) => {
		collection.remove(find(req).id);
		res.status(204).end();
	});
	return router;
}

export function users(sandbox: Sandbox): Router {
	const { store } = sandbox;
	const { users: collection } = store;
	const find = (req: IdRequest) => findOr404(collection, 'User', req.params.id);
	const router = Router({ strict: true, caseSensitive: true });
	router.get('/users', (req, res) => sendPage(sandbox, collection, req, res));
	router.post('/users/invite', (req, res) => {
		const { email, role } = req.body as UserInvite;
		refuseMember(collection.all, email);
		res.status(201).json({ data: store.inviteUser(email, role) });
	});
	router.get('/users/:id', (req: IdRequest, res) => {
		res.json({ data: find(req) });
	});
	router.patch('/users/:id', (req: IdRequest, res) => {
		const user = find(req);
		if (store.isOwner(user)) throw new ApiError(403, "The owner's role cannot be changed.");
		res.json({ data: update(user, req.body as UserUpdate) });
	});
	router.delete('/users/:id', (req: IdRequest, res) => {
		const user = find(req);
		if (store.isOwner(user)) throw new ApiError(403, 'The owner cannot be removed.');
		collection.remove(user.id);
		res.status(204).end();
	});
	return router;
}

function refuseMember(members: readonly User[], email: string): void {
	const known = email.toLowerCase();
	if (!members.some((member) => member.email.toLowerCase() === known)) return;
	const message = 'belongs to a member or to an open invitation';
	throw new ApiError(422, `Validation failed: email ${message}.`, {
		details: [{ field: 'email', message }],
	});
}
